using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Messaging.Campaigns;

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

    /// <summary>A campaign's time came.</summary>
    Campaign,

    /// <summary>A minute came in which the app had something else to do: a report to mail, deliveries to make, segments to count anew, an erasure to go on with.</summary>
    Other,
}

/// <summary>Something became due.</summary>
/// <param name="At">When.</param>
/// <param name="Id">The run, or the campaign; of others none.</param>
/// <param name="Step">Where the run stood.</param>
/// <param name="Count">How many leads, or other things.</param>
/// <param name="Leads">Whom it concerned: the run's lead, or the first of some.</param>
internal sealed record Happened(DateTimeOffset At, HappenedKind Kind, string? Id = null, string? Journey = null, string? Step = null, int? Count = null, IReadOnlyList<string>? Leads = null);

/// <summary>What became due while the clock was moved: the first in full, the rest counted.</summary>
internal sealed class Happenings
{
    public const int Most = 500;

    private const int MostLeads = 5;

    private readonly List<Happened> _first = [];

    public int Count { get; private set; }

    public IReadOnlyList<Happened> First => _first;

    public int More => Count - _first.Count;

    public void Add(IEnumerable<DueRun> runs)
    {
        foreach (var run in runs.OrderBy(run => run.At).ThenBy(run => run.Id, StringComparer.Ordinal))
        {
            Add(new Happened(run.At, HappenedKind.Run, run.Id, run.Journey, run.Step, Leads: LeadOf(run)));
        }
    }

    /// <param name="rows">Of that minute: ids of leads, and what else time concerns.</param>
    public void Add(DateTimeOffset minute, IReadOnlyList<string> rows)
    {
        var (leads, campaigns) = (rows.Where(LeadIds.IsValid).Distinct().ToList(), rows.Where(row => row.StartsWith(CampaignRuns.Begins, StringComparison.Ordinal)).ToList());
        if (leads.Count > 0)
        {
            Add(new Happened(minute, HappenedKind.Leads, Count: leads.Count, Leads: [.. leads.Take(MostLeads)]));
        }

        foreach (var campaign in campaigns)
        {
            Add(new Happened(minute, HappenedKind.Campaign, campaign[CampaignRuns.Begins.Length..]));
        }

        if (rows.Count(row => !LeadIds.IsValid(row)) - campaigns.Count is > 0 and var others)
        {
            Add(new Happened(minute, HappenedKind.Other, Count: others));
        }
    }

    private static string[]? LeadOf(DueRun run) => RunId.Parse(run.Id) is (_, var lead) ? [lead] : null;

    private void Add(Happened happened)
    {
        Count++;
        if (_first.Count < Most)
        {
            _first.Add(happened);
        }
    }
}
