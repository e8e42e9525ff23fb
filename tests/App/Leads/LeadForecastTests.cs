using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Scoring;
using LeadFunctions.Tests.Segments;
using static LeadFunctions.Tests.Segments.SegmentLead;

namespace LeadFunctions.Tests.Leads;

/// <summary>What time alone will do to a lead; for drawn segments <see cref="SegmentLaws"/> holds it against what time does.</summary>
public sealed class LeadForecastTests
{
    [Fact]
    public void What_is_foretold_of_a_segment_that_asks_for_a_stage_is_what_decay_does_to_it()
    {
        var scoring = ScoringModels.None.WithLive(Shop.Compile("""{"name":"m","engagement":{"rules":[{"id":"a","when":{"event":"a"},"points":40,"halfLife":"7d"}]}}"""));
        var (document, _) = LifecycleDocument.Parse(System.Text.Encoding.UTF8.GetBytes(
            """{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":30}},"demote":{"when":{"engagement":{"lt":20}},"to":"lead"}}]}"""));
        var segment = Parse("s", """{"all":[{"stage":"mql"},{"not":{"event":"b","within":"30d"}}]}""");
        var lead = new SegmentLead(Rules([segment], scoring) with { Lifecycle = new LifecycleRules(1, document!) }).Track("a").Advance(TimeSpan.FromMinutes(1)); // it has no mistake

        var foretold = new LeadForecast(lead.State, lead.Known, lead.Now).ChangesAt(segment.Document.When);
        lead.Advance(TimeSpan.FromDays(8));

        Assert.NotNull(foretold);
        Assert.Equal(2, lead.Moves.Count);
        Assert.StartsWith($"{foretold:MM-dd HH:mm:ss.fff} -s", lead.Moves[1], StringComparison.Ordinal);
    }

    /// <summary>Where each part is false until another is, nothing ever changes: the moments of the parts alone would say otherwise.</summary>
    [Fact]
    public void Parts_that_hold_one_after_the_other_never_make_the_whole_hold()
    {
        var segment = Parse("s", """{"all":[{"event":"page","within":"14d"},{"not":{"event":"order","within":"30d"}}]}""");
        var lead = new SegmentLead(segment).Track("page").Track("order");
        var forecast = new LeadForecast(lead.State, lead.Known, lead.Now);

        Assert.NotNull(segment.Document.When.NextChange(forecast.Now, lead.Now));
        Assert.Null(forecast.ChangesAt(segment.Document.When));
    }
}
