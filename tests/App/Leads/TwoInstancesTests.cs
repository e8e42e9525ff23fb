using LeadFunctions.Events;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Two instances apply events at the same time.</summary>
public sealed class TwoInstancesTests(SharedLeadApp shared) : IClassFixture<SharedLeadApp>
{
    [Fact]
    public async Task A_repetition_counts_once_while_a_new_persons_names_are_still_being_linked()
    {
        const int People = 40;
        await using var app = shared.Borrow();
        await using var second = await shared.BorrowSecondAsync();

        await Task.WhenAll(Enumerable.Range(0, People).Select(async n =>
        {
            LeadEvent[] first = [Page($"linked-p{n}", "/", 0, anonymous: $"linked-a{n}"), Identify($"linked-i{n}", 1, $"linked-u{n}", $"linked-a{n}", new { email = $"linked{n}@example.com" }), Track($"linked-s0-{n}", "Step", 2, $"linked-u{n}")];
            LeadEvent[] then = [Track($"linked-s1-{n}", "Step", 3, $"linked-u{n}"), Alias($"linked-al{n}", 4, $"linked-u{n}", $"linked-a{n}")];
            await Task.WhenAll(app.EnqueueAsync(first), app.EnqueueAsync(then), second.EnqueueAsync(then), second.EnqueueAsync(first));
        }));
        await SettleAsync(app, second);

        for (var n = 0; n < People; n++)
        {
            var lead = await app.FindAsync($"userId=linked-u{n}");
            var story = (await app.TimelineAsync((string)lead!["id"]!)).Where(e => (string)e["type"]! != "merge").Select(e => (string)e["id"]!).Order(StringComparer.Ordinal);
            Assert.Equal([$"linked-al{n}", $"linked-i{n}", $"linked-p{n}", $"linked-s0-{n}", $"linked-s1-{n}"], story);
            Assert.Equal(2, (int)lead["activity"]!["Step"]!["count"]!);
            Assert.Equal((string)lead["id"]!, (string?)(await app.FindAsync($"anonymousId=linked-a{n}"))?["id"]);
        }
    }

    [Fact]
    public async Task Every_event_counts_once_whoever_applies_it_and_whatever_else_is_being_linked_or_merged()
    {
        const int Groups = 30;
        var random = new Random(5);
        await using var app = shared.Borrow();
        await using var second = await shared.BorrowSecondAsync();
        var (others, earlier) = ((await app.StatesAsync()).Select(state => state.Id).ToHashSet(), (await app.StoredTimelineAsync()).Select(e => e.Id).ToHashSet());
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

        var told = (await app.StoredTimelineAsync()).Where(e => e.LeadId is null && !earlier.Contains(e.Id)).Select(e => e.Id);
        Assert.Equal(groups.SelectMany(events => events).Select(e => e.Id).Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        var live = (await app.StatesAsync()).Where(state => state.MergedInto is null && !others.Contains(state.Id));
        Assert.Equal(groups.Count * 10, live.Sum(state => state.Whole.Activity.Values.Sum(activity => activity.Total)));

        LeadEvent[] Shuffled(LeadEvent[] events)
        {
            LeadEvent[] shuffled = [.. events];
            random.Shuffle(shuffled);
            return shuffled;
        }
    }

    [Fact]
    public async Task Fifty_concurrent_writers_on_one_lead_lose_nothing()
    {
        await using var app = shared.Borrow();
        await using var second = await shared.BorrowSecondAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(writer => Task.Run(async () =>
        {
            var target = writer % 2 == 0 ? app : second;
            for (var i = 0; i < 4; i++)
            {
                await target.EnqueueAsync(Track($"busy-{writer}-{i}", "Product Viewed", writer, "busy", "busy-a" + writer, new { productId = $"p{writer}-{i}" }));
            }
        })));
        await SettleAsync(app, second);

        var lead = await app.FindAsync("userId=busy");
        Assert.Equal(200, (int)lead!["activity"]!["Product Viewed"]!["count"]!);
        Assert.Equal(50, lead["anonymousIds"]!.AsArray().Count);
        Assert.Equal(200, (await app.TimelineAsync((string)lead["id"]!, limit: 33)).Select(e => (string)e["id"]!).Distinct().Count());
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
        var (id, user, anonymous) = ($"any-{group}-{n}", $"any-u{random.Next(2)}-{group}", $"any-a{random.Next(2)}-{group}");
        return random.Next(6) switch
        {
            0 => Page(id, "/", n, anonymous: anonymous),
            1 => Page(id, "/", n, user, anonymous),
            2 => Identify(id, n, user, anonymous, new { email = $"{user}@example.com" }),
            3 => Identify(id, n, anonymous: anonymous, traits: new { email = $"any-u{random.Next(2)}-{group}@example.com" }),
            4 => Track(id, "Step", n, user),
            _ => Alias(id, n, user, anonymous),
        };
    }
}
