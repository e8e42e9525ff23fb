namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// Whether a journey has gone silent: it is live, people are inside or came in once, and nobody has come or gone on for longer than it used to take. It used to take what lay between two such days at most,
/// of the last <see cref="DayCounts.Kept"/>, and never less than a weekend; where that is not known, a week. Of a journey of which no day is known, as after an update, nobody can say.
/// </summary>
/// <param name="LastDay">When somebody last came or went on (UTC); null: nobody knows.</param>
/// <param name="Days">Since then.</param>
/// <param name="Usual">The longest pause before; null where that is not known.</param>
internal sealed record Silence(DateOnly? LastDay, int? Days, int? Usual, bool IsSilent)
{
    private const int Weekend = 3;
    private const int Unknown = 7;

    public static Silence Of(IReadOnlyDictionary<DateOnly, Counters> days, DateOnly today, bool isLive, bool hadPeople)
    {
        var moved = days.Where(day => day.Key <= today && day.Value.All.Values.Any(count => count > 0)).Select(day => day.Key).Order().ToList();
        if (moved is not [.., var last])
        {
            return new(null, null, null, IsSilent: false);
        }

        var lately = moved.Where(day => day > last.AddDays(-DayCounts.Kept)).ToList();
        int? usual = lately.Count < 2 ? null : lately.Zip(lately.Skip(1), (one, next) => next.DayNumber - one.DayNumber).Max();
        var since = today.DayNumber - last.DayNumber;
        return new(last, since, usual, isLive && hadPeople && since > (usual is { } longest ? Math.Max(longest, Weekend) : Unknown));
    }
}
