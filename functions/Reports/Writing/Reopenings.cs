using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;

namespace LeadFunctions.Reports.Writing;

/// <summary>
/// When somebody who is not ready, and has been silent, shows interest again: for 30 days nothing they did earned a point, and then within 7 days it came to 10. By the times of what they did, so that what comes late
/// finds its moment too.
/// </summary>
internal static class Reopenings
{
    public const double Enough = 10;

    public static readonly TimeSpan Silence = TimeSpan.FromDays(30), Within = TimeSpan.FromDays(7);

    private static readonly string[] NotReady = ["subscriber", Stages.Lead, Stages.Recycled];

    /// <summary>Those that these entries brought.</summary>
    public static IReadOnlyList<long> Of(LeadState before, LeadState after, IReadOnlyList<TimelineEntry> entries, LeadRules rules, DateTimeOffset now)
    {
        // Most commits end here, for a few looks.
        if (!entries.Any(entry => entry.Points.Count > 0) || !after.Whole.IsKnown || !NotReady.Contains(before.Whole.Stage)
            || !WasSilent(after.Whole.Ledger, entries.Where(entry => entry.Points.Count > 0).Min(entry => entry.Event.At) - Within))
        {
            return [];
        }

        var acts = Engagement.Of(after.Whole.Ledger, rules.Scoring, after.Whole, now).Contributions.Where(IsHuman).OrderBy(act => act.At).ToList();
        var told = entries.Select(entry => entry.Event.Id).ToHashSet();
        return [.. Moments(acts).Except(Moments(acts.Where(act => !told.Contains(act.EventId))))];
    }

    /// <summary>Whether a silence ended since then.</summary>
    private static bool WasSilent(Ledger ledger, DateTimeOffset since)
    {
        var entries = ledger.Entries;
        for (var i = entries.Count - 1; i > 0 && entries[i].At >= since; i--)
        {
            if (entries[i].At - entries[i - 1].At >= Silence)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHuman(Contribution act) =>
        act is { Applied: > 0, Count: null, Model: not LedgerEntry.GivenModel } && act.EventName is not (MessageEvents.OpenedByMachine or MessageEvents.ClickedByMachine);

    private static IEnumerable<long> Moments(IEnumerable<Contribution> acts)
    {
        (DateTimeOffset? last, DateTimeOffset? began, var sum) = (null, null, 0.0);
        foreach (var act in acts)
        {
            if (act.At - last >= Silence)
            {
                (began, sum) = (act.At, 0);
            }

            last = act.At;
            sum += act.Applied;
            if (began is { } at && (sum >= Enough || act.At - at > Within))
            {
                began = null; // of one silence once, or never
                if (act.At - at <= Within)
                {
                    yield return act.At.ToUnixTimeMilliseconds();
                }
            }
        }
    }
}
