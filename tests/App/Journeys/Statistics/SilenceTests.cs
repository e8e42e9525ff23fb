using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Statistics;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys.Statistics;

public sealed class SilenceTests
{
    private static readonly DateOnly Today = new(2026, 6, 30);

    [Theory]
    [InlineData("1 2 3 29", 1, 26, false)]
    [InlineData("20 21 22 26", 4, 4, false)] // it took as long before
    [InlineData("20 22 24 26", 4, 2, true)]
    [InlineData("25 26 27", 3, 1, false)] // over a weekend nobody comes anywhere
    [InlineData("26", 4, null, false)]
    [InlineData("22", 8, null, true)]
    public void A_journey_is_silent_for_longer_than_it_used_to_be(string days, int since, int? usual, bool isSilent)
    {
        var moved = days.Split(' ').ToDictionary(day => new DateOnly(2026, 6, int.Parse(day)), _ => new Counters().Add("s|done"));

        Assert.Equal(new Silence(Today.AddDays(-since), since, usual, isSilent), Silence.Of(moved, Today, isLive: true, hadPeople: true));
        Assert.False(Silence.Of(moved, Today, isLive: false, hadPeople: true).IsSilent);
        Assert.False(Silence.Of(moved, Today, isLive: true, hadPeople: false).IsSilent);
    }

    [Fact]
    public void Of_a_journey_of_which_no_day_is_known_nobody_can_say() =>
        Assert.Equal(new Silence(null, null, null, false), Silence.Of(new Dictionary<DateOnly, Counters>(), Today, isLive: true, hadPeople: true));

    [Fact]
    public void Days_tell_what_came_through_lately_whichever_version_it_was_in()
    {
        var run = new RunState("j.l.k", "j", 1, "l", "k", Start, default)
        {
            Log =
            [
                new(Start, "hello", "sent", "t"), new(Start, "pause", "waits"), new(Start.AddDays(2), "pause", "done"), new(Start.AddDays(2), "pause", "moved", "j@2"),
                new(Start.AddDays(3), "bye", "skipped", Reason: "It is too late."), new(Start.AddDays(3), null, "ended", "completed"),
            ],
        };
        var days = DayCounts.In(RunCounts.Of(run with { Version = 2 }));

        Assert.Equal([0, 2, 3], days.Keys.Order().Select(day => day.DayNumber - DayCounts.Day(Start).DayNumber));
        var all = DayCounts.Since(DayCounts.Day(Start), days);
        Assert.Equal((1L, 1L, "bye 1, hello 1, pause 1"), (all.Entered, all.Sent, Told(all)));
        Assert.Equal(1, all.Steps["bye"].Left["skipped"]);
        var lately = DayCounts.Since(DayCounts.Day(Start).AddDays(1), days);
        Assert.Equal((0L, 0L, "bye 1, pause 1"), (lately.Entered, lately.Sent, Told(lately)));
        Assert.DoesNotContain(RunCounts.Change(run, run with { Version = 2 }).Keys, part => DayCounts.DayOf(part) is not null); // moving to another version is nothing that a day tells

        static string Told(RecentStats stats) => string.Join(", ", stats.Steps.Select(step => $"{step.Key} {step.Value.Through}"));
    }

    [Fact]
    public void The_next_message_is_known_until_something_has_to_decide()
    {
        var journey = Parse("""
            {"name":"x","trigger":{"event":"Start"},"steps":[
              {"id":"pause","type":"wait","for":"1d"},{"id":"points","type":"addPoints","points":3},{"id":"hello","type":"send","template":"hello"},
              {"id":"long","type":"wait","for":"9d"},{"id":"more","type":"wait","for":"1d"},{"id":"bye","type":"send","template":"bye"},{"id":"end","type":"wait","for":"1d"}]}
            """);

        Assert.Equal(
            ["pause hello", "points ", "hello hello", "long ", "more bye", "bye bye", "end "],
            journey.Steps.Select(step => $"{step.Id} {journey.NextSend(step.Id)?.Template}"));
    }
}
