using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// One number of a journey's statistics, to be asked whom it counts: which of the counters it adds up. The number and the people behind it are of the same occurrences (<see cref="RunCounts.OfVersion(RunState)"/>),
/// so they cannot mean different things.
/// </summary>
/// <param name="Since">Of what came through lately, from this day on (UTC), whatever version; null: of all times.</param>
internal sealed record CountedWhat(Func<string, bool> IsMeant, DateOnly? Since = null)
{
    /// <summary>How a step can be left (<see cref="StepStats.Left"/>).</summary>
    public static readonly IReadOnlyList<string> Ways = ["done", "skipped", "failed", "bounced", "goal", "exit", "cancelled", "runFailed", "completed"];

    public static readonly CountedWhat Entered = Named(RunCounts.Runs);
    public static readonly CountedWhat HeldOut = Named(RunCounts.HeldOut);
    public static readonly CountedWhat Sent = Named(RunCounts.Sent);

    public static CountedWhat Inside(string? step) => Named(step is null ? $"{RunCounts.Status}active" : $"here|{step}");

    /// <param name="statuses">As <see cref="RunStatuses.Name"/>; none: whoever is not inside any more.</param>
    public static CountedWhat Ended(IReadOnlyList<string> statuses) =>
        statuses.Count > 0 ? Named([.. statuses.Select(status => RunCounts.Status + status)]) : new(name => name.StartsWith(RunCounts.Status, StringComparison.Ordinal) && name != $"{RunCounts.Status}active");

    /// <param name="step">Null: any.</param>
    /// <param name="ways">None: however.</param>
    public static CountedWhat Left(string? step, IReadOnlyList<string> ways) => step is null
        ? new(name => name.StartsWith("left|", StringComparison.Ordinal) && (ways.Count == 0 || ways.Contains(name[(name.LastIndexOf('|') + 1)..])))
        : Named([.. (ways.Count > 0 ? ways : Ways).Select(how => $"left|{step}|{how}")]);

    public static CountedWhat Through(string step) => Left(step, [.. Ways.Where(StepStats.IsThrough)]);

    /// <param name="step">Null: any.</param>
    /// <param name="why">As <see cref="SkipReasons"/>; null: for any reason.</param>
    public static CountedWhat Skipped(string? step, string? why) => step is null
        ? new(name => name.StartsWith("skip|", StringComparison.Ordinal) && (why is null || name.EndsWith($"|{why}", StringComparison.Ordinal)))
        : why is null ? Begun($"skip|{step}|") : Named($"skip|{step}|{why}");

    public static CountedWhat Waited(string step) => Begun($"wait|{step}|");

    /// <param name="toGoal">Only those who reached the goal.</param>
    public static CountedWhat Way(string step, string way, bool toGoal) => Named($"{(toGoal ? "goal" : "path")}|{step}|{way}");

    public static CountedWhat EnteredSince(DateOnly day) => Named(DayCounts.Name("", DayCounts.Entered)) with { Since = day };

    public static CountedWhat SentSince(DateOnly day) => new(name => name.EndsWith(DayCounts.Name("", DayCounts.Sent), StringComparison.Ordinal), day);

    public static CountedWhat LeftSince(DateOnly day, string step, IReadOnlyList<string> ways) => Named([.. (ways.Count > 0 ? ways : Ways).Select(how => DayCounts.Name(step, how))]) with { Since = day };

    public static CountedWhat ThroughSince(DateOnly day, string step) => LeftSince(day, step, [.. Ways.Where(StepStats.IsThrough)]);

    /// <summary>The number, of the sums by part.</summary>
    /// <param name="version">Null: all of them.</param>
    public long In(IReadOnlyDictionary<string, Counters> sums, int? version) => Math.Max(0, sums
        .Where(part => Since is { } day ? DayCounts.DayOf(part.Key) >= day : RunCounts.VersionOf(part.Key) is { } one && (version is null || version == one))
        .SelectMany(part => part.Value.All).Where(pair => IsMeant(pair.Key)).Sum(pair => pair.Value));

    /// <summary>When, of a run, what is counted happened, in order; none: it is not among them.</summary>
    /// <param name="until">What came later is not asked for.</param>
    public IReadOnlyList<DateTimeOffset> Of(RunState run, DateTimeOffset until) =>
    [
        .. from one in Since is null ? RunCounts.OfVersion(run) : RunCounts.OfDays(run)
           where IsMeant(one.Name) && one.At <= until && (Since is not { } day || DayCounts.Day(one.At) >= day)
           orderby one.At
           select one.At,
    ];

    private static CountedWhat Named(params string[] names) => new(names.ToHashSet(StringComparer.Ordinal).Contains);

    private static CountedWhat Begun(string with) => new(name => name.StartsWith(with, StringComparison.Ordinal));
}
