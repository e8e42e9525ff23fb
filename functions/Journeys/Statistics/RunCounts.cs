using System.Globalization;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// What one run adds to the statistics of its journey: a function of the run alone, so that whoever writes a run knows by the one before and the one after what changes in the sums, and whoever
/// doubts the sums can add all runs up again. By part: of the version that the run is in (<c>v3</c>), of the month of its entry where there are hold-outs (<c>m2026-11</c>), and of each day on
/// which it came or went on (<c>y2026-11-30</c>, <see cref="DayCounts"/>).
/// </summary>
internal static class RunCounts
{
    public const string Runs = "runs";
    public const string HeldOut = "heldOut";
    public const string Sent = "sent";
    public const string Status = "status|";

    private const string Version = "v";
    private const string Month = "m";

    private static readonly IReadOnlyDictionary<string, Counters> Nothing = new Dictionary<string, Counters>();

    public static IReadOnlyDictionary<string, Counters> Of(RunState run)
    {
        var passes = Passes(run.Log).ToList();
        var parts = new Dictionary<string, Counters> { [Version + run.Version.ToString(CultureInfo.InvariantCulture)] = new Counters().Add(OfVersion(run, passes)) };
        if (run.Trial is { Counts: true } trial)
        {
            parts[Month + run.EnteredAt.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)] = Cohorts.Of(run.EnteredAt, trial);
        }

        DayCounts.Add(run, passes, parts);
        return parts;
    }

    /// <summary>What changes in the sums; parts in which nothing does are left out.</summary>
    /// <param name="before">Null: the run is new.</param>
    public static IReadOnlyDictionary<string, Counters> Change(RunState? before, RunState after)
    {
        var change = Of(after).ToDictionary();
        foreach (var (part, counted) in before is null ? Nothing : Of(before))
        {
            change[part] = change.GetValueOrDefault(part, new Counters()).Add(counted, -1);
        }

        return change.Where(part => !part.Value.AreNone).ToDictionary();
    }

    /// <summary>Null when the part is no version's.</summary>
    public static int? VersionOf(string part) => part.StartsWith(Version, StringComparison.Ordinal) ? int.Parse(part.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) : null;

    /// <summary>Versions that somebody is inside.</summary>
    /// <param name="sums">By part.</param>
    public static IEnumerable<int> Inside(IReadOnlyDictionary<string, Counters> sums) =>
        from part in sums
        where part.Value[Status + RunStatus.Active.Name()] > 0
        let version = VersionOf(part.Key)
        where version is not null
        select version.Value;

    /// <summary>Null when the part is no month's: the day before its first.</summary>
    public static DateTimeOffset? MonthOf(string part) =>
        part.StartsWith(Month, StringComparison.Ordinal) ? DateTimeOffset.ParseExact(part[1..], "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    /// <summary>All that a run counts for its version, one by one: a sum adds them up, and whoever asks for the people behind a sum is shown those of whose runs it has some.</summary>
    public static IEnumerable<Occurrence> OfVersion(RunState run) => OfVersion(run, [.. Passes(run.Log)]);

    /// <summary>The same for its days (<see cref="DayCounts"/>).</summary>
    public static IEnumerable<Occurrence> OfDays(RunState run) => DayCounts.Of(run, Passes(run.Log));

    private static IEnumerable<Occurrence> OfVersion(RunState run, IReadOnlyList<Pass> passes)
    {
        if (run.Status == RunStatus.HeldOut)
        {
            yield return new(HeldOut, run.EnteredAt);
            yield break;
        }

        yield return new(Runs, run.EnteredAt);
        yield return new($"{Status}{run.Status.Name()}", run.EndedAt ?? run.EnteredAt);
        if (run is { Status: RunStatus.Active, Step: { } here })
        {
            yield return new($"here|{here}", run.EnteredAt);
        }

        foreach (var pass in passes)
        {
            yield return new($"left|{pass.Step}|{pass.How}", pass.At);
            if (pass.Why is { } why)
            {
                yield return new($"skip|{pass.Step}|{why}", pass.At);
            }

            if (pass.Waited is { } waited)
            {
                yield return new(WaitTimes.Exact(pass.Step, waited), pass.At);
            }
        }

        var ways = new HashSet<(string, string)>();
        foreach (var line in run.Log)
        {
            if (line.What == "sent")
            {
                yield return new(Sent, line.At);
            }
            else if (line is { What: "path", Step: { } step, Detail: { } path } && ways.Add((step, path)))
            {
                yield return new($"path|{step}|{path}", line.At);
                if (run.Status == RunStatus.Goal)
                {
                    yield return new($"goal|{step}|{path}", run.EndedAt ?? line.At);
                }
            }
        }
    }

    /// <summary>Each time that the run left a step.</summary>
    private static IEnumerable<Pass> Passes(IReadOnlyList<RunRecord> log)
    {
        (string Step, DateTimeOffset At)? since = null;
        Pass? last = null;
        var isLatest = false;
        foreach (var line in log)
        {
            if (line.Step is not { } step)
            {
                continue;
            }

            if (line.What is "waits" or "deferred")
            {
                since = since?.Step == step ? since : (step, line.At);
            }

            if (HowLeft(line) is not { } how)
            {
                isLatest = false;
                continue;
            }

            // A step that ends the run says first what it did: it is left once.
            var endsHere = line.What == "ended" && isLatest && last?.Step == step;
            if (last is not null && !endsHere)
            {
                yield return last;
            }

            last = new(line.At, step, how, how == "skipped" ? SkipReasons.Of(line) : null, endsHere ? last?.Waited : since?.Step == step ? line.At - since.Value.At : null);
            (since, isLatest) = (null, true);
        }

        if (last is not null)
        {
            yield return last;
        }
    }

    /// <summary>Null where the line tells of something else. A repeat is left after its last round.</summary>
    private static string? HowLeft(RunRecord line) => line.What switch
    {
        "path" when line.Reason is null => null,
        "done" or "sent" or "passed" or "path" or "left" => "done",
        "skipped" or "not sent" => "skipped",
        "bounced" or "failed" => line.What,
        "ended" => line.Detail switch { "exited" => "exit", "failed" => "runFailed", var status => status },
        _ => null,
    };

    /// <param name="At">When it was left.</param>
    internal sealed record Pass(DateTimeOffset At, string Step, string How, string? Why, TimeSpan? Waited);
}

/// <summary>Something that a run counts once.</summary>
/// <param name="Name">Of the counter.</param>
/// <param name="At">When it happened; of what says how a run stands, when it entered.</param>
internal readonly record struct Occurrence(string Name, DateTimeOffset At);
