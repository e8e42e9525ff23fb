using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>One message to many leads, each of whom gets it once.</summary>
/// <param name="Segment">Who is in it when the campaign begins; a list is one.</param>
/// <param name="LeadIds">Instead of a segment.</param>
/// <param name="IsService">It asks for no consent: people need to know it.</param>
/// <param name="IsList">The segment was named as a list, which may still be empty.</param>
/// <param name="Test">Two or more ways to say it are tried on some first.</param>
internal sealed record CampaignDocument(
    string Name, string? Segment, IReadOnlyList<string>? LeadIds, string Channel, string Template, string? Topic, Priority Priority, JsonElement? Data, CampaignTest? Test,
    bool IsService = false, bool IsList = false);

/// <param name="Share">Of the recipients, in percent.</param>
/// <param name="For">How long the answers of those are waited for.</param>
/// <param name="Winner"><c>opens</c> or <c>clicks</c>: the variant with the greater share of people who did, of those to whom it was sent, goes to everybody else; of two alike the first.</param>
internal sealed record CampaignTest(IReadOnlyList<CampaignVariant> Variants, double Share, string For, string Winner);

/// <param name="Subject">Liquid, in place of the template's, in every language; null: the template's.</param>
internal sealed record CampaignVariant(string Name, string Template, string? Subject = null);

/// <param name="Sent">Messages taken by whoever carries them.</param>
/// <param name="Answered">People who opened, or clicked.</param>
internal sealed record VariantOutcome(string Name, int Sent, int Answered);

internal enum CampaignStatus
{
    /// <summary>Its time has not come.</summary>
    Scheduled,

    /// <summary>Its recipients are being found.</summary>
    Collecting,
    Sending,

    /// <summary>Some are to get it later: quiet hours, caps, a test whose answers are waited for.</summary>
    Waiting,

    /// <summary>By somebody, or since too many failed.</summary>
    Paused,
    Done,
    Cancelled,
}

/// <summary>What became of the messages so far.</summary>
/// <param name="Returned">Of those that were sent: came back later, or were called spam.</param>
internal sealed record CampaignCounts(int Sent = 0, int Unconfirmed = 0, int Skipped = 0, int Bounced = 0, int Failed = 0, int Returned = 0)
{
    /// <summary>Those that were handed over, or were to be.</summary>
    [JsonIgnore]
    public int Tried => Sent + Unconfirmed + Bounced + Failed;

    public static CampaignCounts operator +(CampaignCounts a, CampaignCounts b) =>
        new(a.Sent + b.Sent, a.Unconfirmed + b.Unconfirmed, a.Skipped + b.Skipped, a.Bounced + b.Bounced, a.Failed + b.Failed, a.Returned + b.Returned);

    public static CampaignCounts operator -(CampaignCounts a, CampaignCounts b) =>
        new(a.Sent - b.Sent, a.Unconfirmed - b.Unconfirmed, a.Skipped - b.Skipped, a.Bounced - b.Bounced, a.Failed - b.Failed, a.Returned - b.Returned);
}

/// <summary>A campaign's row: all that whoever goes on with it needs to know.</summary>
/// <param name="At">When it begins.</param>
internal sealed record CampaignState(string Id, CampaignDocument Document, CampaignStatus Status, DateTimeOffset CreatedAt, DateTimeOffset At, string By)
{
    /// <summary>The lead after which to look for recipients; null before the first, and when all are found.</summary>
    public string? After { get; init; }

    public int Pages { get; init; }

    /// <summary>All recipients are found.</summary>
    [JsonIgnore]
    public bool HasAll => After is null && Pages > 0;

    public int Recipients { get; init; }

    /// <summary>The page to go on with.</summary>
    public int Next { get; init; }

    public CampaignCounts Counts { get; init; } = new();

    /// <summary>Why messages were not sent, in words, with how many.</summary>
    public IReadOnlyDictionary<string, int> Reasons { get; init; } = new Dictionary<string, int>();

    /// <summary>Of the round that is under way: when the first of those that wait may get it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>As <see cref="Counts"/> were when somebody last said to go on though many failed.</summary>
    public CampaignCounts Forgiven { get; init; } = new();

    /// <summary>Why it is paused, or ended with nobody.</summary>
    public string? PausedSince { get; init; }

    /// <summary>When the test is over; null before it began, and where there is none.</summary>
    public DateTimeOffset? TestEnds { get; init; }

    public IReadOnlyList<VariantOutcome>? Outcome { get; init; }

    /// <summary>The variant that everybody else gets.</summary>
    public string? Winner { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Counts how often it was taken up.</summary>
    public int Turn { get; init; }

    /// <summary>In real time, when something last came of it.</summary>
    public DateTimeOffset SavedAt { get; init; }

    [JsonIgnore]
    public bool IsUnderWay => Status is CampaignStatus.Collecting or CampaignStatus.Sending;

    [JsonIgnore]
    public bool IsOver => Status is CampaignStatus.Done or CampaignStatus.Cancelled;

    /// <summary>Still to get it, the test aside.</summary>
    [JsonIgnore]
    public bool IsTesting => Document.Test is not null && Winner is null;
}

/// <summary>Where one recipient stands.</summary>
internal enum RecipientState
{
    Open,
    Sent,
    Unconfirmed,
    Skipped,
    Bounced,
    Failed,
}

/// <param name="L">The lead.</param>
/// <param name="S">Where it stands.</param>
/// <param name="U">Not before then, Unix ms; null: at once.</param>
/// <param name="T">How often whoever carries it did not take it.</param>
/// <param name="R">Why it was not sent, as it is counted (<see cref="CampaignState.Reasons"/>).</param>
internal sealed record Recipient(string L, RecipientState S = RecipientState.Open, long? U = null, int T = 0, string? R = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(CampaignState))]
[JsonSerializable(typeof(CampaignDocument))]
[JsonSerializable(typeof(IReadOnlyList<Recipient>))]
internal sealed partial class CampaignsJson : JsonSerializerContext;
