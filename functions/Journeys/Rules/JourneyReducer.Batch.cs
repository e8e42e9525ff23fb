using LeadFunctions.Conditions;
using LeadFunctions.Events;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// Events that come together are as many that come one after the other: "the third visit" is the third of them, not each. Traits, stage and scores are those that all of them left:
/// who the lead is may be told with what it does.
/// </summary>
internal sealed partial class JourneyReducer
{
    private ILeadFacts FactsWith(int index) =>
        index + 1 == _change.Events.Count ? _change.Facts : new WithoutLater(_change.Facts, [.. _change.Events.Skip(index + 1).Where(IsCounted)]);

    // As the lead's activity counts: not what only moves runs or merges leads.
    private static bool IsCounted(LeadEvent e) => !e.IsOrder && e.Type is not (EventType.Merge or EventType.Unmerge);

    private sealed class WithoutLater(ILeadFacts lead, IReadOnlyList<LeadEvent> later) : LeadFactsOver(lead)
    {
        public override int Count(string eventName, DateTimeOffset from, DateTimeOffset to) =>
            Math.Max(0, base.Count(eventName, from, to) - later.Count(e => e.Name == eventName && IsIn(e.At, from, to)));

        // The later ones are among them.
        public override bool TryTimes(string eventName, out ReadOnlySpan<long> times)
        {
            times = default;
            return false;
        }

        // To the millisecond, as they are counted.
        private static bool IsIn(DateTimeOffset at, DateTimeOffset from, DateTimeOffset to) =>
            at.ToUnixTimeMilliseconds() is var ms && ms >= from.ToUnixTimeMilliseconds() && ms <= to.ToUnixTimeMilliseconds();
    }
}
