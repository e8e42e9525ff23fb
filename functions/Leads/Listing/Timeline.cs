using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;

namespace LeadFunctions.Leads.Listing;

/// <summary>Where a page of a timeline starts: at entry <paramref name="Skip"/> of the row <paramref name="Row"/> (the key after the lead's prefix) of lead <paramref name="LeadId"/>.</summary>
internal sealed record TimelinePosition(string Row, string LeadId, int Skip);

/// <summary>A person's timeline: that of the lead and of every lead it absorbed, newest first by event time.</summary>
internal sealed class Timeline(LeadsTable table)
{
    /// <summary>Rows that one page looks through at most, so that a rare type cannot make a request endless; the cursor goes on from there.</summary>
    private const int RowLimit = 1_000;

    public async Task<(IReadOnlyList<(TimelineEntry Entry, string LeadId)> Entries, TimelinePosition? Next)> ReadAsync(
        IReadOnlyList<string> leadIds, Func<LeadEvent, bool> wanted, int limit, TimelinePosition? from, CancellationToken cancellationToken)
    {
        var page = new List<(TimelineEntry, string)>(limit);
        var streams = leadIds.Select(id => (Id: id, Rows: RowsFrom(id, from, cancellationToken).GetAsyncEnumerator(cancellationToken))).ToList();
        try
        {
            var open = new PriorityQueue<(string Id, IAsyncEnumerator<TableEntity> Rows), (string Row, string Id)>(RowOrder);
            // A person merged from hundreds of browsers has as many streams.
            await Parallel.ForEachAsync(streams, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (stream, _) => await NextAsync(stream, open));
            for (var rows = 0; open.TryDequeue(out var stream, out var at); rows++)
            {
                var skip = from is not null && at == (from.Row, from.LeadId) ? from.Skip : 0;
                if (rows == RowLimit)
                {
                    return (page, new TimelinePosition(at.Row, at.Id, skip));
                }

                var entries = LeadRows.ReadTimeline(stream.Rows.Current).OrderByDescending(entry => entry.Event.At).ToList();
                for (var i = skip; i < entries.Count; i++)
                {
                    if (!wanted(entries[i].Event))
                    {
                        continue;
                    }

                    if (page.Count == limit)
                    {
                        return (page, new TimelinePosition(at.Row, at.Id, i));
                    }

                    page.Add((entries[i], stream.Id));
                }

                await NextAsync(stream, open);
            }

            return (page, null);
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.Rows.DisposeAsync();
            }
        }
    }

    private static readonly IComparer<(string Row, string Id)> RowOrder = Comparer<(string Row, string Id)>.Create((a, b) =>
        string.CompareOrdinal(a.Row, b.Row) is not 0 and var byRow ? byRow : string.CompareOrdinal(a.Id, b.Id));

    private IAsyncEnumerable<TableEntity> RowsFrom(string leadId, TimelinePosition? from, CancellationToken cancellationToken)
    {
        // Rows that share the position's key belong to the page before when their lead sorts before the position's.
        var inclusive = from is not null && string.CompareOrdinal(leadId, from.LeadId) >= 0;
        var first = from is null ? null : LeadRows.TimelineRange(leadId).From + from.Row + (inclusive ? "" : "!");
        return table.TimelineAsync(leadId, first, cancellationToken);
    }

    private static async Task NextAsync((string Id, IAsyncEnumerator<TableEntity> Rows) stream, PriorityQueue<(string Id, IAsyncEnumerator<TableEntity> Rows), (string Row, string Id)> open)
    {
        if (await stream.Rows.MoveNextAsync())
        {
            lock (open)
            {
                open.Enqueue(stream, (stream.Rows.Current.RowKey[LeadRows.TimelineRange(stream.Id).From.Length..], stream.Id));
            }
        }
    }
}
