using System.Text.Json.Serialization;
using LeadFunctions.Conditions;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads;

/// <summary>
/// All that is known of one person from one stream of events. Every part is a function of the set of events, not of
/// their order, and <see cref="Union"/> of two records is the record of both sets: that is what makes merging (and taking
/// it back) exact.
/// </summary>
internal sealed class LeadRecord : ILeadFacts
{
    public const string StagePath = "$stage";
    public const string ConsentPrefix = "$consent.";

    /// <summary>Event names counted one by one; the names beyond are counted together as <c>(other)</c>.</summary>
    private const int NamesKept = 200;

    private const string Others = "(other)";

    /// <summary>Of one kind. A server that makes up an anonymous id for each call must not make the row of its user too large: further ones lead here by their redirects alone.</summary>
    private const int IdentitiesKept = 1_000;

    /// <summary><see cref="Identity.Key"/>s, in the order in which they became known.</summary>
    [JsonPropertyName("i")]
    public List<string> Identities { get; init; } = [];

    [JsonPropertyName("t")]
    public TraitMap Traits { get; init; } = new();

    [JsonPropertyName("a")]
    public Dictionary<string, ActivityCounter> Activity { get; init; } = [];

    [JsonPropertyName("l")]
    public Ledger Ledger { get; set; } = Ledger.Empty;

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

    [JsonIgnore]
    public string Stage => Traits.Find(StagePath).Text ?? Stages.Lead;

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

    public void Count(string eventName, long ms)
    {
        if (!Activity.TryGetValue(eventName, out var counter) && Activity.Count >= NamesKept)
        {
            eventName = Others;
            Activity.TryGetValue(eventName, out counter);
        }

        // Counters are shared between copies of a record: the one that changes is replaced.
        var changed = counter?.Copy() ?? new ActivityCounter();
        changed.Add(ms);
        Activity[eventName] = changed;
    }

    public LeadRecord Copy() => new()
    {
        Identities = [.. Identities],
        Traits = Traits.Copy(),
        Activity = new Dictionary<string, ActivityCounter>(Activity),
        Ledger = Ledger,
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

        var union = record.Copy();
        var known = union.Identities.ToHashSet();
        foreach (var other in others)
        {
            union.Identities.AddRange(other.Identities.Where(known.Add));
            union.Traits.SetAll(other.Traits);
            foreach (var (name, counter) in other.Activity)
            {
                union.Count(name, counter);
            }

            union.FirstSeen = Math.Min(union.FirstSeen, other.FirstSeen);
            union.LastSeen = Math.Max(union.LastSeen, other.LastSeen);
        }

        union.Ledger = Ledger.Union([union.Ledger, .. others.Select(other => other.Ledger)]);
        return union;
    }

    /// <summary>Takes in another record for good, within the limits of what one record keeps.</summary>
    public void Fold(LeadRecord other)
    {
        foreach (var identity in other.Identities)
        {
            AddIdentity(Identity.OfKey(identity));
        }

        Traits.SetAll(other.Traits);
        foreach (var (name, counter) in other.Activity)
        {
            Count(Activity.ContainsKey(name) || Activity.Count < NamesKept ? name : Others, counter);
        }

        Ledger = Ledger.Union(other.Ledger);
        FirstSeen = Math.Min(FirstSeen, other.FirstSeen);
        LastSeen = Math.Max(LastSeen, other.LastSeen);
    }

    /// <summary>What it takes in memory and, unpacked, in its row: bytes, about.</summary>
    [JsonIgnore]
    public int Weight => (Ledger.Count * 220) + (Traits.Count * 150) + (Activity.Count * 600) + (Identities.Count * 120);

    Value ILeadFacts.Trait(string path) => Traits.Find(path);

    int ILeadFacts.Count(string eventName, DateTimeOffset from, DateTimeOffset to) =>
        Activity.TryGetValue(eventName, out var counter) ? counter.Between(from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()) : 0;

    DateTimeOffset? ILeadFacts.LastAt(string eventName) =>
        Activity.TryGetValue(eventName, out var counter) ? DateTimeOffset.FromUnixTimeMilliseconds(counter.Last) : null;

    DateTimeOffset? ILeadFacts.FirstAt(string eventName) =>
        Activity.TryGetValue(eventName, out var counter) ? DateTimeOffset.FromUnixTimeMilliseconds(counter.First) : null;

    IEnumerable<DateTimeOffset> ILeadFacts.Edges(string eventName) =>
        Activity.TryGetValue(eventName, out var counter) ? counter.Edges.Select(DateTimeOffset.FromUnixTimeMilliseconds) : [];

    // What is written down stands still.
    DateTimeOffset? ILeadFacts.NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => null;

    private void Count(string eventName, ActivityCounter counter) =>
        Activity[eventName] = Activity.TryGetValue(eventName, out var own) ? ActivityCounter.Sum(own, counter) : counter;

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

/// <summary>The lifecycle's stages, as <c>domain.md</c> names them.</summary>
internal static class Stages
{
    public const string Lead = "lead";

    public static readonly IReadOnlyList<string> All =
        ["subscriber", Lead, "mql", "sal", "sql", "customer", "promoter", "recycled", "disqualified", "churned"];
}
