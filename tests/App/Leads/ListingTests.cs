using System.Net;
using System.Text.Json.Nodes;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Who publishes a scoring model, and lists all that there is, has an app of its own.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class ListingTests(SharedLeadApp shared)
{
    private static readonly DateTimeOffset Now = Start.AddDays(31);

    [Fact]
    public async Task A_lead_whose_score_has_risen_without_an_event_has_its_place_by_what_it_has_now()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        await app.ApplyAsync([.. Orders("rises", 5), .. Orders("stays", 4), .. Orders("active", 4)]);
        using var put = await app.SendAsync(HttpMethod.Put, "api/scoring-models/higher", JsonNode.Parse(
            """{ "name": "Higher", "engagement": { "cap": 1000, "rules": [ { "id": "order", "when": { "event": "Order Completed" }, "points": 40 } ] } }"""));
        using var published = await app.SendAsync(HttpMethod.Post, "api/scoring-models/higher/publish");
        await app.ApplyAsync([.. Orders("active", 5).TakeLast(1)]);

        var users = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"api/leads?limit=1{(cursor is null ? "" : "&cursor=" + cursor)}");
            users.AddRange(page["items"]!.AsArray().Select(lead => (string)lead!["userId"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(["rises", "active", "stays"], users);
        Assert.Equal(["rises"], (await app.GetAsync("api/leads?minEngagement=245"))["items"]!.AsArray().Select(lead => (string)lead!["userId"]!));
        Assert.Equal(250, (double)(await app.FindAsync("userId=rises"))!["engagement"]!);
    }

    [Fact]
    public async Task Each_lead_shows_what_it_did_last_how_it_went_and_who_is_near_is_counted_as_it_is_listed()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync([.. Orders("acts-u1", 2), Page("acts-p", "/pricing", 50, "acts-u1"), Page("acts-a", "/", 60, anonymous: "acts-browser")]);
        var lead = (await app.FindAsync("q=acts-u1")) ?? (await app.FindAsync("userId=acts-u1"))!;
        var id = (string)lead["id"]!;

        var row = (await app.GetAsync("api/leads?sort=lastSeen&limit=200"))["items"]!.AsArray().Single(one => (string)one!["id"]! == id)!;
        Assert.Equal("page", (string)row["lastAct"]!["name"]!);
        Assert.Equal(0, (int)row["held"]!);

        var course = (await app.GetAsync($"api/leads/courses?ids={id}"))["items"]![0]!["values"]!.AsArray();
        Assert.Equal(31, course.Count);
        Assert.Equal((double)row["engagement"]!, (double)course[^1]!, 0.01);

        var counts = await app.GetAsync("api/leads/counts");
        Assert.True((int)counts["anonymous"]!["count"]! >= 1);
        foreach (var (query, count) in new[] { ("near=mql", counts["near"]!["count"]!), ("sends=held", counts["held"]!), ("sends=failed", counts["failed"]!["count"]!) })
        {
            Assert.Equal((int)count, (await app.GetAsync($"api/leads?limit=200&{query}"))["items"]!.AsArray().Count);
        }

        var points = await app.GetAsync("api/scoring/points");
        Assert.Contains(points["rules"]!.AsArray(), rule => (bool)rule!["isLive"]!);
        Assert.True((int)points["leads"]! >= 2);
        foreach (var rule in points["rules"]!.AsArray().Select(rule => rule!))
        {
            var got = new List<JsonNode>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await app.GetAsync($"api/scoring/points/people?rule={Uri.EscapeDataString((string)rule["rule"]!)}&asOf={Uri.EscapeDataString((string)points["asOf"]!)}&limit=2{cursor}");
                got.AddRange(page["items"]!.AsArray().Select(one => one!));
                cursor = page["nextCursor"] is { } next ? $"&cursor={next}" : null;
            }

            Assert.Equal(((int)rule["leads"]!, (int)rule["times"]!), (got.Count, got.Sum(one => (int)one["times"]!)));
            Assert.Equal((double)rule["points"]!, got.Sum(one => (double)one["points"]!), 0.1);
        }

        Assert.All((await app.GetAsync("api/segments?with=use"))["items"]!.AsArray(), segment => Assert.NotNull(segment!["use"]));

        foreach (var wrong in (string[])["leads?sends=lost", "segments?with=what", "journeys?with=what", "scoring/points?x=1", "scoring/points/people", "scoring/points/people?rule=x&asOf=2999-01-01", "scoring/points/people?rule=x&asOf=0001-01-01T00:00:00Z", "leads?near=customer", "leads/courses?ids=x", "leads/courses", "leads/counts?x=1"])
        {
            using var refused = await app.SendAsync(HttpMethod.Get, $"api/{wrong}");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_cursor_of_one_order_is_refused_in_the_other()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync([.. Orders("cursor-u1", 1), .. Orders("cursor-u2", 1)]);
        var cursor = (string)(await app.GetAsync("api/leads?limit=1"))["nextCursor"]!;

        using var answer = await app.SendAsync(HttpMethod.Get, $"api/leads?sort=lastSeen&cursor={cursor}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_listing_shows_names_companies_and_segments_and_searches_by_them()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync(
            Identify("found-1", 1, "found-1", traits: new { name = "Zoë Quillfeather", email = "zoe@quill.example", company = new { name = "Quill & Co" } }),
            Identify("found-2", 2, "found-2", traits: new { firstName = "Adam", lastName = "Quillby" }),
            Identify("found-3", 3, "found-3", traits: new { email = "quillon@example.com" }));
        var id = (string)(await app.FindAsync("userId=found-1"))!["id"]!;
        using var put = await app.SendAsync(HttpMethod.Put, $"api/segments/quills/leads/{id}");
        await app.App.SettleAsync();

        Assert.Equal(["found-2", "found-3", "found-1"], await UsersAsync("q=quill&sort=name"));
        Assert.Equal(["found-3", "found-2", "found-1"], await UsersAsync("q=quill&sort=newest"));
        Assert.Equal(["found-1"], await UsersAsync("q=zoe%20quill"));
        Assert.Equal(["found-1"], await UsersAsync("segment=quills"));
        Assert.Empty(await UsersAsync("q=quillon&segment=quills"));
        var row = (await app.GetAsync("api/leads?segment=quills"))["items"]![0]!.AsObject();
        Assert.Equal(
            """found-1 zoe@quill.example Zoë Quillfeather Quill & Co lead ["quills"] true""",
            string.Join(' ', ((string[])["userId", "email", "name", "company", "stage", "segments", "known"]).Select(name => Text(row[name]!))));
        var lead = await app.GetAsync($"api/leads/{id}");
        Assert.All(((string[])["id", "engagement", "fit", "firstSeen", "lastSeen"]), name => Assert.Equal(lead[name]!.ToJsonString(), row[name]!.ToJsonString()));

        async Task<IEnumerable<string>> UsersAsync(string query) => (await app.GetAsync($"api/leads?{query}"))["items"]!.AsArray().Select(lead => (string)lead!["userId"]!);
        static string Text(JsonNode node) => node.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)node! : node.ToJsonString();
    }

    private static IEnumerable<LeadFunctions.Events.LeadEvent> Orders(string user, int count) =>
        Enumerable.Range(0, count).Select(i => Track($"{user}-{i}", "Order Completed", i, user));
}
