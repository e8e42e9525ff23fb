namespace LeadFunctions.Journeys.Statistics;

/// <summary>What people did in a journey.</summary>
/// <param name="Entered">Runs in all, without those who are held out.</param>
/// <param name="HeldOut">People who would have entered and get nothing.</param>
/// <param name="Inside">Of active runs, how many stand at which step.</param>
/// <param name="Left">Of ended runs, how many ended how.</param>
/// <param name="Paths">For each step that chooses, how many went which way, and how many of those reached the goal.</param>
/// <param name="Versions">The same for each version that runs are in, or ended in.</param>
/// <param name="Recount">Only where one was asked for.</param>
/// <param name="Recent">Only where it was asked for: what came through in the last days.</param>
internal sealed record JourneyStats(
    long Entered, long Active, long Goals, long HeldOut, IReadOnlyDictionary<string, long> Inside, IReadOnlyDictionary<string, long> Left, long Sent,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, PathStats>> Paths, IReadOnlyDictionary<string, StepStats> Steps,
    IReadOnlyDictionary<string, JourneyStats>? Versions = null, Recount? Recount = null, RecentStats? Recent = null)
{
    private const string ActiveStatus = "active";

    /// <param name="sums">By part (<see cref="RunCounts"/>).</param>
    public static JourneyStats Of(IReadOnlyDictionary<string, Counters> sums) =>
        Of(sums.Where(part => RunCounts.VersionOf(part.Key) is not null).ToDictionary(part => RunCounts.VersionOf(part.Key)!.Value, part => part.Value)); // as asked

    public static JourneyStats Of(IReadOnlyDictionary<int, Counters> versions)
    {
        var all = new Counters();
        foreach (var counted in versions.Values)
        {
            all.Add(counted);
        }

        return Of(WaitTimes.Bounded(all)) with { Versions = versions.Where(version => !version.Value.AreNone).OrderBy(version => version.Key).ToDictionary(version => $"{version.Key}", version => Of(version.Value)) };
    }

    private static JourneyStats Of(Counters counters)
    {
        var named = counters.All.Select(pair => (Name: pair.Key.Split('|', 3), Count: pair.Value)).ToLookup(pair => pair.Name[0]);
        var statuses = named["status"].ToDictionary(pair => pair.Name[1], pair => pair.Count);
        return new(
            counters[RunCounts.Runs], statuses.GetValueOrDefault(ActiveStatus), statuses.GetValueOrDefault("goal"), counters[RunCounts.HeldOut],
            named["here"].ToDictionary(pair => pair.Name[1], pair => pair.Count),
            statuses.Where(status => status.Key != ActiveStatus).ToDictionary(),
            counters[RunCounts.Sent],
            named["path"].GroupBy(pair => pair.Name[1]).ToDictionary(step => step.Key, step => (IReadOnlyDictionary<string, PathStats>)step.ToDictionary(
                pair => pair.Name[2], pair => new PathStats(pair.Count, counters[$"goal|{step.Key}|{pair.Name[2]}"]))),
            StepsOf(named, WaitTimes.Of(counters)));
    }

    private static Dictionary<string, StepStats> StepsOf(ILookup<string, (string[] Name, long Count)> named, IReadOnlyDictionary<string, Waited> waited)
    {
        var here = named["here"].ToDictionary(pair => pair.Name[1], pair => pair.Count);
        var left = named["left"].ToLookup(pair => pair.Name[1], pair => (How: pair.Name[2], pair.Count));
        var skipped = named["skip"].ToLookup(pair => pair.Name[1], pair => (Why: pair.Name[2], pair.Count));
        return here.Keys.Union(left.Select(step => step.Key)).Order(StringComparer.Ordinal).ToDictionary(step => step, step => new StepStats(
            here.GetValueOrDefault(step),
            left[step].Where(way => StepStats.IsThrough(way.How)).Sum(way => way.Count),
            left[step].ToDictionary(way => way.How, way => way.Count),
            skipped[step].ToDictionary(reason => reason.Why, reason => reason.Count),
            waited.GetValueOrDefault(step)));
    }
}

internal sealed record PathStats(long Runs, long Goals);

/// <summary>What happened at one step; who came to it several times, in a repeat, counts as often.</summary>
/// <param name="Here">Runs that stand there now.</param>
/// <param name="Through">How often a run went on after it.</param>
/// <param name="Left">How it was left: done, skipped, failed or bounced, and the run went on, or ended there: goal, exit, cancelled, runFailed.</param>
/// <param name="Skipped">Why it was left out.</param>
/// <param name="Waited">How long it took those who had to wait there; null: nobody had.</param>
internal sealed record StepStats(long Here, long Through, IReadOnlyDictionary<string, long> Left, IReadOnlyDictionary<string, long> Skipped, Waited? Waited)
{
    /// <summary>Whether a run that left a step so went on.</summary>
    public static bool IsThrough(string how) => how is "done" or "skipped" or "failed" or "bounced";
}

/// <summary>All runs added up again.</summary>
/// <param name="Runs">How many there are.</param>
/// <param name="Differed">Whether the kept sums said otherwise; they have been put right.</param>
/// <param name="Unsettled">Of the shards of the journey's runs, how many changed so quickly that no moment could be caught: their sums are shown as they were kept.</param>
internal sealed record Recount(long Runs, bool Differed, int Unsettled);
