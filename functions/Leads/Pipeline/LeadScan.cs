using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>All leads, anonymous ones too, in an order that stays: by shard, then id. For walks over everybody, which no index serves.</summary>
public sealed class LeadScan
{
    private readonly LeadsTable _table;
    private readonly LeadHistory _history;

    internal LeadScan(LeadsTable table) => (_table, _history) = (table, new LeadHistory(table));

    /// <summary>Those that are nobody else's part, as they stand in storage.</summary>
    /// <param name="after">The lead after which to go on; null at the start.</param>
    /// <param name="asked">What they are to know of their events; where a lead does not, its timeline is read.</param>
    internal async IAsyncEnumerable<LeadState> ReadAsync(string? after, AskedHistory asked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = after is null ? 0 : LeadIds.ShardIndex(after); shard < LeadIds.Shards; shard++)
        {
            await foreach (var row in _table.ProfilesAsync(shard, after is not null && LeadIds.ShardIndex(after) == shard ? after : null, cancellationToken))
            {
                if (LeadRows.Read(row) is LeadRow.Profile { State: { MergedInto: null } state })
                {
                    yield return await _history.CompleteAsync(state, asked, cancellationToken);
                }
            }
        }
    }

    /// <summary>One of them, with what somebody else asks of its events.</summary>
    internal ValueTask<LeadState> CompleteAsync(LeadState lead, AskedHistory asked, CancellationToken cancellationToken) => _history.CompleteAsync(lead, asked, cancellationToken);

    /// <summary>A lead's timeline as it was written, the entries of one commit together; those of the leads that it absorbed stand under their own ids.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<TimelineEntry>>> TimelineRowsAsync(string leadId, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<TimelineEntry>>();
        await foreach (var row in _table.TimelineAsync(leadId, null, cancellationToken))
        {
            rows.Add(LeadRows.ReadTimeline(row));
        }

        return rows;
    }
}
