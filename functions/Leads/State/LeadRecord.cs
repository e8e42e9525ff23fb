using System.Text.Json.Serialization;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Lifecycle;
using LeadFunctions.OnSite;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.State;

/// <summary>
/// All that is known of one person from one stream of events. Every part is a function of the set of events, not of
/// their order, and <see cref="Union"/> of two records is the record of both sets: that is what makes merging (and taking
/// it back) exact.
/// </summary>
internal sealed partial class LeadRecord : ILeadFacts
{
    /// <summary>Event names counted one by one; the names beyond, unless a rule counts them, are counted together.</summary>
    private const int NamesKept = 200;

    /// <summary>
    /// Times kept exactly, of all names together. Beyond that each name has its newest, the same number at most (a thousand, when no more than 65 names have as many): which are kept
    /// follows from how often each name happened, not from the order of arrival.
    /// </summary>
    private const int TimesKept = 65_536;

    public const string OtherNames = "(other)";

    /// <summary>Of one kind. A server that makes up an anonymous id for each call must not make the row of its user too large: further ones lead here by their redirects alone.</summary>
    private const int IdentitiesKept = 1_000;

    // What its counters know it by. The record itself would keep all records before it in memory.
    private readonly object _owner = new();

    /// <summary><see cref="Identity.Key"/>s, in the order in which they became known.</summary>
    [JsonPropertyName("i")]
    public List<string> Identities { get; init; } = [];

    [JsonPropertyName("t")]
    public TraitMap Traits { get; init; } = new();

    [JsonPropertyName("a")]
    public Dictionary<string, ActivityCounter> Activity { get; init; } = [];

    [JsonPropertyName("l")]
    public Ledger Ledger { get; set; } = Ledger.Empty;

    /// <summary>What was seen of the site's contents, by content.</summary>
    [JsonPropertyName("oc")]
    public IReadOnlyDictionary<string, SeenContent>? Contents { get; set; }

    /// <summary>Event time of the first event, Unix ms.</summary>
    [JsonPropertyName("f")]
    public long FirstSeen { get; set; } = long.MaxValue;

    /// <summary>Event time of the last event, Unix ms.</summary>
    [JsonPropertyName("s")]
    public long LastSeen { get; set; } = long.MinValue;

    /// <summary>Known: by a user id or an e-mail address.</summary>
    [JsonIgnore]
    public bool IsKnown => UserId is not null || Email is not null;

    [JsonIgnore]
    public string? UserId => First('u');

    [JsonIgnore]
    public string? Email => Traits.Find("email").Text is { Length: > 0 } text ? text : First('e');

    /// <summary>What people call the person; null where nobody said.</summary>
    [JsonIgnore]
    public string? Name => Said("name")
        ?? (string.Join(' ', new[] { Said("firstName") ?? Said("first_name"), Said("lastName") ?? Said("last_name") }.OfType<string>()) is { Length: > 0 } both ? both : null);

    [JsonIgnore]
    public string? Phone => Said("phone");

    [JsonIgnore]
    public string? Company => Said("company.name") ?? Said("company");

    /// <summary>As <c>group</c> calls name it; null where none did.</summary>
    [JsonIgnore]
    public string? CompanyId => Said("company.id");

    [JsonIgnore]
    public string Stage => Traits.Find(Stages.Path).Text ?? Stages.Lead;

    /// <summary>Who in sales looks after the lead; null: nobody.</summary>
    [JsonIgnore]
    public string? Owner => Traits.Find(Stages.OwnerPath).Text is { Length: > 0 } owner ? owner : null;

    public bool Carries(Identity identity) => Identities.Contains(identity.Key);

    public bool HasKind(IdentityKind kind) => Identities.Any(i => i[0] == Identity.Letter(kind));

    /// <summary>False when it was there already, or is one too many.</summary>
    public bool AddIdentity(Identity identity)
    {
        if (Carries(identity) || (Identities.Count >= IdentitiesKept && Identities.Count(i => i[0] == Identity.Letter(identity.Kind)) >= IdentitiesKept))
        {
            return false;
        }

        Identities.Add(identity.Key);
        return true;
    }

    public void Count(LeadEvent e, LeadRules rules)
    {
        var at = e.At.ToUnixTimeMilliseconds();
        Count(e.Name, at, rules);
        if (e.LeadId is null) // else it comes from inside: nobody was seen
        {
            FirstSeen = Math.Min(FirstSeen, at);
            LastSeen = e.IsHearsay == true ? LastSeen : Math.Max(LastSeen, at);
        }
    }

    /// <param name="rules">A name that they count is always counted by itself, so that it makes no difference which names came first.</param>
    public void Count(string eventName, long ms, LeadRules rules)
    {
        var counter = Own(PlaceOf(eventName, rules));
        counter.Add(ms);
        if (counter.Total > TimesKept / (NamesKept + 1))
        {
            KeepNewestIfMany();
        }
    }

    private string PlaceOf(string eventName, LeadRules rules) => Activity.ContainsKey(eventName) || Activity.Count < NamesKept || rules.Count(eventName) ? eventName : OtherNames;

    // Counters are shared between copies of a record: the first change makes one of its own.
    private ActivityCounter Own(string eventName) => Activity.TryGetValue(eventName, out var counter) && counter.Owner == _owner
        ? counter
        : Activity[eventName] = (counter ?? new ActivityCounter()).CopyFor(_owner);

    private void KeepNewestIfMany()
    {
        if (Activity.Values.Sum(name => (long)name.Total) > TimesKept)
        {
            KeepNewest(TimesKept);
        }
    }

    private void KeepNewest(int limit)
    {
        // The rarest names keep all they have; what they leave is shared by the others alike.
        var (left, others) = (limit, Activity.Count);
        foreach (var total in Activity.Values.Select(counter => counter.Total).Order().TakeWhile(total => total <= left / others))
        {
            (left, others) = (left - total, others - 1);
        }

        foreach (var name in Activity.Where(name => name.Value.Times.Count > left / others).Select(name => name.Key).ToList())
        {
            Own(name).KeepNewest(left / others);
        }
    }

    public LeadRecord Copy() => CopyOf([]);

    private LeadRecord CopyOf(IReadOnlyList<LeadRecord> parts) => new()
    {
        Parts = parts,
        Identities = [.. Identities],
        Traits = Traits.Copy(),
        Activity = new Dictionary<string, ActivityCounter>(Activity),
        Ledger = Ledger,
        Tallies = Tallies,
        Looked = Looked,
        Contents = Contents,
        FirstSeen = FirstSeen,
        LastSeen = LastSeen,
    };

    /// <summary>The record of the events of all; their events must be disjoint.</summary>
    public static LeadRecord Union(LeadRecord record, params IReadOnlyList<LeadRecord> others)
    {
        if (others.Count == 0)
        {
            return record;
        }

        var union = record.CopyOf([record, .. others]);
        var known = union.Identities.ToHashSet();
        foreach (var other in others)
        {
            union.Identities.AddRange(other.Identities.Where(known.Add));
            union.Traits.SetAll(other.Traits);
            foreach (var (name, counter) in other.Activity)
            {
                union.Count(name, counter);
            }

            union.Contents = SeenContent.Union(union.Contents, other.Contents);
            union.FirstSeen = Math.Min(union.FirstSeen, other.FirstSeen);
            union.LastSeen = Math.Max(union.LastSeen, other.LastSeen);
        }

        union.Ledger = Ledger.Union([union.Ledger, .. others.Select(other => other.Ledger)]);
        return union;
    }

    /// <summary>Takes in another record for good, within the limits of what one record keeps.</summary>
    /// <param name="rules">As of <see cref="Count(string, long, LeadRules)"/>: a name that they count stays by itself.</param>
    public void Fold(LeadRecord other, LeadRules rules)
    {
        foreach (var identity in other.Identities)
        {
            AddIdentity(Identity.OfKey(identity));
        }

        FoldTallies(other, rules.Segments);
        FoldLooks(other, rules.Scoring.Interests);
        Traits.SetAll(other.Traits);
        foreach (var (name, counter) in other.Activity)
        {
            Count(PlaceOf(name, rules), counter);
        }

        KeepNewestIfMany();
        Ledger = Ledger.Union(other.Ledger);
        Contents = SeenContent.Union(Contents, other.Contents);
        FirstSeen = Math.Min(FirstSeen, other.FirstSeen);
        LastSeen = Math.Max(LastSeen, other.LastSeen);
    }

    /// <summary>What it takes in memory and, unpacked, in its row: bytes, about.</summary>
    [JsonIgnore]
    public int Weight => (Ledger.Count * 220) + (Ledger.Folded.Count * 24) + (Traits.Count * 150)
        + Activity.Values.Sum(counter => 250 + (counter.Times.Count * 9)) + (Identities.Count * 120) + (TalliesKept * 16) + (LooksKept * 40)
        + (Contents?.Sum(one => 90 + (one.Value.Shown.Count * 9)) ?? 0);

    /// <summary>About how many bytes of its row, packed, its times and folded entries take: what grows with the number of events.</summary>
    [JsonIgnore]
    public int HistorySize => (Activity.Values.Sum(counter => counter.Times.Count) * 4) + Ledger.Folded.Weight;

    /// <summary>A record that knows the older half of its history only about: of its times the newest are left, of its folded entries the oldest are settled.</summary>
    public LeadRecord Lighter(ScoringModels models)
    {
        var lighter = Copy();
        lighter.KeepNewest(Activity.Values.Sum(counter => counter.Times.Count) / 2);
        lighter.Ledger = Ledger.Folded.Count == 0 ? Ledger : new Settlement(models, this).Settle(Ledger, Ledger.Folded.Weight / 2);
        return lighter;
    }

    Value ILeadFacts.Trait(string path) => Traits.Find(path);

    IEnumerable<ConsentAnswer> ILeadFacts.Answers => Traits.Answers;

    int ILeadFacts.Count(string eventName, DateTimeOffset from, DateTimeOffset to) =>
        Activity.TryGetValue(eventName, out var counter) ? counter.Between(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()) : 0;

    bool ILeadFacts.IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) =>
        Activity.TryGetValue(eventName, out var counter) ? counter.IsExact(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()) : !Activity.ContainsKey(OtherNames);

    IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> ILeadFacts.Spans(string eventName, DateTimeOffset from) =>
        Activity.TryGetValue(eventName, out var counter)
            ? counter.Spans(from.ToUnixTimeMilliseconds()).Select(span => (DateTimeOffset.FromUnixTimeMilliseconds(span.Begin), DateTimeOffset.FromUnixTimeMilliseconds(span.End)))
            : [];

    bool ILeadFacts.TryTimes(string eventName, out ReadOnlySpan<long> times)
    {
        times = default;
        if (!Activity.TryGetValue(eventName, out var counter))
        {
            return true;
        }

        times = counter.Times.All;
        return counter.Total == times.Length;
    }

    // What is written down stands still.
    DateTimeOffset? ILeadFacts.NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => null;

    private void Count(string eventName, ActivityCounter counter) =>
        Activity[eventName] = Activity.TryGetValue(eventName, out var own) ? ActivityCounter.Sum(own, counter) : counter;

    private string? Said(string path) => Traits.Find(path).Text?.Trim() is { Length: > 0 } text ? text : null;

    private string? First(char letter)
    {
        foreach (var identity in Identities)
        {
            if (identity[0] == letter)
            {
                return identity[2..];
            }
        }

        return null;
    }
}
