using System.Net;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Who counts all that there is has an app of its own.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class LeadPipelineTests(SharedLeadApp shared)
{
    private static readonly DateTimeOffset Now = Start.AddDays(31);

    [Fact]
    public async Task Anonymous_history_counts_after_identify_whatever_arrives_first()
    {
        LeadEvent[] events =
        [
            Page("m1", "/pricing", 0, anonymous: "a1"),
            Track("m2", "Product Added", 1, anonymous: "a1"),
            Identify("m3", 2, "u1", "a1", new { email = "ann@example.com", country = "PL" }),
            Track("m4", "Order Completed", 3, user: "u1"),
            Page("m5", "/pricing", 4, user: "u1", anonymous: "a2"),
            Page("m6", "/careers/x", 5, anonymous: "a2"),
        ];
        var profiles = new HashSet<string>();
        var random = new Random(11);
        await using var app = shared.Borrow();
        for (var round = 0; round < 16; round++)
        {
            // The same people under other names each round; one message a round, or one an event.
            var suffix = $"_r{round}_";
            var mine = events.Select(e => e with
            {
                Id = e.Id + suffix,
                UserId = e.UserId is null ? null : e.UserId + suffix,
                AnonymousId = e.AnonymousId is null ? null : e.AnonymousId + suffix,
                Traits = e.Type == EventType.Identify ? Identify("", 0, traits: new { email = $"ann{suffix}@example.com", country = "PL" }).Traits : default,
            }).ToArray();
            random.Shuffle(mine);
            if (round % 2 == 0)
            {
                await app.ApplyAsync(mine);
            }
            else
            {
                foreach (var e in mine)
                {
                    await app.ApplyAsync(e);
                }
            }

            var profile = await app.ProfileAsync("userId=u1" + suffix);
            profiles.Add(profile.Replace(suffix, ""));
            var lead = await app.FindAsync("anonymousId=a2" + suffix);
            Assert.Equal((string?)lead!["id"], (string?)(await app.FindAsync($"email=ann{suffix}@example.com"))!["id"]);
            Assert.Equal(6, (await app.TimelineAsync((string)lead["id"]!)).Count(e => (string)e["type"]! is not ("merge" or "stage")));
        }

        Assert.True(profiles.Count == 1, string.Join("\n", profiles));
    }

    [Fact]
    public async Task Redelivered_and_repeated_events_change_nothing()
    {
        await using var app = shared.Borrow();
        LeadEvent[] events = [Page("again-1", "/pricing", 0, "again"), Track("again-2", "Product Added", 1, "again"), Track("again-3", "Order Completed", 2, "again", "again-a")];
        await app.ApplyAsync(events);
        var before = await app.ProfileAsync("userId=again");

        await app.ApplyAsync(events);
        await app.ApplyAsync([.. events.Reverse(), Page("again-1", "/pricing", 0, "again")]);

        Assert.Equal(before, await app.ProfileAsync("userId=again"));
        var lead = await app.FindAsync("userId=again");
        Assert.Equal(3, (await app.TimelineAsync((string)lead!["id"]!)).Count(e => (string)e["type"]! != "stage"));
    }

    [Fact]
    public async Task A_merge_keeps_every_id_alive_and_can_be_taken_back()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync(Page("merged-1", "/pricing", 0, anonymous: "merged-a"), Track("merged-2", "Product Added", 1, anonymous: "merged-a"));
        await app.ApplyAsync(Identify("merged-3", 2, "merged", traits: new { email = "merged@example.com" }));
        var browser = await app.FindAsync("anonymousId=merged-a");
        var user = await app.FindAsync("userId=merged");

        await app.ApplyAsync(Page("merged-4", "/", 3, "merged", "merged-a"));

        var merged = await app.FindAsync("anonymousId=merged-a");
        Assert.Equal((string)user!["id"]!, (string)merged!["id"]!);
        Assert.Equal((double)browser!["engagement"]!, (double)merged["engagement"]!);
        var id = (string)merged["id"]!;
        Assert.Equal(id, (string)(await app.GetAsync($"api/leads/{browser["id"]}"))["id"]!);
        Assert.Equal(["merged-4", "merged-3", "merged-2", "merged-1"], (await app.TimelineAsync(id)).Where(e => (string)e["type"]! != "merge").Select(e => (string)e["id"]!));
        await AssertExplained(app, id);

        using var answer = await app.SendAsync(HttpMethod.Post, $"api/leads/{id}/unmerge", new { lead = (string)browser["id"]! });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await app.App.SettleAsync();

        Assert.Equal(browser.ToJsonString(), (await app.FindAsync("anonymousId=merged-a"))!.ToJsonString());
        var parted = await app.FindAsync("userId=merged");
        Assert.Equal(0, (double)parted!["engagement"]!);
        await app.ApplyAsync(Page("merged-5", "/", 4, "merged", "merged-a"));
        Assert.NotEqual((string)(await app.FindAsync("anonymousId=merged-a"))!["id"]!, (string)(await app.FindAsync("userId=merged"))!["id"]!);
    }

    [Fact]
    public async Task Effects_are_published_and_the_outbox_is_empty_when_all_is_settled()
    {
        await using var app = shared.Borrow();

        await app.ApplyAsync([.. Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Identify($"effect-i{i}", i, "effect-u" + i, traits: new { email = $"effect{i}@example.com" }),
            Track($"effect-o{i}", "Order Completed", i, "effect-u" + i),
            Page($"effect-b{i}", "/pricing", i, anonymous: "effect-a" + i),
            Page($"effect-c{i}", "/pricing", i, "effect-u" + i, "effect-a" + i),
        })]);

        Assert.All(await app.StatesAsync(), state => Assert.Empty(state.Outbox));
        var listed = await app.GetAsync("api/leads?minEngagement=50&limit=200");
        Assert.Equal(40, listed["items"]!.AsArray().Count(lead => ((string?)lead!["userId"])?.StartsWith("effect-", StringComparison.Ordinal) ?? false));
    }

    [Fact]
    public async Task Listings_are_exact_and_pages_add_up()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        var random = new Random(5);
        var events = Enumerable.Range(0, 60).SelectMany(i => Enumerable.Range(0, random.Next(1, 5)).Select(n =>
            Track($"e{i}-{n}", n % 2 == 0 ? "Product Added" : "Order Completed", random.Next(0, 40_000), "u" + i))).ToArray();
        await app.ApplyAsync(events);
        await app.ApplyAsync(Track("anonymous", "Order Completed", 7, anonymous: "nobody"));

        foreach (var (sort, rank) in new (string, Func<JsonObject, double>)[] { ("engagement", lead => (double)lead["engagement"]!), ("lastSeen", lead => (((DateTimeOffset)lead["lastSeen"]!) - Start).TotalSeconds) })
        {
            var all = new List<JsonObject>();
            string? cursor = null;
            do
            {
                var page = await app.GetAsync($"api/leads?sort={sort}&limit=7{(cursor is null ? "" : "&cursor=" + cursor)}");
                all.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
                cursor = (string?)page["nextCursor"];
            }
            while (cursor is not null);

            Assert.Equal(60, all.Select(lead => (string)lead["userId"]!).Distinct().Count());
            Assert.Equal(60, all.Count);
            Assert.Equal(all.Select(rank).OrderDescending(), all.Select(rank));
        }

        var stage = await app.SendAsync(HttpMethod.Post, $"api/leads/{(string)(await app.FindAsync("userId=u3"))!["id"]!}/stage", new { stage = "mql", reason = "called" });
        Assert.Equal(HttpStatusCode.Accepted, stage.StatusCode);
        await app.App.SettleAsync();
        Assert.Equal("u3", (string)(await app.GetAsync("api/leads?stage=mql"))["items"]!.AsArray().Single()!["userId"]!);
        Assert.Equal(59, (await app.GetAsync("api/leads?stage=lead&limit=200"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_bad_query_names_the_parameter()
    {
        await using var app = shared.Borrow();
        (string Query, string Path)[] bad =
        [
            ("stage=hot", "stage"),
            ("minEngagement=many", "minEngagement"),
            ("sort=shoe", "sort"),
            ("q=%20", "q"),
            ("q=" + new string('x', 201), "q"),
            ("limit=0", "limit"),
            ("cursor=abc", "cursor"),
            ("emial=ann@example.com", "emial"),
            ("email=", "email"),
            ("stage=lead&stage=mql", "stage"),
        ];
        foreach (var (query, path) in bad)
        {
            using var response = await app.SendAsync(HttpMethod.Get, "api/leads?" + query);

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, query);
            Assert.Equal(path, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]![0]!["path"]!);
        }
    }

    private static async Task AssertExplained(LeadApp app, string id)
    {
        var score = await app.GetAsync($"api/leads/{id}/score");
        var sum = score["contributions"]!.AsArray().Sum(c => (decimal)c!["now"]!);
        Assert.Equal((decimal)score["engagement"]!, sum);
    }
}
