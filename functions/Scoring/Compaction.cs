using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// Makes a long ledger short, the oldest entries first. Of rules whose events have nothing to do with each other (no repeat policy, no cap, no history), they become one carried entry for each
/// (version, rule, mask): how many, and what they are worth together at the time of the last. All others are folded: each keeps its time, rule and key (<see cref="FoldedEntries"/>), but for
/// those that a <c>once</c> or <c>oncePer</c> rejects for good.
/// <para>
/// The score is the same (to 1e-9), now and later, whatever comes and whenever it happened, and whatever the lead's facts turn out to be; but a redelivered event whose entry is not single any
/// more is not recognised here (the profile's own memory of event ids covers 24 hours). Only of what is folded beyond <see cref="FoldedLimit"/> the oldest is settled: see <see cref="Settlement"/>.
/// </para>
/// </summary>
internal sealed class Compaction(ScoringModels models, ILeadFacts facts, DateTimeOffset now, int foldedLimit)
{
    /// <summary>In bytes: some 80,000 entries.</summary>
    public const int FoldedLimit = 384 * 1024;

    public Ledger Compact(Ledger ledger, int target)
    {
        var kept = new List<LedgerEntry>(ledger.Count);
        var folded = new List<LedgerEntry>();
        var carried = ledger.Entries.Where(IsCarried).GroupBy(entry => entry.Kind).ToDictionary(same => same.Key, same => same.ToList());
        var excess = ledger.Count - target;
        var newest = ledger.Count - (target / 3); // they stay, however many of the others can go neither way
        for (var i = 0; i < ledger.Count; i++)
        {
            var entry = ledger.Entries[i];
            if (excess <= 0 || i >= newest || entry.At > now || entry is not { Count: 0, Limit: null, Settled: null })
            {
                if (!IsCarried(entry))
                {
                    kept.Add(entry);
                }
            }
            else if (!models.IsPlain(entry.Kind))
            {
                folded.Add(entry);
                excess--;
            }
            else if (carried.TryGetValue(entry.Kind, out var others))
            {
                others.Add(entry);
                excess--;
            }
            else
            {
                carried[entry.Kind] = [entry];
            }
        }
        var all = FoldedEntries.Join(ledger.Folded, FoldedEntries.Of(folded, IsKeyed, KeepsEarliest), KeepsEarliest);
        var compact = Ledger.Of(kept.Concat(carried.Values.Select(Carry)), all);
        return all.Weight <= foldedLimit ? compact : new Settlement(models, facts).Settle(compact, foldedLimit * 3 / 4);
    }

    private bool IsKeyed(LedgerEntry entry) => entry.Key is not null || models.FindRule(entry.Kind)?.Repeat is Repeat.OncePer;

    // The same event atoms and the same traits: of two with one key the earlier counts, or neither.
    private bool KeepsEarliest(FoldedKind kind) => models.FindRule(kind) is { Repeat: Repeat.Once or Repeat.OncePer, When.DependsOnTime: false };

    private bool IsCarried(LedgerEntry entry) => entry is { Count: > 0, Limit: null, Settled: null } && models.IsPlain(entry.Kind);

    private LedgerEntry Carry(List<LedgerEntry> members)
    {
        if (members.Count == 1)
        {
            return members[0];
        }
        var last = members.Max()!; // there are two at least
        var rule = models.FindRule(last.Kind);
        var worth = members.Sum(member =>
            (member.Count > 0 || rule is null ? member.Carried : rule.PointsOf(member.Units ?? 0)) * (rule?.HalfLife is { } halfLife ? ScoreDecay.Factor((last.At - member.At).TotalMilliseconds, halfLife.Length.TotalMilliseconds) : 1));
        return last with { EventId = last.Count > 0 ? last.EventId : $"~{last.EventId}", Key = null, Units = null, Amount = null, Count = members.Sum(member => Math.Max(1, member.Count)), Carried = worth };
    }
}
