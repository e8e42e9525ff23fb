using System.Text.Json.Serialization;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>A lead that was merged into another: its record as it was when it was frozen, kept apart so that the merge can be taken back exactly.</summary>
/// <param name="Parts">Ids of the leads that it had absorbed itself: their timelines are this person's too.</param>
/// <param name="Apart">Leads that a merge with it was taken back.</param>
/// <param name="Refusals">What the one that absorbed it had refused by itself until then, and when (Unix ms): what it refused since, somebody may have said who is set free with this lead.</param>
/// <param name="Wishes">What it wished of messages until then (<see cref="Messaging.Wishes"/>), for the same reason.</param>
internal sealed record AbsorbedLead(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("r")] LeadRecord Record,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("p")] IReadOnlyList<string>? Parts = null,
    [property: JsonPropertyName("x")] IReadOnlyList<string>? Apart = null,
    [property: JsonPropertyName("rf")] IReadOnlyDictionary<string, long>? Refusals = null,
    [property: JsonPropertyName("w")] TraitMap? Wishes = null)
{
    /// <summary>Its own and those of its parts.</summary>
    [JsonIgnore]
    public IEnumerable<string> Ids => Parts is null ? [Id] : Parts.Prepend(Id);
}

/// <param name="Due">The lead will be looked at then (Unix ms), since time alone brings it to another side of a level.</param>
internal sealed record ToldLevel([property: JsonPropertyName("e")] double Points, [property: JsonPropertyName("d")] long? Due = null);

/// <summary>
/// One lead's row: the record of its own events, the records of the leads it absorbed, and the bookkeeping that makes
/// every event count once and every effect go out. Treated as immutable once committed: the reducer works on a copy.
/// </summary>
internal sealed class LeadState
{
    private LeadRecord? _whole;
    private KnownAs? _knownAs;

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("own")]
    public LeadRecord Own { get; init; } = new();

    [JsonPropertyName("abs")]
    public List<AbsorbedLead> Absorbed { get; init; } = [];

    /// <summary>Leads absorbed so long ago that their records are kept apart no more: one with <see cref="Own"/>, they cannot be taken back. Oldest first.</summary>
    [JsonPropertyName("fo")]
    public List<string>? Folded { get; set; }

    /// <summary>User ids and addresses (<see cref="Identity.Key"/>) on their way here: a redirect or a merge that brings them may be under way. Who judges this lead counts them.</summary>
    [JsonPropertyName("cl")]
    public IReadOnlyList<string>? Claims { get; set; }

    /// <summary>The lead that this one is frozen into; events that still find it go there.</summary>
    [JsonPropertyName("into")]
    public string? MergedInto { get; set; }

    /// <summary>How often this lead was merged into another: names each merge.</summary>
    [JsonPropertyName("mn")]
    public int Merges { get; set; }

    /// <summary>Leads that a merge with was taken back: never merged with automatically again.</summary>
    [JsonPropertyName("apart")]
    public List<string> Apart { get; init; } = [];

    [JsonPropertyName("seen")]
    public SeenEvents Seen { get; init; } = new();

    /// <summary>Effects not yet known to be published.</summary>
    [JsonPropertyName("out")]
    public List<LeadEffect> Outbox { get; init; } = [];

    /// <summary>Of what listings show of this lead (<see cref="ListingChange.Version"/>); 0 when they never did.</summary>
    [JsonPropertyName("lv"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ListingVersion { get; set; }

    /// <summary>By the model and what was known as the last event was applied, as listings have it; a column of its own.</summary>
    [JsonIgnore]
    public string? Grade { get; set; }

    /// <summary>Counts the changes that caused effects: part of their ids.</summary>
    [JsonPropertyName("cn")]
    public int Changes { get; set; }

    /// <summary>Runs under way, and what re-entry rules ask.</summary>
    [JsonPropertyName("jn")]
    public LeadJourneys? Journeys { get; set; }

    /// <summary>What that takes in memory beside runs, in characters.</summary>
    [JsonIgnore]
    public int JourneysWeight => Journeys?.Missed?.Sum(one => one.Size) ?? 0;

    /// <summary>Segments that conditions decide. Of the person as a whole: a lead that is absorbed leaves its own behind.</summary>
    [JsonPropertyName("sg")]
    public LeadSegments? Segments { get; set; }

    /// <summary>Its way through the lifecycle; null before anybody has looked.</summary>
    [JsonPropertyName("lc")]
    public LeadLifecycle? Lifecycle { get; set; }

    /// <summary>Messages to it; null before the first.</summary>
    [JsonPropertyName("ms")]
    public LeadMessages? Messages { get; set; }

    /// <summary>Counts what the world was told of this lead: numbers it.</summary>
    [JsonPropertyName("tn"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Told { get; set; }

    /// <summary>What its engagement was when it was last held against the levels that the world is told of; null: there are none, or nobody listens.</summary>
    [JsonPropertyName("tl")]
    public ToldLevel? Level { get; set; }

    /// <summary>That the lead was erased; null: it never was. Kept when the person comes back.</summary>
    [JsonPropertyName("er")]
    public LeadErasure? Erased { get; set; }

    /// <summary>Nothing is known, and nobody is there: the row only keeps what may still come from coming back.</summary>
    [JsonIgnore]
    public bool IsErased => Erased is { IsOver: false };

    /// <summary>What is known in all, absorbed leads included.</summary>
    [JsonIgnore]
    public LeadRecord Whole => _whole ??= LeadRecord.Union(Own, [.. Absorbed.Select(part => part.Record)]);

    /// <summary>Names of all segments that the lead is in, lists included, in order.</summary>
    public IReadOnlyList<string> SegmentNames(SegmentRules rules) => SegmentMembership.Of(Whole.Traits, new(rules, Segments));

    /// <summary>Who this is, to all that is written here.</summary>
    [JsonIgnore]
    public KnownAs KnownAs => _knownAs ??= KnownAs.Of(Whole.Identities.Concat(Claims ?? []));

    /// <summary>Every id that this lead's events were applied under.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> AllIds => [Id, .. Absorbed.SelectMany(part => part.Ids), .. Folded ?? []];

    /// <summary>A merge of the one, or of a lead that it absorbed, with the other, or one of its own, was taken back.</summary>
    public bool IsApartFrom(LeadState other) => KeepsApart(other) || other.KeepsApart(this);

    [JsonIgnore]
    internal IEnumerable<string> AllApart => Apart.Concat(Absorbed.SelectMany(part => part.Apart ?? []));

    private bool KeepsApart(LeadState other) => AllApart.ToHashSet() is { Count: > 0 } apart && other.AllIds.Any(apart.Contains);

    /// <summary>A copy to work on; its <see cref="Whole"/> is computed anew.</summary>
    public LeadState Copy() => With(Own.Copy(), Absorbed);

    /// <summary>A copy with other records.</summary>
    public LeadState With(LeadRecord own, IEnumerable<AbsorbedLead> absorbed) => new()
    {
        Id = Id,
        Own = own,
        Absorbed = [.. absorbed],
        Folded = Folded,
        Claims = Claims,
        MergedInto = MergedInto,
        Merges = Merges,
        Apart = [.. Apart],
        Seen = Seen.Copy(),
        Outbox = [.. Outbox],
        ListingVersion = ListingVersion,
        Grade = Grade,
        Changes = Changes,
        Journeys = Journeys,
        Lifecycle = Lifecycle,
        Messages = Messages,
        Segments = Segments,
        Told = Told,
        Level = Level,
        Erased = Erased,
    };

    /// <summary>In a segment that conditions decide.</summary>
    internal bool IsIn(string segment) => Segments?.In.ContainsKey(segment) == true;

    /// <summary>In the same segments, and to be looked at at the same time.</summary>
    internal bool HasSameSegments(LeadState other) => (Segments ?? LeadSegments.None).IsSame(other.Segments ?? LeadSegments.None);

    /// <summary>Nobody waits for the moments that were noted: the next look notes them anew.</summary>
    internal void ForgetMoments() => Segments = Segments is { } segments ? segments with { Again = true, Due = null } : null;

    /// <summary>What was on its way has come. False when it was not.</summary>
    internal bool DropClaim(string key)
    {
        if (Claims?.Contains(key) != true)
        {
            return false;
        }

        Claims = Claims.Count == 1 ? null : [.. Claims.Where(claim => claim != key)];
        return true;
    }

    /// <summary>To be called after a change of <see cref="Own"/>, <see cref="Absorbed"/> or <see cref="Claims"/>.</summary>
    internal void Forget() => (_whole, _knownAs) = (null, null);
}
