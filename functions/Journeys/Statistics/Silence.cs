namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// Whether a journey has gone silent: it is live, people are inside or came in once, and nobody has come or gone on for longer than it used to take. It used to take what lay between two such days at most,
/// of the last <see cref="DayCounts.Kept"/>, and never less than a weekend; where that is not known, a week.
/// </summary>
/// <param name="LastDay">When somebody last came or went on (UTC); null: not in the days that are known.</param>
/// <param name="Days">Since then, or as many as are known.</param>
/// <param name="Usual">The longest pause before; null where that is not known.</param>
internal sealed record Silence(DateOnly? LastDay, int Days, int? Usual, bool IsSilent)
{
    private const int Weekend = 3;
    private const int Unknown = 7;

    public static Silence Of(IReadOnlyDictionary<DateOnly, Counters> days, DateOnly today, bool isLive, bool hadPeople)
    {
        var moved = days.Where(day => day.Value.All.Values.Any(count => count > 0)).Select(day => day.Key).Where(day => day <= today && day > today.AddDays(-DayCounts.Kept)).Order().ToList();
        int? usual = moved.Count < 2 ? null : moved.Zip(moved.Skip(1), (one, next) => next.DayNumber - one.DayNumber).Max();
        var since = moved is [.., var last] ? today.DayNumber - last.DayNumber : DayCounts.Kept;
        return new(moved is [.., var day] ? day : null, since, usual, isLive && hadPeople && since > (usual is { } longest ? Math.Max(longest, Weekend) : Unknown));
    }
}
