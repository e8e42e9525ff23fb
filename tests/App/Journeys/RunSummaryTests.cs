using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

public sealed class RunSummaryTests
{
    [Fact]
    public void Messages_are_counted_and_ways_kept_once_each()
    {
        var run = new RunState("j.lead.k", "j", 3, "lead", "k", Start, default)
        {
            Step = "s",
            Log = [.. new[] { ("a", "sent", "t"), ("b", "path", "left \"x\""), ("a", "sent", "t"), ("b", "path", "left \"x\""), ("b", "path", "right") }.Select(line => new RunRecord(Start, line.Item1, line.Item2, line.Item3))],
        };

        var summary = RunSummary.Of(run);

        Assert.Equal((RunStatus.Active, 3, "s", 2), (summary.Status, summary.Version, summary.Step, summary.Sent));
        Assert.Equal([new("b", "left \"x\""), new("b", "right")], summary.Paths);
        Assert.Equal(summary.Paths, RunSummary.PathsIn(RunSummary.Text(summary.Paths)));
    }

    [Fact]
    public void What_a_column_cannot_hold_is_left_out()
    {
        List<PathTaken> many = [.. Enumerable.Range(0, 2000).Select(i => new PathTaken("a-step-with-a-long-id", $"round {i}"))];

        var kept = RunSummary.PathsIn(RunSummary.Text(many));

        Assert.True(RunSummary.Text(many).Length <= 32 * 1024);
        Assert.Equal(many.Take(kept.Count), kept);
        Assert.InRange(kept.Count, 500, 1999);
        Assert.Empty(RunSummary.PathsIn(RunSummary.Text([])));
    }
}
