using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// Makes a long ledger short. In this order, and only as far as needed:
/// <list type="number">
/// <item>entries go that a repeat policy rejects for good (<c>once</c>, <c>oncePer</c> after an entry that counts whatever the lead is like, or that counts whenever they would);</item>
/// <item>entries older than two days of <c>always</c> rules, and of rules with a window but for the last <c>max</c> that count, are folded into one carried entry for each (version, rule,
/// mask): how many, and what they were worth together at the time of the last;</item>
/// <item>the same with keyed entries (<c>oncePer</c>) older than two days, the fully decayed ones (below 0.005) first: their keys are forgotten;</item>
/// <item>the same with newer entries.</item>
/// </list>
/// The entry of a <c>once</c> rule stays for ever, and so do carried ones: a ledger may stay longer than asked by the number of its rules.
/// <para>
/// What stays exact (to 1e-6): the score now, and at any later time, as long as later events happen later than the folded ones and the lead's facts stay the same, caps and windows included; and
/// without caps and repeats also for late events and for facts that decide a rule by traits. What becomes approximate:
/// a late event is measured against a cap as if the folded events had all come with the last of them (never more than the cap is given);
/// a cap does not give room back when changed facts take folded or earlier points away; a forgotten key counts again; folded events of a rule that asks for history or dates stand or fall with the last of them;
/// a redelivered event that has been folded is not recognised here any more (the profile's own memory of event ids covers 24 hours, hence the two days).
/// </para>
/// </summary>
internal sealed class Compaction(ScoringModels models, ILeadFacts facts, DateTimeOffset now)
{
    private const double Decayed = 0.005;

    private static readonly TimeSpan Recent = TimeSpan.FromHours(48);

    public Ledger Compact(Ledger ledger, int target)
    {
        var lines = Lines(ledger);
        Reject(lines);
        if (lines.Count > target)
        {
            Fold(lines, lines.Count - target);
        }
        return lines.Count == ledger.Count ? ledger : Ledger.Of(lines.Select(line => line.Entry));
    }

    private List<Line> Lines(Ledger ledger)
    {
        var fold = EngagementFold.Begin(models, facts);
        var lines = new List<Line>(ledger.Count);
        foreach (var entry in ledger.Entries)
        {
            lines.Add(new(entry, entry.At > now ? new(null, 0, 0, Reduction.UnknownModel) : fold.Next(entry)));
        }
        return lines;
    }

    // Exact whatever comes: an entry that is not the earliest now cannot become it.
    private static void Reject(List<Line> lines)
    {
        var settled = new HashSet<(string Model, string Rule, string? Key)>();
        var twins = new HashSet<(string Version, string Rule, string? Key, ulong Mask)>();
        lines.RemoveAll(line =>
        {
            var (entry, earned) = (line.Entry, line.Earned);
            var model = entry.ModelId.ToString();
            var key = earned.Rule?.Repeat is Repeat.OncePer ? entry.Key ?? "" : null;
            var isRejected = entry.Count == 0 && earned.Rule?.Repeat is Repeat.Once or Repeat.OncePer && settled.Contains((model, entry.Rule, key));
            if (earned.Rule is { } rule && entry.Mask == 0 && earned.Reduced is not Reduction.Repeat)
            {
                settled.Add((model, entry.Rule, null));
                settled.Add((model, entry.Rule, entry.Count == 0 ? key : null));
            }
            else if (earned.Rule is { When.DependsOnTime: false, Repeat: Repeat.Once or Repeat.OncePer } && entry.Count == 0)
            {
                // The same event atoms and the same traits: the two count together or not at all.
                isRejected |= !twins.Add((entry.Model, entry.Rule, key, entry.Mask));
            }
            return isRejected;
        });
    }

    private void Fold(List<Line> lines, int excess)
    {
        Rank(lines);
        var folded = new Dictionary<(string Model, string Rule, ulong Mask), List<Line>>();
        foreach (var carried in lines.Where(line => line.Entry.Count > 0))
        {
            folded[KeyOf(carried.Entry)] = [carried];
        }
        var gone = new HashSet<Line>();
        var candidates = lines.Where(line => line.Rank is not null).OrderBy(line => line.Rank).ThenBy(line => line.Entry);
        foreach (var unit in candidates.GroupBy(UnitOf))
        {
            if (excess <= 0)
            {
                break;
            }
            foreach (var line in unit)
            {
                if (IsWorthless(line))
                {
                    gone.Add(line);
                    excess--;
                }
                else if (folded.TryGetValue(KeyOf(line.Entry), out var members))
                {
                    members.Add(line);
                    excess--;
                }
                else
                {
                    folded[KeyOf(line.Entry)] = [line];
                }
            }
        }

        var carriedEntries = new List<LedgerEntry>();
        var mixed = WithNegativePoints(lines);
        foreach (var members in folded.Values.Where(members => members.Count > 1))
        {
            gone.UnionWith(members);
            var carried = Carry([.. members.OrderBy(member => member.Entry)]);
            carriedEntries.Add(mixed.Overlaps(CapsOf(members[0])) ? carried with { Settled = carried.Carried } : carried);
        }
        lines.RemoveAll(gone.Contains);
        Freeze(lines, carriedEntries, mixed);
        lines.AddRange(carriedEntries.Select(entry => new Line(entry, default)));
    }

    private void Rank(List<Line> lines)
    {
        var counted = new Dictionary<(string, string, bool), int>();
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var (entry, rule) = (lines[i].Entry, lines[i].Earned.Rule);
            if (entry.Count > 0 || entry.At > now || (rule?.Repeat is Repeat.Once && !IsWorthless(lines[i])))
            {
                continue;
            }
            var isOld = entry.At <= now - Recent;
            if (rule?.Repeat is Repeat.Limited limited && lines[i].Earned.Reduced is null or Reduction.Cap)
            {
                // The last of the old ones stay too while newer ones do: their windows may reach back to them.
                var identity = (entry.ModelId.ToString(), entry.Rule, isOld);
                var later = counted.GetValueOrDefault(identity);
                counted[identity] = later + 1;
                if (later < limited.Max)
                {
                    continue;
                }
            }
            var isKeyed = rule?.Repeat is Repeat.OncePer;
            lines[i].Rank = (isOld, isKeyed) switch
            {
                (true, false) => 0,
                (true, true) => rule?.HalfLife is { } halfLife && Math.Abs(lines[i].Earned.Applied) * Factor(halfLife, entry.At, now) < Decayed ? 1 : 2,
                (false, false) => 3,
                _ => 4,
            };
        }
    }

    // Of a rule with a window all go that may: were some older ones taken, those that follow would find a window with nothing in it.
    private static (int? Rank, string Model, string Rule, LedgerEntry? Entry) UnitOf(Line line) =>
        (line.Rank, line.Entry.ModelId.ToString(), line.Entry.Rule, line.Earned.Rule?.Repeat is Repeat.Limited ? null : line.Entry);

    // Nothing to carry: rejected by a window or a key, of a version that is not known, or excluded by history or dates, which do not change for an event of the past.
    private static bool IsWorthless(Line line) => line.Earned.Reduced is Reduction.Repeat or Reduction.UnknownModel
        || (line.Earned is { Reduced: Reduction.Condition, Rule.When.DependsOnTime: true });

    private static LedgerEntry Carry(IReadOnlyList<Line> members)
    {
        var last = members[^1].Entry;
        // As of the last that was applied, the sum fits its caps again just as the single entries did.
        var at = members.LastOrDefault(member => Worth(member) != 0)?.Entry.At ?? last.At;
        var worth = 0.0;
        foreach (var member in members)
        {
            worth += Worth(member) * (member.Earned.Rule?.HalfLife is { } halfLife ? Factor(halfLife, member.Entry.At, at) : 1);
        }
        return last with
        {
            At = at,
            EventId = last.Count > 0 ? last.EventId : $"~{last.EventId}",
            Key = null,
            Limit = null,
            Settled = null,
            Count = members.Sum(member => Math.Max(1, member.Entry.Count)),
            Carried = worth,
        };
    }

    // Traits may yet let in what they exclude today.
    private static double Worth(Line line) => line.Earned.Reduced is Reduction.Condition ? line.Earned.Points : line.Earned.Applied;

    // Where negative points had made room under a cap, carried sums no longer show when: there all is taken as it was.
    private static HashSet<(string, string)> WithNegativePoints(List<Line> lines) =>
        [.. lines.Where(line => line.Earned.Points < 0).SelectMany(CapsOf)];

    private static IEnumerable<(string, string)> CapsOf(Line line)
    {
        var model = line.Entry.ModelId.ToString();
        yield return (model, line.Entry.Rule);
        if (line.Earned.Rule?.Group is { } group)
        {
            yield return (model, $" {group}"); // A rule's id has no blank.
        }
    }

    // Entries that stay, among folded ones, would find another room under their caps than they had.
    private static void Freeze(List<Line> lines, List<LedgerEntry> carriedEntries, HashSet<(string, string)> mixed)
    {
        var until = carriedEntries.Count > 0 ? carriedEntries.Max(entry => entry.At) : DateTimeOffset.MinValue;
        for (var i = 0; i < lines.Count; i++)
        {
            var (entry, earned) = (lines[i].Entry, lines[i].Earned);
            if (entry.At > until || earned.Rule is null || earned.Reduced is Reduction.Condition or Reduction.Repeat)
            {
                continue;
            }
            if (mixed.Overlaps(CapsOf(lines[i])))
            {
                lines[i] = new(entry with { Settled = earned.Applied }, earned);
            }
            else if (earned.Reduced is Reduction.Cap)
            {
                lines[i] = new(entry with { Limit = earned.Applied }, earned);
            }
        }
    }

    private static double Factor(Duration halfLife, DateTimeOffset from, DateTimeOffset to) =>
        ScoreDecay.Factor((to - from).TotalMilliseconds, halfLife.Length.TotalMilliseconds);

    private static (string, string, ulong) KeyOf(LedgerEntry entry) => (entry.Model, entry.Rule, entry.Mask);

    private sealed class Line(LedgerEntry entry, Earned earned)
    {
        public LedgerEntry Entry => entry;

        public Earned Earned => earned;

        /// <summary>Those of the lowest rank are folded first; null: stays.</summary>
        public int? Rank { get; set; }
    }
}
