using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Reports.Writing;
using LeadFunctions.Scoring;

namespace LeadFunctions.Reports.Backfill;

/// <summary>The facts that a lead's timeline makes, by the code that makes them as events are applied. What was decided then stands in the timeline and is taken from there: nothing is decided anew.</summary>
internal static class FactReplay
{
    /// <param name="rows">The lead's timeline, as it was written: the entries of one commit together.</param>
    /// <param name="rules">What is only read of rules: which reasons are on the list, and whether writing to people needs their consent.</param>
    public static IReadOnlyList<Fact> Of(string leadId, IEnumerable<IReadOnlyList<TimelineEntry>> rows, LeadRules rules)
    {
        var (state, facts) = (new LeadState { Id = leadId }, new List<Fact>());
        foreach (var row in rows.OrderBy(row => row.Max(entry => entry.ReceivedAt)))
        {
            var reduced = Reducer.Apply(
                state, [.. row.Select(entry => new Arrival(entry.Event, entry.ReceivedAt, entry.Event.LeadId is null ? Identity.Of(entry.Event) : []))],
                new LeadRules(ScoringModels.None, JourneyRules.None), row.Max(entry => entry.ReceivedAt));
            facts.AddRange(CommitFacts.Of(state, reduced.State, row, null, rules, row.Max(entry => entry.ReceivedAt)));
            state = reduced.State;
        }

        return facts;
    }
}
