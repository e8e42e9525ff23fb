using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Journeys.Runs;

/// <summary>Tells leads whose minute has come that time has passed, as events like any other.</summary>
public sealed class DueLeads(DueTable due, EventWriter events, TimeProvider time)
{
    /// <summary>Some of the leads of a minute that has come; how many, and 0 when there are none any more.</summary>
    internal async Task<int> TickAsync(string minute, CancellationToken cancellationToken)
    {
        var leadIds = await due.FirstAsync(minute, cancellationToken);
        if (leadIds.Count > 0)
        {
            // By the clock that made the minute come: this one may be a moment behind.
            var (now, begins) = (time.GetUtcNow(), DueTable.BeginOf(minute));
            now = now > begins ? now : begins;
            await events.EnqueueAsync([.. leadIds.Select(lead => RunFunctions.Tick(lead, minute, now))]);
            await due.RemoveAsync(minute, leadIds, cancellationToken);
        }

        return leadIds.Count;
    }
}
