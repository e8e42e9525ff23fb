using LeadFunctions.Events.Queueing;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Runs;

/// <summary>Others than leads that time concerns: their rows stand in the same minutes.</summary>
public interface IDueOthers
{
    /// <summary>What their rows begin with; no lead's id does.</summary>
    string Prefix { get; }

    /// <summary>They begin walks over many leads, which are over later.</summary>
    bool BeginWalks => false;

    /// <summary>Their minute has come. At least once: the rows are removed afterwards.</summary>
    /// <param name="begins">What time it is at least, by the clock that made the minute come.</param>
    Task TickAsync(IReadOnlyList<string> rows, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken);
}

/// <summary>Tells leads whose minute has come that time has passed, as events like any other.</summary>
public sealed class DueLeads(DueTable due, EventWriter events, IEnumerable<IDueOthers> others, TimeProvider time)
{
    /// <summary>Some of the leads, and others, of a minute that has come; who they were, and nobody when there are none any more; and whether walks have begun.</summary>
    internal async Task<(IReadOnlyList<string> Rows, bool HasBegunWalks)> TickAsync(string minute, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        var rows = await due.FirstAsync(minute, cancellationToken);
        var leads = rows.ToList();
        foreach (var other in others)
        {
            var theirs = rows.Where(row => row.Key.StartsWith(other.Prefix, StringComparison.Ordinal)).ToList();
            leads.RemoveAll(theirs.Contains);
            if (theirs.Count > 0)
            {
                await other.TickAsync(theirs.ConvertAll(row => row.Key), DueTable.BeginOf(minute), client, cancellationToken);
                hasBegun |= other.BeginWalks;
            }
        }

        if (leads.Count > 0)
        {
            // By the clock that made the minute come: this one may be a moment behind.
            var (now, begins) = (time.GetUtcNow(), DueTable.BeginOf(minute));
            now = now > begins ? now : begins;
            await events.EnqueueAsync([.. leads.Select(row => RunFunctions.Tick(row.Key, row.Why is { } why ? $"{minute}/{why}" : minute, now))]);
        }

        if (rows.Count > 0)
        {
            await due.RemoveAsync(minute, rows, cancellationToken);
        }

        return ([.. rows.Select(row => row.Key)], hasBegun);
    }
}
