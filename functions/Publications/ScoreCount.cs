using LeadFunctions.Leads.State;

namespace LeadFunctions.Publications;

/// <summary>Counts how scores would differ, as they are shown.</summary>
internal sealed class ScoreCount(int named)
{
    /// <summary>Where the bands begin.</summary>
    private static readonly double[] Bands = [0, 10, 25, 50, 75, 100, 250, 500, 1000];

    private readonly (int Before, int After)[] _bands = new (int, int)[Bands.Length];
    private readonly SortedDictionary<string, (int Before, int After)> _grades = new(StringComparer.Ordinal);
    private readonly PriorityQueue<NamedLead, (double, string)> _most = new(); // the one to be dropped first comes first
    private int _rise;
    private int _fall;

    public void Add(LeadScore before, LeadScore after, Lazy<NamedLead> lead)
    {
        var (was, becomes) = (before.Engagement, after.Engagement);
        (_rise, _fall) = (_rise + (becomes > was ? 1 : 0), _fall + (becomes < was ? 1 : 0));
        _bands[BandOf(was)].Before++;
        _bands[BandOf(becomes)].After++;
        if (before.Grade is { } old)
        {
            _grades[old] = (_grades.GetValueOrDefault(old).Before + 1, _grades.GetValueOrDefault(old).After);
        }

        if (after.Grade is { } grade)
        {
            _grades[grade] = (_grades.GetValueOrDefault(grade).Before, _grades.GetValueOrDefault(grade).After + 1);
        }

        var change = Math.Abs(becomes - was);
        if (change > 0 && (_most.Count < named || (_most.TryPeek(out _, out var least) && change > least.Item1)))
        {
            _most.Enqueue(lead.Value, (change, lead.Value.LeadId));
            if (_most.Count > named)
            {
                _most.Dequeue();
            }
        }
    }

    public ScoreShift Answer() => new(
        _rise, _fall,
        [.. _bands.Select((count, i) => new Band(Bands[i], i + 1 < Bands.Length ? Bands[i + 1] : null, count.Before, count.After)).Where(band => band.Before + band.After > 0)],
        [.. _grades.Select(grade => new GradeShift(grade.Key, grade.Value.Before, grade.Value.After))],
        [.. _most.UnorderedItems.OrderByDescending(one => one.Priority.Item1).ThenBy(one => one.Priority.Item2, StringComparer.Ordinal).Select(one => one.Element)]);

    private static int BandOf(double engagement) => Math.Max(0, Array.FindLastIndex(Bands, from => from <= engagement));
}
