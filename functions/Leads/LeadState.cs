using System.Text.Json.Serialization;
using LeadFunctions.Journeys;

namespace LeadFunctions.Leads;

/// <summary>A lead that was merged into another: its record as it was when it was frozen, kept apart so that the merge can be taken back exactly.</summary>
/// <param name="Parts">Ids of the leads that it had absorbed itself: their timelines are this person's too.</param>
internal sealed record AbsorbedLead(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("r")] LeadRecord Record,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("p")] IReadOnlyList<string>? Parts = null);

/// <summary>
/// One lead's row: the record of its own events, the records of the leads it absorbed, and the bookkeeping that makes
/// every event count once and every effect go out. Treated as immutable once committed: the reducer works on a copy.
/// </summary>
internal sealed class LeadState
{
    private LeadRecord? _whole;

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("own")]
    public LeadRecord Own { get; init; } = new();

    [JsonPropertyName("abs")]
    public List<AbsorbedLead> Absorbed { get; init; } = [];

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

    /// <summary>Where the listings show this lead (<see cref="ListingEntry"/>); null when they do not.</summary>
    [JsonPropertyName("ls")]
    public string? Listing { get; set; }

    /// <summary>Counts the changes that caused effects: part of their ids.</summary>
    [JsonPropertyName("cn")]
    public int Changes { get; set; }

    /// <summary>Runs under way, and what re-entry rules ask.</summary>
    [JsonPropertyName("jn")]
    public LeadJourneys? Journeys { get; set; }

    /// <summary>What is known in all, absorbed leads included.</summary>
    [JsonIgnore]
    public LeadRecord Whole => _whole ??= Absorbed.Aggregate(Own, (whole, part) => LeadRecord.Union(whole, part.Record));

    /// <summary>Every id that this lead's events were applied under.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> AllIds => [Id, .. Absorbed.SelectMany(part => part.Parts is null ? [part.Id] : part.Parts.Prepend(part.Id))];

    /// <summary>A copy to work on; its <see cref="Whole"/> is computed anew.</summary>
    public LeadState Copy() => new()
    {
        Id = Id,
        Own = Own.Copy(),
        Absorbed = [.. Absorbed],
        MergedInto = MergedInto,
        Merges = Merges,
        Apart = [.. Apart],
        Seen = Seen.Copy(),
        Outbox = [.. Outbox],
        Listing = Listing,
        Changes = Changes,
        Journeys = Journeys,
    };

    /// <summary>To be called by the reducer after it changed <see cref="Own"/> or <see cref="Absorbed"/>.</summary>
    internal void Forget() => _whole = null;
}
