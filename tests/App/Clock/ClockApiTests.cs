using System.Globalization;
using System.Net;
using System.Text.Json;
using LeadFunctions.Clock;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Clock;

/// <summary>The clock as people and tests move it, on the real engine.</summary>
public sealed class ClockApiTests(RealClockApp real, ITestOutputHelper output) : IClassFixture<RealClockApp>
{
    private const int Waits = 15;

    private static readonly string Long = $$"""{"name":"x","trigger":{"event":"Start"},"steps":[{{string.Concat(Enumerable.Range(0, Waits).Select(i => $$"""{"id":"w{{i}}","type":"wait","for":"6d"},"""))}}{"id":"s","type":"send","template":"end"}]}""";

    [Fact]
    public async Task Ninety_days_with_fifteen_waits_happen_at_their_exact_times()
    {
        await using var app = await StartAsync();
        await app.PublishAsync("long", Long);
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var next = (await app.PostAsync("/api/clock", """{"to":"next"}""")).Json;
        var lead = (await app.GetAsync("/api/leads?userId=ann")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal((Start.AddDays(6), "w0", lead), (next.GetProperty("now").GetDateTimeOffset(), next.GetProperty("happened")[0].GetProperty("step").GetString(), next.GetProperty("happened")[0].GetProperty("leads")[0].GetString()));
        var moved = (await app.PostAsync("/api/clock", """{"advance":"84d"}""")).Json;

        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal((Start.AddDays(90), true), (moved.GetProperty("now").GetDateTimeOffset(), moved.GetProperty("frozen").GetBoolean()));
        Assert.Equal(Enumerable.Range(2, Waits - 1).Select(i => (Start.AddDays(6 * i), "run", $"w{i - 1}")), moved.GetProperty("happened").EnumerateArray()
            .Select(one => (one.GetProperty("at").GetDateTimeOffset(), one.GetProperty("kind").GetString()!, one.GetProperty("step").GetString()!)));
        Assert.Contains(moved.GetProperty("ran").EnumerateArray(), ran => ran.GetProperty("name").GetString() == "AdvanceRun" && ran.GetProperty("count").GetInt32() >= Waits - 1);
        var message = Assert.Single((await app.GetAsync("/api/outbox")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(Start.AddDays(90), message.GetProperty("sentAt").GetDateTimeOffset());
        Assert.Equal("completed", Assert.Single(await app.RunsAsync("long")).GetProperty("status").GetString());

        // Nothing is due any more: it stays where it is.
        var still = (await app.PostAsync("/api/clock", """{"to":"next"}""")).Json;
        Assert.Equal((Start.AddDays(90), 0), (still.GetProperty("now").GetDateTimeOffset(), still.GetProperty("happened").GetArrayLength()));
        Assert.Equal(["$.to"], (await app.PostAsync("/api/clock", """{"to":"soon"}""")).ErrorPaths);
    }

    [Fact]
    public async Task A_clock_that_goes_goes_on_from_where_it_was_moved_and_what_is_due_soon_after_happens_by_itself()
    {
        await using var app = await TestApp.StartAsync(App.Build);
        await app.PublishAsync("hour", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"1h"},{"id":"s","type":"send","template":"later"}]}""");
        await app.PublishAsync("quiet", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"not":{"event":"Start","within":"2h"}},"timeout":"5d","then":[{"id":"s","type":"send","template":"quiet"}]}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();

        // The engine's timers are set for an hour and for two in real time.
        var due = Assert.Single(await app.RunsAsync("hour")).GetProperty("waitsUntil").GetDateTimeOffset();
        await MoveAsync(app, due.AddSeconds(-2));
        Assert.Equal(["later"], await SentWhenAsync(app, 1));

        var minute = due.AddHours(1);
        minute = minute.AddTicks(TimeSpan.TicksPerMinute - (minute.Ticks % TimeSpan.TicksPerMinute));
        await MoveAsync(app, minute.AddSeconds(-2));
        Assert.Equal(["later", "quiet"], await SentWhenAsync(app, 2));
        var now = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();
        Assert.InRange(now, minute.AddSeconds(-1), minute.AddMinutes(5)); // The engine's timers count whole seconds: a minute's may fire within its last.
    }

    [Fact]
    public async Task What_is_not_possible_is_refused_and_who_may_not_is_too()
    {
        await using var app = await StartAsync();
        var (_, marketer) = await app.CreateKeyAsync("marketer");

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.PostAsync("/api/clock", """{"advance":"1d"}""", key: null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PostAsync("/api/clock", """{"advance":"1d"}""", marketer)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/api/clock", marketer)).Status);
        Assert.Equal(["$.advance"], (await app.PostAsync("/api/clock", """{"advance":"soon"}""")).ErrorPaths);
        Assert.Equal(["$.advanced"], (await app.PostAsync("/api/clock", """{"advanced":"1d"}""")).ErrorPaths);
        Assert.Equal(["timeout"], (await app.PostAsync("/api/clock/settle?timeout=long")).ErrorPaths);
        var past = await app.PostAsync("/api/clock", """{"to":"2026-05-31T10:00:00Z"}""");
        Assert.Equal((HttpStatusCode.BadRequest, "$.to"), (past.Status, past.ErrorPaths[0]));
        Assert.Contains("Time only goes forward", past.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/clock", """{"to":"9999-12-31T00:00:00Z"}""")).Status);

        // A mistake leaves it where it was.
        Assert.Equal(Start, (await app.GetAsync("/local/clock", key: null)).Json.GetProperty("now").GetDateTimeOffset());
        Assert.Equal(Start.AddHours(1), (await app.PostAsync("/local/clock", """{"advance":"1h"}""", key: null)).Json.GetProperty("now").GetDateTimeOffset());
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/local/settle", key: null)).Status);
        foreach (var (origin, status) in new[] { ("https://evil.example", HttpStatusCode.NotFound), ("null", HttpStatusCode.NotFound), ("http://localhost:3000", HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/local/clock") { Content = new StringContent("""{"advance":"0s"}""") };
            request.Headers.Add("Origin", origin);
            Assert.Equal(status, (await app.Client.SendAsync(request)).StatusCode);
        }

        Assert.False((await app.PostAsync("/api/clock", """{"stand":false}""")).Json.GetProperty("frozen").GetBoolean());
        Assert.True((await app.PostAsync("/local/clock", """{"frozen":true}""")).Json.GetProperty("frozen").GetBoolean());
    }

    [Fact]
    public async Task A_real_clock_can_be_read_and_nothing_else()
    {
        await using var app = real.Borrow();

        Assert.InRange((await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(-30), TimeSpan.FromSeconds(30));
        foreach (var path in new[] { "/api/clock", "/api/clock/settle" })
        {
            var refused = await app.PostAsync(path, """{"advance":"1d"}""");
            Assert.Equal(HttpStatusCode.Conflict, refused.Status);
            Assert.Contains(ClockOptions.ClockSetting, refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/local/clock")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/local/clock", """{"advance":"1d"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/local/settle")).Status);
    }

    [Fact]
    public async Task A_run_whose_time_comes_is_looked_at_once()
    {
        await using var app = await TestApp.StartAsync(App.Build, RealClockApp.Settings);
        await app.PublishAsync("soon", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"2s"},{"id":"s","type":"send","template":"soon"}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));

        Assert.Equal(["soon"], await SentWhenAsync(app, 1));
        await Poll.UntilAsync(async () => (await app.RunsAsync("soon"))[0].GetProperty("status").GetString() == "completed");

        // The engine's timers count whole seconds: one that fires early must not be set again and again until the time has come. (A slow machine needs none.)
        var history = new Azure.Data.Tables.TableClient(app.ConnectionString, "LeadFunctionsHistory").Query<Azure.Data.Tables.TableEntity>().Select(row => row.GetString("EventType")).ToList();
        Assert.InRange(history.Count(type => type == "TimerFired"), 0, 1);
    }

    [Fact]
    public async Task With_a_real_clock_a_date_in_a_year_is_noted()
    {
        await using var app = real.Borrow();
        await app.PublishAsync("birthday", """{"name":"x","trigger":{"date":{"trait":"birthday","yearly":true}},"steps":[{"id":"s","type":"send","template":"birthday"}]}""");
        var day = TimeProvider.System.GetUtcNow().AddDays(-30);

        await app.SendAsync(Identify("bob", new { email = "b@b.c", birthday = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }));

        // More than the seven days ahead for which storage can hide the message that starts an orchestration.
        var due = new Azure.Data.Tables.TableClient(app.ConnectionString, DueTable.Name);
        var noted = await Eventually.ThatAsync(() => Task.FromResult(due.Query<Azure.Data.Tables.TableEntity>().ToList()), rows => rows.Count > 0, TimeSpan.FromSeconds(30));
        Assert.StartsWith(day.AddYears(1).ToString("yyyyMMdd", CultureInfo.InvariantCulture), Assert.Single(noted).PartitionKey, StringComparison.Ordinal);
        var instances = new Azure.Data.Tables.TableClient(app.ConnectionString, "LeadFunctionsInstances");
        var started = await Eventually.ThatAsync(
            () => Task.FromResult(instances.Query<Azure.Data.Tables.TableEntity>(row => row.PartitionKey == "due." + noted[0].PartitionKey).ToList()), rows => rows.Count > 0, TimeSpan.FromSeconds(30));
        Assert.Equal("Pending", Assert.Single(started).GetString("RuntimeStatus"));
        var effects = new Azure.Storage.Queues.QueueClient(app.ConnectionString, Queues.JourneyEffects);
        Assert.Equal(0, await Eventually.ThatAsync(async () => (await effects.GetPropertiesAsync()).Value.ApproximateMessagesCount, count => count == 0, TimeSpan.FromSeconds(30)));
    }

    private static async Task MoveAsync(TestApp app, DateTimeOffset to)
    {
        var moved = await app.PostAsync("/api/clock", JsonSerializer.Serialize(new { to }));
        Assert.True(moved.Status == HttpStatusCode.OK, moved.Text);
        Assert.True(moved.Json.GetProperty("now").GetDateTimeOffset() >= to, string.Create(CultureInfo.InvariantCulture, $"{moved.Text} {to:O}"));
    }

    private static async Task<IReadOnlyList<string>> SentWhenAsync(TestApp app, int count) =>
        await Eventually.ThatAsync(async () => (IReadOnlyList<string>)[.. (await app.SentAsync()).Select(line => line.Split(' ')[2])], sent => sent.Count >= count, TimeSpan.FromSeconds(60));
}

/// <summary>One app for several tests, whose clock nobody can move.</summary>
public sealed class RealClockApp() : SharedApp(null, Settings)
{
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string> { [ClockOptions.ClockSetting] = "real" };
}
