using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// Makes what leads lack of what is asked of their events, since those are from before somebody asked: from their timelines, once. A profile and its timeline rows are written in one transaction, and
/// what is made here counts only for the profile that was read before the rows: with its ETag, a row more than it knows of is a conflict.
/// </summary>
internal sealed class LeadHistory(LeadsTable table)
{
    /// <summary>The very state when nothing is lacking.</summary>
    public async ValueTask<LeadState> CompleteAsync(LeadState lead, AskedHistory asked, CancellationToken cancellationToken)
    {
        if (!IsLacking(lead, asked))
        {
            return lead;
        }

        var own = await CompleteAsync(lead.Own, [lead.Id, .. lead.Folded ?? []], asked, cancellationToken);
        var absorbed = new List<AbsorbedLead>();
        foreach (var part in lead.Absorbed)
        {
            absorbed.Add(part with { Record = await CompleteAsync(part.Record, [.. part.Ids], asked, cancellationToken) });
        }

        return lead.With(own, absorbed);
    }

    public static bool IsLacking(LeadState lead, AskedHistory asked) => lead.Own.Lacks(asked) || lead.Absorbed.Exists(part => part.Record.Lacks(asked));

    private async Task<LeadRecord> CompleteAsync(LeadRecord record, IReadOnlyList<string> leadIds, AskedHistory asked, CancellationToken cancellationToken)
    {
        var recollection = new LeadRecord.Recollection(record, asked);
        if (!recollection.IsNeeded)
        {
            return record;
        }

        foreach (var id in leadIds)
        {
            await foreach (var row in table.TimelineAsync(id, null, cancellationToken))
            {
                foreach (var entry in LeadRows.ReadTimeline(row))
                {
                    recollection.Add(entry.Event);
                }
            }
        }

        return recollection.Complete();
    }
}
