using System.Net;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

public sealed class LeadPipelineTests
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
        await using var app = await LeadApp.StartAsync(now: Now);
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
            Assert.Equal(6, (await app.TimelineAsync((string)lead["id"]!)).Count(e => (string)e["type"]! != "merge"));
        }

        Assert.True(profiles.Count == 1, string.Join("\n", profiles));
    }

    [Fact]
    public async Task Redelivered_and_repeated_events_change_nothing()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        LeadEvent[] events = [Page("m1", "/pricing", 0, "u1"), Track("m2", "Product Added", 1, "u1"), Track("m3", "Order Completed", 2, "u1", "a1")];
        await app.ApplyAsync(events);
        var before = await app.ProfileAsync("userId=u1");

        await app.ApplyAsync(events);
        await app.ApplyAsync([.. events.Reverse(), Page("m1", "/pricing", 0, "u1")]);

        Assert.Equal(before, await app.ProfileAsync("userId=u1"));
        var lead = await app.FindAsync("userId=u1");
        Assert.Equal(3, (await app.TimelineAsync((string)lead!["id"]!)).Count);
    }

    [Fact]
    public async Task A_repetition_counts_once_while_a_new_persons_names_are_still_being_linked()
    {
        const int People = 40;
        await using var app = await LeadApp.StartAsync(now: Now);
        await using var second = await LeadApp.StartAsync(app.App.ConnectionString, now: Now);

        await Task.WhenAll(Enumerable.Range(0, People).Select(async n =>
        {
            LeadEvent[] first = [Page($"p{n}", "/", 0, anonymous: $"a{n}"), Identify($"i{n}", 1, $"u{n}", $"a{n}", new { email = $"p{n}@example.com" }), Track($"s0-{n}", "Step", 2, $"u{n}")];
            LeadEvent[] then = [Track($"s1-{n}", "Step", 3, $"u{n}"), Alias($"al{n}", 4, $"u{n}", $"a{n}")];
            await Task.WhenAll(app.EnqueueAsync(first), app.EnqueueAsync(then), second.EnqueueAsync(then), second.EnqueueAsync(first));
        }));
        await SettleAsync(app, second);

        for (var n = 0; n < People; n++)
        {
            var lead = await app.FindAsync($"userId=u{n}");
            var story = (await app.TimelineAsync((string)lead!["id"]!)).Where(e => (string)e["type"]! != "merge").Select(e => (string)e["id"]!).Order(StringComparer.Ordinal);
            Assert.Equal([$"al{n}", $"i{n}", $"p{n}", $"s0-{n}", $"s1-{n}"], story);
            Assert.Equal(2, (int)lead["activity"]!["Step"]!["count"]!);
            Assert.Equal((string)lead["id"]!, (string?)(await app.FindAsync($"anonymousId=a{n}"))?["id"]);
        }
    }

    [Fact]
    public async Task Every_event_counts_once_whoever_applies_it_and_whatever_else_is_being_linked_or_merged()
    {
        const int Groups = 30;
        var random = new Random(5);
        await using var app = await LeadApp.StartAsync(now: Now);
        await using var second = await LeadApp.StartAsync(app.App.ConnectionString, now: Now);
        var groups = Enumerable.Range(0, Groups).Select(g => Enumerable.Range(0, 10).Select(n => Anything(random, g, n)).ToArray()).ToList();

        await Task.WhenAll(groups.SelectMany(events => new[] { (app, Shuffled(events)), (second, Shuffled(events)) }).ToList().Select(async delivery =>
        {
            var (instance, shuffled) = delivery;
            foreach (var part in shuffled.Chunk(4))
            {
                await instance.EnqueueAsync(part);
            }
        }));
        await SettleAsync(app, second);

        var told = (await app.StoredTimelineAsync()).Where(e => e.LeadId is null).Select(e => e.Id);
        Assert.Equal(groups.SelectMany(events => events).Select(e => e.Id).Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        var live = (await app.StatesAsync()).Where(state => state.MergedInto is null);
        Assert.Equal(groups.Count * 10, live.Sum(state => state.Whole.Activity.Values.Sum(activity => activity.Total)));

        LeadEvent[] Shuffled(LeadEvent[] events)
        {
            LeadEvent[] shuffled = [.. events];
            random.Shuffle(shuffled);
            return shuffled;
        }
    }

    /// <summary>What one has done may leave the other something to do.</summary>
    private static async Task SettleAsync(LeadApp app, LeadApp second)
    {
        for (var round = 0; round < 2; round++)
        {
            await app.App.SettleAsync(TimeSpan.FromMinutes(2));
            await second.App.SettleAsync(TimeSpan.FromMinutes(2));
        }
    }

    private static LeadEvent Anything(Random random, int group, int n)
    {
        var (id, user, anonymous) = ($"{group}-{n}", $"u{random.Next(2)}-{group}", $"a{random.Next(2)}-{group}");
        return random.Next(6) switch
        {
            0 => Page(id, "/", n, anonymous: anonymous),
            1 => Page(id, "/", n, user, anonymous),
            2 => Identify(id, n, user, anonymous, new { email = $"{user}@example.com" }),
            3 => Identify(id, n, anonymous: anonymous, traits: new { email = $"u{random.Next(2)}-{group}@example.com" }),
            4 => Track(id, "Step", n, user),
            _ => Alias(id, n, user, anonymous),
        };
    }

    [Fact]
    public async Task Fifty_concurrent_writers_on_one_lead_lose_nothing()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        await using var second = await LeadApp.StartAsync(app.App.ConnectionString, now: Now);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(writer => Task.Run(async () =>
        {
            var target = writer % 2 == 0 ? app : second;
            for (var i = 0; i < 4; i++)
            {
                await target.EnqueueAsync(Track($"w{writer}-{i}", "Product Viewed", writer, "u1", "a" + writer, new { productId = $"p{writer}-{i}" }));
            }
        })));
        await SettleAsync(app, second);

        var lead = await app.FindAsync("userId=u1");
        Assert.Equal(200, (int)lead!["activity"]!["Product Viewed"]!["count"]!);
        Assert.Equal(50, lead["anonymousIds"]!.AsArray().Count);
        Assert.Equal(200, (await app.TimelineAsync((string)lead["id"]!, limit: 33)).Select(e => (string)e["id"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_merge_keeps_every_id_alive_and_can_be_taken_back()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        await app.ApplyAsync(Page("m1", "/pricing", 0, anonymous: "a1"), Track("m2", "Product Added", 1, anonymous: "a1"));
        await app.ApplyAsync(Identify("m3", 2, "u1", traits: new { email = "ann@example.com" }));
        var browser = await app.FindAsync("anonymousId=a1");
        var user = await app.FindAsync("userId=u1");

        await app.ApplyAsync(Page("m4", "/", 3, "u1", "a1"));

        var merged = await app.FindAsync("anonymousId=a1");
        Assert.Equal((string)user!["id"]!, (string)merged!["id"]!);
        Assert.Equal((double)browser!["engagement"]!, (double)merged["engagement"]!);
        var id = (string)merged["id"]!;
        Assert.Equal(id, (string)(await app.GetAsync($"api/leads/{browser["id"]}"))["id"]!);
        Assert.Equal(["m4", "m3", "m2", "m1"], (await app.TimelineAsync(id)).Where(e => (string)e["type"]! != "merge").Select(e => (string)e["id"]!));
        await AssertExplained(app, id);

        using var answer = await app.SendAsync(HttpMethod.Post, $"api/leads/{id}/unmerge", new { lead = (string)browser["id"]! });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await app.App.SettleAsync();

        Assert.Equal(browser.ToJsonString(), (await app.FindAsync("anonymousId=a1"))!.ToJsonString());
        var parted = await app.FindAsync("userId=u1");
        Assert.Equal(0, (double)parted!["engagement"]!);
        await app.ApplyAsync(Page("m5", "/", 4, "u1", "a1"));
        Assert.NotEqual((string)(await app.FindAsync("anonymousId=a1"))!["id"]!, (string)(await app.FindAsync("userId=u1"))!["id"]!);
    }

    [Fact]
    public async Task Effects_are_published_and_the_outbox_is_empty_when_all_is_settled()
    {
        await using var app = await LeadApp.StartAsync(now: Now);

        await app.ApplyAsync([.. Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Identify($"i{i}", i, "u" + i, traits: new { email = $"p{i}@example.com" }),
            Track($"o{i}", "Order Completed", i, "u" + i),
            Page($"b{i}", "/pricing", i, anonymous: "a" + i),
            Page($"c{i}", "/pricing", i, "u" + i, "a" + i),
        })]);

        Assert.All(await app.StatesAsync(), state => Assert.Empty(state.Outbox));
        var listed = await app.GetAsync("api/leads?minEngagement=50&limit=100");
        Assert.Equal(40, listed["items"]!.AsArray().Count);
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

        var stage = await app.SendAsync(HttpMethod.Put, $"api/leads/{(string)(await app.FindAsync("userId=u3"))!["id"]!}/stage", new { stage = "mql", reason = "called" });
        Assert.Equal(HttpStatusCode.Accepted, stage.StatusCode);
        await app.App.SettleAsync();
        Assert.Equal("u3", (string)(await app.GetAsync("api/leads?stage=mql"))["items"]!.AsArray().Single()!["userId"]!);
        Assert.Equal(59, (await app.GetAsync("api/leads?stage=lead&limit=200"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_bad_query_names_the_parameter()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        (string Query, string Path)[] bad =
        [
            ("stage=hot", "stage"),
            ("minEngagement=many", "minEngagement"),
            ("sort=name", "sort"),
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
