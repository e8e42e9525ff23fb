using System.Globalization;

namespace LeadFunctions.Reports.Metrics;

/// <summary>
/// How the new leads of a month stood at its last instant. It was noted by the first commit after that (<see cref="FactKind.Snapshot"/>), of the lead as it had been until then, and stays; of whom nothing was committed since, the lead
/// still stands as it did, but for decay, which is known. So nobody has to be there when a month ends.
/// </summary>
internal static class ScoreProfile
{
    /// <summary>The option: as of the month's end, or as they stand now.</summary>
    public const string Today = "today", Then = "then";

    public static readonly Apart Unnoted = new("pending", "Nobody noted how these stood at the month's end.");

    private const int BandWidth = 10, HighestBand = 990;

    /// <summary>It is noted at months' ends only, in the zone that the workspace had then; zones are no further apart.</summary>
    private static readonly long MostZones = (long)TimeSpan.FromHours(26).TotalMilliseconds;

    public static Action<Person, List<Counted>> Prepare(Counting counting)
    {
        var isToday = counting.Query.Option(Dimensions.Model) == Today;
        var (from, to) = (Periods.Moment(counting.Query.From, counting.Zone), Periods.Moment(counting.Query.To.PlusDays(1), counting.Zone));
        return (person, into) =>
        {
            if (AllMetrics.FindNew(person) is not { } began || began.At < from || began.At >= to)
            {
                return;
            }

            var month = Periods.MonthOf(began.At, counting.Zone);
            var stands = isToday || month.End > counting.Now ? counting.Sources.StandingAt(person.LeadId, counting.Now) : Noted(person, month) ?? Unchanged(person, month, counting);
            into.Add(new(began.At, began.Values)
            {
                Is = stands is not null,
                Apart = stands is null ? Unnoted : null,
                ActValues = stands is { } known
                    ? FactValues.Of(KeyValuePair.Create(Dimensions.Band, BandOf(known.Engagement)), KeyValuePair.Create(Dimensions.Grade, known.Grade ?? ReportQuery.Unknown))
                    : null,
            });
        };
    }

    /// <summary>Ten points wide; named so that they sort.</summary>
    public static string BandOf(double engagement)
    {
        var lowest = (int)Math.Min(Math.Max(0, engagement) / BandWidth, HighestBand / BandWidth) * BandWidth;
        return lowest == HighestBand ? $"{HighestBand}+" : string.Create(CultureInfo.InvariantCulture, $"{lowest:000}-{lowest + BandWidth - 1:000}");
    }

    /// <summary>Of people who were several leads then, the one that stood highest; of equals the better grade.</summary>
    private static Standing? Noted(Person person, Period month)
    {
        Standing? noted = null;
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Snapshot && Math.Abs(fact.At - (month.End - 1)) <= MostZones && new Standing(fact.Number, fact.Values[Dimensions.Grade], 0) is var stood
                && (noted is not { } best || stood.Engagement > best.Engagement || (stood.Engagement == best.Engagement && string.CompareOrdinal(stood.Grade ?? "~", best.Grade ?? "~") < 0)))
            {
                noted = stood;
            }
        }

        return noted;
    }

    private static Standing? Unchanged(Person person, Period month, Counting counting) =>
        counting.Sources.StandingAt(person.LeadId, month.End - 1) is { } stands && stands.Since < month.End ? stands : null;
}
