using LeadFunctions.Events;

namespace LeadFunctions.Tail;

/// <summary>Of a batch the events that somebody looks at, and what became of them.</summary>
internal sealed class TailedBatch
{
    private readonly EventBatch _marked;
    private readonly List<AppliedEvent> _applied = [];

    private TailedBatch(EventBatch marked)
    {
        _marked = marked;
        Batch = marked with { Events = [.. marked.Events.Select(e => e.TailId is null ? e : e with { TailId = null })] };
    }

    /// <summary>Without the marks: they are none of the lead's business.</summary>
    public EventBatch Batch { get; }

    /// <summary>To be filled in by whoever applies it.</summary>
    public ICollection<AppliedEvent> Applied => _applied;

    /// <summary>Null, nearly always: nobody looks at any.</summary>
    public static TailedBatch? Of(EventBatch batch)
    {
        foreach (var e in batch.Events)
        {
            if (e.TailId is not null)
            {
                return new(batch);
            }
        }

        return null;
    }

    /// <summary>What a lead decides by all of its events together, and tells as events of its own, is told at the last of them: segments, stages and <paramref name="woken"/> journeys.</summary>
    /// <param name="isAgain">The message came before: what is not new now was perhaps applied then, and what it did is not known any more.</param>
    public IReadOnlyCollection<TailRow> Rows(IEnumerable<(LeadEvent Event, string Reason)> refused, IEnumerable<(string LeadId, string Journey)> woken, bool isAgain, DateTimeOffset now)
    {
        var failed = refused.GroupBy(one => one.Event.Id).ToDictionary(same => same.Key, same => same.First().Reason);
        var applied = _applied.GroupBy(one => one.Entry.Event.Id).ToDictionary(same => same.Key, same => new Queue<AppliedEvent>(same));
        var told = _marked.Events.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var last = _applied.Where(one => told.Contains(one.Entry.Event.Id)).GroupBy(one => one.LeadId).ToDictionary(lead => lead.Key, lead => lead.Last().Entry);
        var derived = _applied.Where(one => !told.Contains(one.Entry.Event.Id) && one.Entry.Changes is not null).ToLookup(one => one.LeadId, one => one.Entry.Changes!); // just asked
        var journeys = woken.ToLookup(one => one.LeadId, one => one.Journey);
        var rows = new List<TailRow>();
        foreach (var e in _marked.Events)
        {
            // The same event may stand in it twice: what it did, it did once.
            var did = applied.TryGetValue(e.Id, out var same) && same.TryDequeue(out var one) ? one : (AppliedEvent?)null;
            if (e.TailId is not { } id)
            {
                continue;
            }

            var row = TailRow.Of(id, did is not null || (isAgain && !failed.ContainsKey(e.Id)) ? TailOutcome.Applied : failed.ContainsKey(e.Id) ? TailOutcome.Failed : TailOutcome.Duplicate, e) with { AppliedAt = now };
            rows.Add(did is { LeadId: var lead, Entry: var entry }
                ? With(row with { Lead = lead, Points = entry.Points }, entry.Changes, ReferenceEquals(last[lead], entry) ? derived[lead] : [], ReferenceEquals(last[lead], entry) ? journeys[lead] : [])
                : row with { Message = TailRow.Cut(failed.GetValueOrDefault(e.Id)), UserId = null, Email = null, AnonymousId = null }); // whoever was erased meanwhile is not to be named anew
        }

        return rows;
    }

    private static TailRow With(TailRow row, TimelineChanges? own, IEnumerable<TimelineChanges> derived, IEnumerable<string> journeys)
    {
        List<TimelineChanges> all = [.. own is null ? [] : new[] { own }, .. derived];
        return row with
        {
            Stage = all.LastOrDefault(changes => changes.Stage is not null)?.Stage,
            Entered = NullIfNone(all.SelectMany(changes => changes.Entered ?? [])),
            Left = NullIfNone(all.SelectMany(changes => changes.Left ?? [])),
            Journeys = NullIfNone(journeys),
        };
    }

    private static IReadOnlyList<string>? NullIfNone(IEnumerable<string> names) => names.Distinct().ToList() is { Count: > 0 } some ? some : null;
}
