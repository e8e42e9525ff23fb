using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Who may enter a journey, and how often.</summary>
public sealed class EntryTests
{
    [Theory]
    [InlineData("\"afterExit\"")]
    [InlineData("{\"after\":\"2d\"}")]
    [InlineData("\"concurrent\"")]
    public void A_key_that_comes_again_is_no_start_and_keeps_nobody_out(string reentry)
    {
        var lead = new Rehearsal(Keyed(reentry)).Go("c1", 0).Go("c1", 50).Go("c2", 120).Run(Days(30));

        Assert.Equal([("c1", 0), ("c2", 120)], lead.Entered());
        Assert.Empty(lead.Lead.State.Journeys!.Runs);
        Assert.Equal(2, lead.Lead.State.Journeys.Past["test"].Times);
    }

    [Fact]
    public async Task In_the_whole_app_a_key_that_comes_again_keeps_nobody_out()
    {
        await using var app = await JourneyApp.StartAsync();
        await app.PublishAsync("keyed", """{"name":"x","trigger":{"event":"Go","key":"cart"},"entry":{"reentry":"afterExit"},"steps":[{"id":"w","type":"wait","for":"1h"},{"id":"s","type":"send","template":"s"}]}""");
        await app.SendAsync(JourneyApp.Identify("ann", new { email = "a@b.c" }));
        foreach (var (cart, hours) in new[] { ("c1", 0), ("c1", 50), ("c2", 70) })
        {
            await app.AdvanceAsync(Hours(hours));
            await app.SendAsync(JourneyApp.Track("ann", "Go", new { cart }));
            await app.SettleAsync();
        }

        await app.AdvanceAsync(Hours(2));

        Assert.Equal(["2026-06-01 11:00 s", "2026-06-06 11:00 s"], await app.SentAsync());
        Assert.Equal(["completed", "completed"], (await app.RunsAsync("keyed")).Select(run => run.GetProperty("status").GetString()));
    }

    [Fact]
    public void A_period_counts_from_the_last_run_and_not_from_a_key_that_came_again()
    {
        var lead = new Rehearsal(Keyed("{\"after\":\"2d\"}")).Go("c1", 0).Go("c1", 47).Go("c2", 47.5).Go("c3", 48).Run(Days(30));

        Assert.Equal([("c1", 0), ("c3", 48)], lead.Entered());
    }

    [Fact]
    public void A_key_never_runs_twice_however_many_came_between()
    {
        var lead = new Rehearsal(Keyed("{\"after\":\"2d\"}"));
        for (var n = 0; n < 130; n++)
        {
            lead.Go($"c{n}", n * 72);
        }

        lead.Go("c0", 130 * 72).Go("late", (130 * 72) + 1).Run(Days(600));

        // The profile has forgotten c0; where runs are kept it is found, and then nothing was entered that would put off the next.
        Assert.Equal(131, lead.Runs.Count);
        Assert.Equal(("late", (130 * 72) + 1), lead.Entered()[^1]);
        Assert.Empty(lead.Lead.State.Journeys!.Runs);
        Assert.InRange(lead.Lead.State.Journeys.Past["test"].Keys!.Count, 1, 100);
    }

    [Fact]
    public void Without_a_key_a_lead_enters_again_when_it_has_left_and_with_one_once_for_each()
    {
        const string waits = """{"name":"x","trigger":{"event":"Go"%},"steps":[{"id":"w","type":"wait","for":"2h"},{"id":"s","type":"send","template":"s"}]}""";

        var without = new Rehearsal(Parse(waits.Replace("%", "", StringComparison.Ordinal))).Go("a", 0).Go("b", 1).Go("c", 3).Run(Days(1));
        var with = new Rehearsal(Parse(waits.Replace("%", ",\"key\":\"cart\"", StringComparison.Ordinal))).Go("a", 0).Go("b", 1).Go("b", 3).Run(Days(1));

        Assert.Equal([0, 3], without.Entered().Select(run => run.Hour));
        Assert.Equal([("a", 0), ("b", 1)], with.Entered());
    }

    [Fact]
    public void An_old_profile_that_kept_keys_as_they_were_still_knows_them()
    {
        Assert.True(new JourneyPast(0, 1, ["c1"]).Knows("c1"));
        Assert.False(new JourneyPast(0, 1, ["c1"]).Knows("c2"));
        Assert.True(new JourneyPast(0, 1).With("c2").Knows("c2"));
    }

    private static Journey Keyed(string reentry) =>
        Parse($$"""{"name":"x","trigger":{"event":"Go","key":"cart"},"entry":{"reentry":{{reentry}}},"steps":[{"id":"w","type":"wait","for":"1h"},{"id":"s","type":"send","template":"s"}]}""");
}

file static class Entering
{
    public static Rehearsal Go(this Rehearsal lead, string cart, double hour) => lead.Track("Go", TimeSpan.FromHours(hour), new { cart });

    public static IReadOnlyList<(string Key, double Hour)> Entered(this Rehearsal lead) => [.. lead.Runs.Select(run => (run.Key, (run.EnteredAt - Rehearsal.Start).TotalHours))];
}
