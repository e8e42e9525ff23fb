using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// Makes the tallies of leads that have such events from before somebody asked: from their timelines, once. A profile and its timeline rows are written in one transaction, and what is made here
/// counts only for the profile that was read before the rows: with its ETag, a row more than it knows of is a conflict.
/// </summary>
internal sealed class TallyHistory(LeadsTable table)
{
    /// <summary>The very state when nothing is lacking.</summary>
    public async ValueTask<LeadState> CompleteAsync(LeadState lead, IReadOnlyList<TallyDefinition> asked, CancellationToken cancellationToken)
    {
        if (asked.Count == 0 || (lead.Own.Lacks(asked).Count == 0 && lead.Absorbed.TrueForAll(part => part.Record.Lacks(asked).Count == 0)))
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

    private async Task<LeadRecord> CompleteAsync(LeadRecord record, IReadOnlyList<string> leadIds, IReadOnlyList<TallyDefinition> asked, CancellationToken cancellationToken)
    {
        if (record.Lacks(asked) is not { Count: > 0 } lacking)
        {
            return record;
        }

        var tallies = lacking.ToDictionary(tally => tally.Key, _ => Tally.Empty);
        foreach (var id in leadIds)
        {
            await foreach (var row in table.TimelineAsync(id, null, cancellationToken))
            {
                foreach (var e in LeadRows.ReadTimeline(row).Select(entry => entry.Event).Where(e => e.Type is not (EventType.Merge or EventType.Unmerge or EventType.Journey)))
                {
                    foreach (var tally in lacking)
                    {
                        tallies[tally.Key] = tally.ValueOf(e) is { } value ? tallies[tally.Key].With(e.At.ToUnixTimeMilliseconds(), value) : tallies[tally.Key];
                    }
                }
            }
        }

        return record.With(tallies);
    }
}
