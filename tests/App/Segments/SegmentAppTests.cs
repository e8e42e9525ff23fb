using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Segments;

/// <summary>Segments through the whole app: defined, filled, shown, kept true by events and by the clock, deleted.</summary>
public sealed class SegmentAppTests
{
    [Fact]
    public async Task A_segment_is_filled_kept_true_and_emptied_again()
    {
        await using var app = await StartAsync(now: Start.AddSeconds(30));
        await app.PublishAsync("in", """{"name":"x","trigger":{"segment":"warm"},"steps":[{"id":"s","type":"send","template":"entered"}]}""");
        await app.PublishAsync("out", """{"name":"x","trigger":{"event":"Segment Left","where":{"segment":"warm"}},"steps":[{"id":"s","type":"send","template":"left"}]}""");
        await app.SendAsync(
            Identify("ann", new { email = "a@b.c", name = "Ann" }), Track("ann", "Visit"), Identify("bob", new { email = "b@b.c" }),
            new { type = "track", anonymousId = "browser", @event = "Visit", messageId = "b1" });
        await app.SettleAsync();

        // A draft says whom it would have; published, it has them, anonymous ones too.
        const string warm = """{"name":"Warm","when":{"event":"Visit","within":"7d"}}""";
        var preview = (await app.PostAsync("/api/segments/preview", warm)).Json;
        Assert.Equal((3, 2, false), (preview.GetProperty("looked").GetInt32(), preview.GetProperty("matched").GetInt32(), preview.GetProperty("partial").GetBoolean()));
        await PublishSegmentAsync(app, "warm", warm);
        await FilledAsync(app, "warm", changed: 2);
        await app.SettleAsync();
        var members = await MembersAsync(app, "warm");
        Assert.Equal(2, members.Count);
        Assert.Equal(["", "Ann"], members.Select(member => member.TryGetProperty("name", out var name) ? name.GetString() : "").Order(StringComparer.Ordinal));
        Assert.All(members, member => Assert.Equal(Start.AddSeconds(30), member.GetProperty("since").GetDateTimeOffset()));
        var first = (await app.GetAsync("/api/segments/warm/members?limit=1")).Json;
        var second = (await app.GetAsync($"/api/segments/warm/members?limit=1&cursor={first.GetProperty("nextCursor").GetString()}")).Json;
        Assert.Equal(members.Select(Id), [Id(first.GetProperty("items")[0]), Id(second.GetProperty("items")[0])]);
        Assert.False(second.TryGetProperty("nextCursor", out _));

        // An event lets one more in; the clock takes the others out, each at its moment.
        await app.AdvanceAsync(TimeSpan.FromDays(3));
        await app.SendAsync(Track("bob", "Visit"));
        await app.SettleAsync();
        Assert.Equal(3, (await MembersAsync(app, "warm")).Count);
        await app.AdvanceAsync(TimeSpan.FromDays(5));
        var bob = Id(Assert.Single(await MembersAsync(app, "warm")));
        var ann = Id((await app.GetAsync("/api/leads?userId=ann")).Json.GetProperty("items")[0], "id");
        var left = (await app.GetAsync($"/api/leads/{ann}/timeline?type=Segment%20Left")).Json.GetProperty("items")[0];
        Assert.Equal(Start.AddDays(7).AddSeconds(30).AddMilliseconds(1), left.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(Start.AddDays(7).AddMinutes(1), left.GetProperty("properties").GetProperty("noticedAt").GetDateTimeOffset());
        Assert.Equal("""{"left":["warm"]}""", left.GetProperty("changes").GetRawText());
        Assert.Equal(["2026-06-01 10:00 entered", "2026-06-04 10:00 entered", "2026-06-08 10:01 left"], await app.SentAsync());

        // Why, and until when.
        var why = (await app.GetAsync($"/api/leads/{bob}/segments?explain=true")).Json.GetProperty("items")[0];
        Assert.Equal(("warm", "Warm", true, 1), (why.GetProperty("id").GetString(), why.GetProperty("name").GetString(), why.GetProperty("in").GetBoolean(), why.GetProperty("why").GetProperty("seen").GetInt32()));
        Assert.Equal(Start.AddDays(10), why.GetProperty("why").GetProperty("changesAt").GetDateTimeOffset().AddSeconds(-30).AddMilliseconds(-1), TimeSpan.FromSeconds(1));
        Assert.Equal("""["warm"]""", (await app.GetAsync($"/api/leads/{bob}")).Json.GetProperty("segments").GetRawText());
        Assert.Equal("[]", (await app.GetAsync($"/api/leads/{ann}/segments")).Json.GetProperty("items").GetRawText());

        // What is refused.
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/segments/warm/leads/{ann}", "")).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/segments/cold", """{"name":"Cold","persona":true,"when":{"not":{"segment":"warm"}}}""")).Status);
        var rehearsed = (await app.PostAsync("/api/segments/cold/publish?dryRun=true")).Json;
        var forecast = Assert.Single(rehearsed.GetProperty("segments").EnumerateArray());
        Assert.Equal(("cold", 2, 0, false), (forecast.GetProperty("id").GetString(), forecast.GetProperty("enter").GetInt32(), forecast.GetProperty("leave").GetInt32(), rehearsed.GetProperty("partial").GetBoolean()));
        Assert.Contains("Ann", forecast.GetProperty("entering").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("draft", (await app.GetAsync("/api/segments/cold")).Json.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/segments/cold/publish?dryRun=maybe")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/segments/cold/publish")).Status);
        Assert.Equal(["cold True", "warm False"], (await app.GetAsync("/api/segments")).Json.GetProperty("items").EnumerateArray().Select(one => $"{one.GetProperty("id").GetString()} {one.GetProperty("persona").GetBoolean()}"));
        var circle = await app.PutAsync("/api/segments/warm", """{"name":"Warm","when":{"segment":"cold"}}""");
        Assert.Equal((HttpStatusCode.BadRequest, true), (circle.Status, circle.Text.Contains("warm → cold → warm", StringComparison.Ordinal)));
        var pages = string.Join(',', Enumerable.Range(0, 31).Select(page => $$$"""{"event":"page","where":{"path":"/{{{page}}}"}}"""));
        await app.PutAsync("/api/segments/many", $$$"""{"name":"Many","when":{"any":[{{{pages}}}]}}""");
        var many = await app.PostAsync("/api/segments/many/publish"); // each lead would have to keep the answers
        Assert.Equal((HttpStatusCode.Conflict, true), (many.Status, many.Text.Contains("With this one 31; at most 30", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Conflict, (await app.DeleteAsync("/api/segments/warm")).Status);
        var none = await app.GetAsync("/api/segments/none/members");
        Assert.Equal((HttpStatusCode.NotFound, true), (none.Status, none.Text.Contains("/api/leads?segment=none", StringComparison.Ordinal)));
        await app.SendAsync(Track("ann", "Segment Entered", new { segment = "warm" }));
        await app.SettleAsync();
        Assert.DoesNotContain((await app.GetAsync($"/api/leads/{ann}/timeline?type=Segment%20Entered")).Json.GetProperty("items").EnumerateArray(), entry => entry.TryGetProperty("source", out _));

        // Deleted, nobody is in it.
        await FilledAsync(app, "cold", changed: null);
        await app.SettleAsync();
        var compared = (await app.GetAsync("/api/segments/compare?a=warm&b=cold")).Json;
        Assert.Equal((1, 2, false), (compared.GetProperty("inA").GetInt32(), compared.GetProperty("inB").GetInt32(), compared.GetProperty("partial").GetBoolean()));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/api/segments/compare?a=warm&b=none")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync("/api/segments/compare", warm)).Status);
        Assert.Equal(2, (await MembersAsync(app, "cold")).Count);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/segments/cold")).Status);
        await Eventually.ThatAsync(async () => (await app.GetAsync($"/api/leads/{ann}/timeline?type=Segment%20Left")).Json.GetProperty("items").GetArrayLength(), moves => moves == 2, TimeSpan.FromSeconds(60));
        Assert.Equal("[]", (await app.GetAsync($"/api/leads/{ann}")).Json.GetProperty("segments").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/segments/cold")).Status);
        var rows = new TableClient(app.ConnectionString, MembersTable.Name);
        await Eventually.ThatAsync(() => Task.FromResult(rows.Query<TableEntity>("PartitionKey ge 'cold|' and PartitionKey lt 'cold}'").Count()), left => left == 0, TimeSpan.FromSeconds(60)); // neither members nor who moved

        await SegmentCosts.FollowTheChangesAsync(app, bystanders: 2_000);
    }

    [Fact]
    public async Task Buyers_are_ranked_beside_each_other_and_what_they_look_at_is_shown_wherever_they_are()
    {
        await using var app = await StartAsync(now: Start, settings: new Dictionary<string, string> { ["LeadFunctions__Segments__RfmDays"] = "30" });
        await app.SendAsync([Identify("browser", new { name = "Only looks" }), .. Enumerable.Range(1, 10).SelectMany(buyer => Enumerable.Range(1, buyer).Select(order =>
            Track($"b{buyer}", "Order Completed", new { revenue = 10 * buyer, products = new[] { new { name = $"P{buyer}", category = "Shoes" } } }, id: $"o{buyer}.{order}")))]);
        await app.SettleAsync();
        Assert.Equal("{}", (await app.GetAsync("/api/rfm")).Json.GetRawText());
        var early = (await app.PostAsync("/api/segments/preview", """{"when":{"rfm":"champions"}}""")).Json;
        Assert.Equal((0, "$.when"), (early.GetProperty("matched").GetInt32(), early.GetProperty("warnings")[0].GetProperty("path").GetString()));

        // The first segment that asks has the fifths computed, over orders from before anybody asked.
        await PublishSegmentAsync(app, "best", """{"name":"Best","when":{"all":[{"rfm":{"group":"champions","frequency":5}},{"interest":{"dimension":"category","top":"shoes"}}]}}""");
        await app.SettleAsync();
        var rfm = await Eventually.ThatAsync(async () => (await app.GetAsync("/api/rfm")).Json, shown => shown.TryGetProperty("fill", out var fill) && fill.GetProperty("done").GetBoolean(), TimeSpan.FromSeconds(60));
        Assert.Equal((1, 10, "[2,4,6,8]", 11), (rfm.GetProperty("version").GetInt32(), rfm.GetProperty("buyers").GetInt32(), rfm.GetProperty("frequency").GetRawText(), rfm.GetProperty("count").GetProperty("looked").GetInt32()));
        await app.SettleAsync();

        var members = await MembersAsync(app, "best");
        Assert.Equal(["b10", "b9"], members.Select(member => member.GetProperty("userId").GetString()).Order(StringComparer.Ordinal));
        var id = Id(members.Single(member => member.GetProperty("userId").GetString() == "b9"));
        var lead = (await app.GetAsync($"/api/leads/{id}")).Json;
        Assert.Equal(("champions", 5, 9, 810.0), (lead.GetProperty("rfm").GetProperty("group").GetString(), lead.GetProperty("rfm").GetProperty("monetary").GetInt32(), lead.GetProperty("rfm").GetProperty("orders").GetInt32(), lead.GetProperty("rfm").GetProperty("amount").GetDouble()));
        Assert.Equal("""[{"value":"P9","weight":45,"share":1,"last":"2026-06-01T10:00:00+00:00"}]""", lead.GetProperty("interests").GetProperty("product").GetRawText());
        Assert.Equal(lead.GetProperty("interests").GetRawText(), (await app.GetAsync($"/api/leads/{id}/handover")).Json.GetProperty("interests").GetRawText());
        Assert.Contains("champions 5-5-5", (await app.GetAsync($"/api/leads/{id}/segments?explain=true")).Text, StringComparison.Ordinal);

        // By the calendar, once; and when somebody asks: who bought most lately are others by then.
        await app.AdvanceAsync(TimeSpan.FromDays(40));
        var byCalendar = (await app.GetAsync("/api/rfm")).Json;
        Assert.Equal((2, Start.AddDays(30)), (byCalendar.GetProperty("version").GetInt32(), byCalendar.GetProperty("computedAt").GetDateTimeOffset()));
        await app.SendAsync(Track("b1", "Order Completed", new { total = 5_000 }));
        await app.SettleAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/rfm")).Status);
        await app.SettleAsync();
        Assert.Equal(3, (await Eventually.ThatAsync(async () => (await app.GetAsync("/api/rfm")).Json, shown => shown.GetProperty("version").GetInt32() == 3, TimeSpan.FromSeconds(60))).GetProperty("version").GetInt32());

        // The day that was noted before somebody asked passes; the next is thirty days after that.
        await app.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Equal(Start.AddDays(70), (await app.GetAsync("/api/rfm")).Json.GetProperty("count").GetProperty("startedAt").GetDateTimeOffset());
    }

    private static async Task PublishSegmentAsync(TestApp app, string id, string document)
    {
        var put = await app.PutAsync($"/api/segments/{id}", document);
        Assert.True(put.Status is HttpStatusCode.Created or HttpStatusCode.OK, put.Text);
        var published = await app.PostAsync($"/api/segments/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
    }

    private static async Task FilledAsync(TestApp app, string id, int? changed)
    {
        var fill = await Eventually.ThatAsync(
            async () => (await app.GetAsync($"/api/segments/{id}")).Json.TryGetProperty("fill", out var progress) ? progress : default, progress => progress.ValueKind == JsonValueKind.Object && progress.GetProperty("done").GetBoolean(), TimeSpan.FromSeconds(60));
        Assert.Equal(3, fill.GetProperty("looked").GetInt32());
        Assert.True(changed is null || fill.GetProperty("changed").GetInt32() == changed);
    }

    private static async Task<IReadOnlyList<JsonElement>> MembersAsync(TestApp app, string id)
    {
        var page = await app.GetAsync($"/api/segments/{id}/members");
        Assert.True(page.Status == HttpStatusCode.OK, page.Text);
        return [.. page.Json.GetProperty("items").EnumerateArray()];
    }

    private static string Id(JsonElement lead) => Id(lead, "leadId");

    private static string Id(JsonElement lead, string name) => lead.GetProperty(name).GetString()!;
}
