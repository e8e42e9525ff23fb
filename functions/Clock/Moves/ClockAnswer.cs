using LeadFunctions.Journeys.Runs;

namespace LeadFunctions.Clock.Moves;

/// <summary>What the clock shows, and after a move what became due on the way.</summary>
/// <param name="Frozen">It stands until it is moved; a request says <c>stand</c>. Scripts read this name since the clock was the development host's.</param>
/// <param name="Ran">What this instance ran meanwhile, requests aside.</param>
/// <param name="Happened">The first of what became due and happened, in order.</param>
/// <param name="More">How many came after those.</param>
internal sealed record ClockAnswer(DateTimeOffset Now, bool Frozen, IReadOnlyList<Ran>? Ran = null, IReadOnlyList<Happened>? Happened = null, int? More = null);

/// <summary>How often a function ran.</summary>
internal sealed record Ran(string Name, long Count);

internal enum HappenedKind
{
    /// <summary>A run's time came.</summary>
    Run,

    /// <summary>A minute came in which time alone concerned some leads.</summary>
    Leads,
}

/// <summary>Something became due.</summary>
/// <param name="At">When.</param>
/// <param name="Id">The run; of leads none.</param>
/// <param name="Step">Where the run stood.</param>
/// <param name="Count">How many leads.</param>
internal sealed record Happened(DateTimeOffset At, HappenedKind Kind, string? Id = null, string? Journey = null, string? Step = null, int? Count = null);

/// <summary>What became due while the clock was moved: the first in full, the rest counted.</summary>
internal sealed class Happenings
{
    public const int Most = 500;

    private readonly List<Happened> _first = [];

    public int Count { get; private set; }

    public IReadOnlyList<Happened> First => _first;

    public int More => Count - _first.Count;

    public void Add(IEnumerable<DueRun> runs)
    {
        foreach (var run in runs.OrderBy(run => run.At).ThenBy(run => run.Id, StringComparer.Ordinal))
        {
            Add(new Happened(run.At, HappenedKind.Run, run.Id, run.Journey, run.Step));
        }
    }

    public void Add(DateTimeOffset minute, int leads)
    {
        if (leads > 0)
        {
            Add(new Happened(minute, HappenedKind.Leads, Count: leads));
        }
    }

    private void Add(Happened happened)
    {
        Count++;
        if (_first.Count < Most)
        {
            _first.Add(happened);
        }
    }
}
