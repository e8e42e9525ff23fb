using System.Globalization;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// What runs did on which day (UTC), a part of the sums for each: <c>welcome|done</c> for a step that was left so, <c>|entered</c>, and <c>welcome|sent</c> for a message. So it is known what came
/// through lately, and when somebody last did, without a look at any run. Of all versions together, in which a step's id means the same: else whoever moves to another would change all days behind them.
/// Days that are not <see cref="Kept"/> go when somebody looks.
/// </summary>
internal static class DayCounts
{
    /// <summary>In days: a month, and what a quiet journey is compared with.</summary>
    public const int Kept = 40;

    /// <summary>Sorts behind all other parts.</summary>
    public const string Prefix = "y";

    public const string Entered = "entered";
    public const string Sent = "sent";

    private const string Format = "yyyy-MM-dd";

    public static string PartOf(DateOnly day) => Prefix + day.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The part is a day's.</summary>
    public static bool IsDay(string part) => part.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Null when the part is no day's.</summary>
    public static DateOnly? DayOf(string part) => IsDay(part) ? DateOnly.ParseExact(part[1..], Format, CultureInfo.InvariantCulture) : null;

    /// <summary>The day (UTC) of a time.</summary>
    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>Those of all sums that are of days.</summary>
    public static IReadOnlyDictionary<DateOnly, Counters> In(IReadOnlyDictionary<string, Counters> sums) =>
        sums.Where(part => IsDay(part.Key)).ToDictionary(part => DayOf(part.Key)!.Value, part => part.Value); // as asked

    /// <summary>What a run adds.</summary>
    public static void Add(RunState run, IEnumerable<RunCounts.Pass> passes, Dictionary<string, Counters> parts)
    {
        foreach (var one in Of(run, passes))
        {
            var part = PartOf(Day(one.At));
            if (!parts.TryGetValue(part, out var counters))
            {
                parts[part] = counters = new();
            }

            counters.Add(one.Name);
        }
    }

    /// <summary>What a run did, each on its day.</summary>
    public static IEnumerable<Occurrence> Of(RunState run, IEnumerable<RunCounts.Pass> passes) => run.Status == RunStatus.HeldOut ? [] :
    [
        new(Name("", Entered), run.EnteredAt),
        .. passes.Select(pass => new Occurrence(Name(pass.Step, pass.How), pass.At)),
        .. run.Log.Where(line => line is { What: "sent", Step: not null }).Select(line => new Occurrence(Name(line.Step!, Sent), line.At)), // as the condition says
    ];

    /// <param name="step">Of what concerns the run itself, empty.</param>
    public static string Name(string step, string how) => $"{step}|{how}";

    /// <summary>What came through from a day on, as pages show it; of runs that a former build counted less than nothing may be left, which is none.</summary>
    public static RecentStats Since(DateOnly from, IReadOnlyDictionary<DateOnly, Counters> days)
    {
        var named = days.Where(day => day.Key >= from).SelectMany(day => day.Value.All)
            .Select(pair => (Name: pair.Key.Split('|', 2), Count: pair.Value))
            .GroupBy(pair => (Step: pair.Name[0], How: pair.Name[1]), pair => pair.Count)
            .ToDictionary(one => one.Key, one => Math.Max(0, one.Sum()));
        return new(
            from, named.GetValueOrDefault(("", Entered)), named.Where(one => one.Key.How == Sent).Sum(one => one.Value),
            named.Where(one => one.Key.Step.Length > 0 && one.Key.How != Sent && one.Value > 0).GroupBy(one => one.Key.Step).OrderBy(step => step.Key, StringComparer.Ordinal).ToDictionary(
                step => step.Key,
                step => new RecentStep(step.Where(way => StepStats.IsThrough(way.Key.How)).Sum(way => way.Value), step.ToDictionary(way => way.Key.How, way => way.Value))));
    }
}

/// <summary>What came through lately.</summary>
/// <param name="From">The first day (UTC); the last is today.</param>
internal sealed record RecentStats(DateOnly From, long Entered, long Sent, IReadOnlyDictionary<string, RecentStep> Steps);

/// <param name="Through">As <see cref="StepStats.Through"/>.</param>
/// <param name="Left">As <see cref="StepStats.Left"/>.</param>
internal sealed record RecentStep(long Through, IReadOnlyDictionary<string, long> Left);
