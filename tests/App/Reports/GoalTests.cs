using System.Text;
using LeadFunctions.Reports.Kept;

namespace LeadFunctions.Tests.Reports;

/// <summary>What metrics are to come to.</summary>
public sealed class GoalTests
{
    [Fact]
    public void What_is_counted_goes_on_at_its_pace_and_what_is_a_share_stays()
    {
        var (mqls, rejected) = (Goal("mqls", 300), Goal("rejected", 0.1));

        Assert.Equal(new GoalStanding(160, 320, 1.2, "onTrack"), GoalStanding.Of(mqls, 160, 200, 0.5));
        Assert.Equal(new GoalStanding(100, 200, 0, "offTrack"), GoalStanding.Of(mqls, 100, 200, 0.5));
        Assert.Equal(new GoalStanding(290, 290, 0.9, "missed"), GoalStanding.Of(mqls, 290, 200, 1));
        Assert.Equal(new GoalStanding(300, 300, 1, "reached"), GoalStanding.Of(mqls, 300, 200, 1));
        Assert.Equal(new GoalStanding(null, null, null, "ahead"), GoalStanding.Of(mqls, 0, 200, 0));

        // Less is the better.
        Assert.Equal("onTrack", GoalStanding.Of(rejected, 0.08, 0.3, 0.2).Status);
        Assert.Equal("offTrack", GoalStanding.Of(rejected, 0.12, 0.3, 0.9).Status);
        Assert.Equal((0.5, "offTrack"), (Math.Round(GoalStanding.Of(rejected, 0.2, 0.3, 0.9).Progress!.Value, 9), GoalStanding.Of(rejected, 0.2, 0.3, 0.9).Status)); // there is a baseline
        Assert.Equal("unknown", GoalStanding.Of(rejected, null, null, 0.2).Status);
    }

    [Theory]
    [InlineData("""{"metric":"luck","target":1,"baseline":{"from":"2026-01-01","to":"2026-03-31"},"date":"2026-06-30"}""", "$.metric")]
    [InlineData("""{"metric":"forecast","target":1,"baseline":{"from":"2026-01-01","to":"2026-03-31"},"date":"2026-06-30"}""", "$.metric")]
    [InlineData("""{"metric":"mqls","target":-1,"baseline":{"from":"2026-01-01","to":"2026-03-31"},"date":"2026-06-30"}""", "$.target")]
    [InlineData("""{"metric":"mqls","target":1,"baseline":{"from":"2026-04-01","to":"2026-03-31"},"date":"2026-06-30"}""", "$.baseline.to")]
    [InlineData("""{"metric":"mqls","target":1,"baseline":{"from":"2026-01-01","to":"2026-03-31"},"date":"2026-03-30"}""", "$.date")]
    [InlineData("""{"metric":"mqls","target":1,"baseline":{"from":"2026-01-01"},"date":"soon"}""", "$.baseline.to|$.date")]
    public void A_goal_that_nobody_can_judge_is_told_what_it_lacks(string json, string paths)
    {
        var (goal, errors) = LeadFunctions.Reports.Kept.Goal.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Null(goal);
        Assert.Equal(paths, string.Join('|', errors.Select(error => error.Path)));
    }

    private static Goal Goal(string metric, double target) =>
        LeadFunctions.Reports.Kept.Goal.Parse(Encoding.UTF8.GetBytes($$"""{"metric":"{{metric}}","target":{{target.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"baseline":{"from":"2026-01-01","to":"2026-03-31"},"date":"2026-06-30"}""")).Goal!; // it is valid
}
