using System.Net;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Operations.Meters;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Operations;

public sealed class MeterTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 10, 20, 0, TimeSpan.Zero);

    [Fact]
    public void A_source_is_silent_when_it_sent_before_and_nothing_of_it_was_accepted_in_a_day()
    {
        var days = new Dictionary<DateOnly, DayMeter>();
        Count(days, Now.AddHours(-1), "shop", "accepted", 5);
        Count(days, Now.AddHours(-1), "shop", "noIdentity", 2);
        Count(days, Now.AddHours(-23).AddMinutes(-21), "shop", "accepted", 100); // the hour before the day
        Count(days, Now.AddDays(-2), "blog", "accepted", 7);
        Count(days, Now.AddHours(-1), "blog", "originNotAllowed", 3);
        Count(days, Now.AddHours(-1), "none", "unknownSource", 1);
        Count(days, Now.AddDays(-31), "shop", "accepted", 1_000); // too long ago

        var meters = SourceMeters.Of(days, Now);

        Assert.Equal((Now.AddDays(-2).AddMinutes(-20), Now.AddHours(-23).AddMinutes(-20)), (meters.Since, meters.Day));
        Assert.Equal(["blog", null, "shop"], meters.Items.Select(item => item.Source));
        var (blog, unknown, shop) = (meters.Items[0], meters.Items[1], meters.Items[2]);
        Assert.Equal((0, 7, 3, Now.AddDays(-2), Now.AddDays(-2)), (blog.Day.Accepted, blog.Month.Accepted, blog.Day.Refused["originNotAllowed"], blog.LastAccepted, blog.SilentSince));
        Assert.Equal((0, 1, (DateTimeOffset?)null, (DateTimeOffset?)null), (unknown.Day.Accepted, unknown.Month.Refused["unknownSource"], unknown.LastAccepted, unknown.SilentSince));
        Assert.Equal((5, 105, 2, Now.AddHours(-1), (DateTimeOffset?)null), (shop.Day.Accepted, shop.Month.Accepted, shop.Month.Refused["noIdentity"], shop.LastAccepted, shop.SilentSince));
    }

    [Fact]
    public void What_instances_counted_apart_adds_up_and_survives_its_row()
    {
        var (one, other) = (new Dictionary<DateOnly, DayMeter>(), new Dictionary<DateOnly, DayMeter>());
        Count(one, Now, "shop", "accepted", 1);
        Count(other, Now.AddMinutes(5), "shop", "accepted", 2);
        Count(other, Now.AddHours(2), "shop", "bot", 4);
        var day = DateOnly.FromDateTime(Now.UtcDateTime);
        one[day].At(10).Add(StorageService.Queues, new(10, 200, 300));
        other[day].At(10).Add(StorageService.Queues, new(1, 2, 3));

        one[day].Join(JsonSerializer.Deserialize(JsonSerializer.Serialize(other[day], MetersJson.Default.DayMeter), MetersJson.Default.DayMeter)!); // it was written just now

        var shop = Assert.Single(SourceMeters.Of(one, Now.AddHours(3)).Items);
        Assert.Equal((3, 4, Now.AddMinutes(5)), (shop.Day.Accepted, shop.Day.Refused["bot"], shop.LastAccepted));
        Assert.Equal(new StorageUse(11, 202, 303), one[day].Hours[10].Storage[StorageService.Queues]);
    }

    [Fact]
    public void Money_is_of_the_transactions_whose_price_is_known_and_of_no_others()
    {
        var day = DayMeter.Empty;
        day.At(1).Add(StorageService.Tables, new(50_000, 0, 0));
        day.At(2).Add(StorageService.Tables, new(50_000, 0, 0));
        day.At(2).Add(StorageService.Blobs, new(10_000, 0, 0));
        var days = new Dictionary<DateOnly, DayMeter> { [new(2026, 6, 1)] = day, [new(2026, 6, 2)] = DayMeter.Empty };

        var priced = StorageMeters.Of(days, new PricesOptions { Currency = "EUR", Tables = 0.05m, Queues = 1 }, Now);
        Assert.Equal((110_000, 0.5m, "EUR"), (Assert.Single(priced.Days).Transactions, priced.Days[0].Money, priced.Currency));

        var free = StorageMeters.Of(days, new PricesOptions(), Now);
        Assert.Equal((null, null, (decimal?)null), (free.Currency, free.Prices, free.Days[0].Money));
        Assert.True(new PricesOptions().IsValid);
        Assert.False(new PricesOptions { Tables = 1 }.IsValid);
        Assert.False(new PricesOptions { Tables = -1, Currency = "EUR" }.IsValid);
    }

    [Fact]
    public async Task What_is_old_goes_before_a_new_day_is_written_so_that_what_is_written_has_not_failed()
    {
        var account = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await account.Table(MeterTable.Name).CreateIfNotExistsAsync();
        var (table, today) = (new MeterTable(account), DateOnly.FromDateTime(Now.UtcDateTime));
        var old = today.AddDays(-MeterTable.KeptDays - 1);
        Assert.True(await table.WriteAsync([(today, DayMeter.Empty, null), (old, DayMeter.Empty, null)], default));
        Assert.Equal(2, (await table.ReadSinceAsync(old, default)).Count);

        Assert.False(await table.WriteAsync([(today, DayMeter.Empty, null)], default)); // another instance was quicker
        Assert.Equal([today], (await table.ReadSinceAsync(old, default)).Keys);
    }

    private static void Count(Dictionary<DateOnly, DayMeter> days, DateTimeOffset at, string source, string outcome, long events)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        days.TryAdd(day, DayMeter.Empty);
        days[day].At(at.UtcDateTime.Hour).Add(source, outcome, events, outcome == "accepted" ? at : null);
    }
}

[Collection(nameof(OneManagedApp))]
public sealed class MeterAppTests(SharedApp shared)
{
    [Fact]
    public async Task What_came_in_by_a_source_is_counted_with_why_it_was_refused_whether_it_is_written_down_yet_or_not()
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/sources/metered", """{"name":"Metered","allowedOrigins":["https://metered.example"]}""");
        var key = (await app.PostAsync("/api/sources/metered/keys", "")).Json.GetProperty("key").GetString()!; // it is answered
        await SendAsync(app, key, """{"type":"track","userId":"metered-ann","event":"Metered","messageId":"m1"}""");
        await SendAsync(app, key, """{"batch":[{"type":"track","userId":"metered-ann","event":"Metered","messageId":"m2"},{"type":"track","event":"Of Nobody"}]}""");

        var first = await MeteredAsync(app);
        Assert.Equal((2, 1), (Accepted(first, "day"), Refused(first, "day", "noIdentity")));
        Assert.Equal((true, false), (first.TryGetProperty("lastAccepted", out _), first.TryGetProperty("silentSince", out _)));

        await SendAsync(app, key, """{"type":"page","anonymousId":"metered","messageId":"m3"}""", "https://elsewhere.example");
        var then = await MeteredAsync(app);
        Assert.Equal((2, 1, 1), (Accepted(then, "month"), Refused(then, "month", "noIdentity"), Refused(then, "month", "originNotAllowed")));

        var storage = (await app.GetAsync("/api/meters/storage")).Json;
        var today = storage.GetProperty("days")[0];
        Assert.True(today.GetProperty("services").GetProperty("tables").GetProperty("transactions").GetInt64() > 10 && today.GetProperty("services").GetProperty("queues").GetProperty("sent").GetInt64() > 100, storage.GetRawText());
        Assert.False(storage.TryGetProperty("currency", out _));
    }

    [Fact]
    public async Task What_instances_counted_is_written_down_together_and_none_hears_what_comes_to_another()
    {
        await using var app = shared.Borrow();
        List<IServiceProvider> instances = [app.NewServices(), app.NewServices()];
        var watches = instances.ConvertAll(instance => instance.GetRequiredService<MeterWatch>()); // they listen from here on
        instances[0].GetRequiredService<IngestMetrics>().Count(Outcome.Accepted, "written", 3);
        instances[1].GetRequiredService<IngestMetrics>().Count(Outcome.Accepted, "written", 4);
        instances[1].GetRequiredService<IngestMetrics>().Count(Outcome.Bot, "written");

        await Task.WhenAll(watches.Select(watch => watch.WriteAsync(CancellationToken.None)));
        await watches[0].WriteAsync(CancellationToken.None); // nothing is counted twice

        var written = await MeteredAsync(app, "written");
        Assert.Equal((7, 1), (Accepted(written, "day"), Refused(written, "day", "bot")));
    }

    [Fact]
    public async Task What_a_role_may_is_what_its_key_gets()
    {
        await using var app = shared.Borrow();
        var roles = (await app.GetAsync("/api/roles")).Json;
        var key = (await app.PostAsync("/api/keys", """{"name":"Sales of roles","scopes":["sales"]}""")).Json.GetProperty("key").GetString();
        var gets = roles.GetProperty("routes").EnumerateArray().Where(route => route.GetProperty("method").GetString() == "GET" && !route.GetProperty("path").GetString()!.Contains('{', StringComparison.Ordinal)).ToList(); // it has one

        foreach (var (route, may) in gets.Select(route => (route, May: route.GetProperty("roles").EnumerateArray().Any(role => role.GetString() == "sales"))).Where((one, place) => !one.May || place % 5 == 0))
        {
            var answer = await app.GetAsync(route.GetProperty("path").GetString()!, key); // likewise
            Assert.True(may == (answer.Status != HttpStatusCode.Forbidden), $"{route.GetRawText()}: {answer.Status}");
        }

        Assert.True(gets.Count > 30 && gets.Exists(route => route.GetProperty("roles").GetArrayLength() == 1), $"{gets.Count}");
        Assert.Equal(RouteScopes.AllRoutes().Where(route => route.Scopes is not null).Sum(route => route.Methods.Count), roles.GetProperty("routes").GetArrayLength());
        Assert.All(roles.GetProperty("routes").EnumerateArray(), route => Assert.NotEqual("", route.GetProperty("summary").GetString()));
        Assert.Equal(["admin"], roles.GetProperty("you").GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Fact]
    public async Task What_waits_is_told_with_since_when()
    {
        await using var app = shared.Borrow();
        await app.SettleAsync();

        var still = (await app.GetAsync("/api/freshness")).Json;
        Assert.All(still.GetProperty("queues").EnumerateArray(), queue => Assert.Equal(0, queue.GetProperty("waiting").GetInt32()));
        Assert.Contains("lead-events", still.GetProperty("queues").EnumerateArray().Select(queue => queue.GetProperty("queue").GetString()));
        Assert.False(still.TryGetProperty("leadsDueSince", out _));
        await app.GetAsync("/api/reports/new-leads");
        Assert.True((await app.GetAsync("/api/freshness")).Json.TryGetProperty("figuresThrough", out _));
    }

    private static async Task<JsonElement> MeteredAsync(TestApp app, string source = "metered") =>
        (await app.GetAsync("/api/meters/sources")).Json.GetProperty("items").EnumerateArray().Single(item => item.TryGetProperty("source", out var name) && name.GetString() == source);

    private static long Accepted(JsonElement item, string window) => item.GetProperty(window).GetProperty("accepted").GetInt64();

    private static long Refused(JsonElement item, string window, string reason) => item.GetProperty(window).GetProperty("refused").GetProperty(reason).GetInt64();

    private static async Task SendAsync(TestApp app, string key, string body, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent(body), Headers = { { "Authorization", $"Bearer {key}" } } };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await app.Client.SendAsync(request);
    }
}
