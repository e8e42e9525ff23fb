using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Segments;

/// <summary>
/// What a segment of silent people costs while time passes, counted where storage is asked: in proportion to those who enter, whoever else is there.
/// The same of ten thousand in memory, each with its events: <see cref="SegmentReducerTests"/>.
/// </summary>
internal static class SegmentCosts
{
    private const int Movers = 20;

    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static async Task FollowTheChangesAsync(TestApp app, int bystanders)
    {
        using var meter = new StorageMeter(app.ConnectionString);
        await app.PutAsync("/api/segments/silent", """{"name":"Silent","when":{"all":[{"event":"Look","count":{"gte":1}},{"not":{"event":"Look","within":"30d"}}]}}""");
        await app.PostAsync("/api/segments/silent/publish");
        await app.SettleAsync();

        var alone = await RoundAsync(app, meter, "a", bystanders: 0);
        var among = await RoundAsync(app, meter, "b", bystanders);

        // Their silence would be over in one minute: they are noted for it together, and nobody looks for each whether somebody waits for that minute.
        Assert.True(among.Notes <= bystanders / 5, $"{among.Notes} requests to note {bystanders}");

        // Nothing changes for weeks: that costs nothing, however many could have changed.
        Assert.True(among.Silence.Where(IsOfTheChanges) <= alone.Silence.Where(IsOfTheChanges) + 10, $"{among.Silence}");

        // Each of twenty changes at its own minute: that minute, its rows, its messages and one transaction each, and no more for those who stand by.
        var (few, many) = (alone.Changes.Where(IsOfTheChanges), among.Changes.Where(IsOfTheChanges));
        Assert.True(few is > Movers and <= 45 * Movers, $"{few / (double)Movers} requests a change: {alone.Changes}");
        Assert.True(many <= 1.25 * few, $"{many} requests, {few} without bystanders: {among.Changes}");
    }

    /// <summary>But for what moving the clock asks by itself, at each of its stops (what is due, what is queued, where it stands), for upkeep, and for looks whether something was published.</summary>
    private static bool IsOfTheChanges(RequestKind kind) =>
        !kind.IsUpkeep && !kind.IsEmptyPoll && kind.Resource is not ("Clock" or "Definitions" or "JourneyRuns") && (kind.Service != "queue" || kind.Resource.EndsWith("/messages", StringComparison.Ordinal) || kind.Method != "GET");

    /// <summary>Twenty whose silence is over each in a minute of its own, an hour before that of those who stand by.</summary>
    private static async Task<(long Notes, StorageRequests Silence, StorageRequests Changes)> RoundAsync(TestApp app, StorageMeter meter, string round, int bystanders)
    {
        var now = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();
        var looks = Enumerable.Range(0, Movers).Select(i => now.AddHours(-1).AddMinutes(-i)).ToList();
        var start = await meter.ReadAsync();
        await app.SendAsync([.. looks.Select((at, i) => Look($"{round}{i}", at))]);
        foreach (var some in Enumerable.Range(0, bystanders).Chunk(2000))
        {
            await app.SendAsync([.. some.Select(i => Look($"{round}-{i}", now))]);
        }

        await app.SettleAsync(TimeSpan.FromMinutes(3));
        var before = await meter.ReadAsync();
        await app.AdvanceAsync(Month - TimeSpan.FromHours(2));
        var between = await meter.ReadAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(90));
        await app.SettleAsync();
        var after = await meter.ReadAsync();

        for (var i = 0; i < Movers; i++)
        {
            var lead = (await app.GetAsync($"/api/leads?anonymousId={round}{i}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
            var entered = Assert.Single((await app.GetAsync($"/api/leads/{lead}/timeline?type=Segment%20Entered")).Json.GetProperty("items").EnumerateArray());
            Assert.Equal(looks[i] + Month + TimeSpan.FromMilliseconds(1), entered.GetProperty("at").GetDateTimeOffset());
            Assert.InRange(entered.GetProperty("properties").GetProperty("noticedAt").GetDateTimeOffset() - looks[i] - Month, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        }

        return ((before - start).Where(kind => kind.Resource == "Due" || kind.Resource.EndsWith("Instances", StringComparison.Ordinal)), between - before, after - between);
    }

    private static object Look(string browser, DateTimeOffset at) => new { type = "track", anonymousId = browser, @event = "Look", timestamp = at, messageId = $"look-{browser}" };
}
