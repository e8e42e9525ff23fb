using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Tail;

/// <summary>What became of an event, as far as it has come; a later one outranks an earlier.</summary>
internal enum TailOutcome
{
    /// <summary>Durable, and not applied yet.</summary>
    Accepted,

    /// <summary>Never to be tried again: the front door said no, or a rule of the source did.</summary>
    Refused,

    /// <summary>It had been there before, in its batch or in its lead's last 24 hours, or its person was erased: nothing was applied.</summary>
    Duplicate,

    /// <summary>It could not be applied, and is among the dead letters.</summary>
    Failed,

    Applied,
}

/// <summary>What is told of one event, or of a request that was refused as a whole: once when it came in, once more when it was applied.</summary>
/// <param name="Id">Of the arrival: the same event that comes twice has two. Begins with when it arrived, in milliseconds.</param>
/// <param name="Source">Null when the write key is nobody's.</param>
/// <param name="Origin">Of the page's site, as the browser says it.</param>
/// <param name="Page">Without query and fragment, where sites put what names people.</param>
/// <param name="Reason">Of a refusal, the name that answers and metrics use.</param>
/// <param name="Path">The field that is at fault.</param>
/// <param name="Events">How many came in a request that was refused as a whole, where that is known.</param>
/// <param name="Lead">Once it is applied.</param>
/// <param name="Points">What each rule gave; null where nobody can say any more.</param>
internal sealed record TailRow(
    string Id, TailOutcome Outcome, string? Source = null, string? Type = null, string? Name = null, string? UserId = null, string? Email = null, string? AnonymousId = null, string? MessageId = null,
    string? Origin = null, string? Page = null, string? Reason = null, string? Path = null, string? Message = null, int? Events = null,
    string? Lead = null, DateTimeOffset? AppliedAt = null, IReadOnlyList<EarnedPoints>? Points = null, string? Stage = null, IReadOnlyList<string>? Entered = null, IReadOnlyList<string>? Left = null,
    IReadOnlyList<string>? Journeys = null)
{
    private const int MostText = 200;
    private const int TimeDigits = 12;

    [JsonIgnore]
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(Id[..TimeDigits], 16));

    public static string NewId(DateTimeOffset at) => Guid.CreateVersion7(at).ToString("N");

    public static TailRow Of(string id, TailOutcome outcome, LeadEvent e) => new(
        id, outcome, e.Source, e.Type.ToString().ToLowerInvariant(), Cut(e.Name), Cut(e.UserId), e.Type == EventType.Identify ? Identity.EmailIn(e.Traits) : null, Cut(e.AnonymousId), Cut(e.Id), Page: PageOf(e));

    /// <summary>Whom it names, as leads are known by.</summary>
    [JsonIgnore]
    public IEnumerable<string> Names =>
        new[] { UserId is null ? (Identity?)null : Identity.User(UserId), Email is null ? null : Identity.Email(Email), AnonymousId is null ? null : Identity.Anonymous(AnonymousId) }.OfType<Identity>().Select(identity => identity.Key);

    /// <summary>What is known of one arrival from both ends.</summary>
    public TailRow With(TailRow other)
    {
        var (late, early) = other.Outcome > Outcome ? (other, this) : (this, other);
        return late with
        {
            UserId = late.UserId ?? early.UserId,
            Email = late.Email ?? early.Email,
            AnonymousId = late.AnonymousId ?? early.AnonymousId,
            Origin = late.Origin ?? early.Origin,
        };
    }

    /// <summary>An address's place, without what people are named in.</summary>
    public static string? Place(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? Cut($"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}") : null;

    public static string? Cut(string? text) => text is { Length: > MostText } ? text[..MostText] : text;

    private static string? PageOf(LeadEvent e) =>
        e.Properties.ValueKind == JsonValueKind.Object && e.Properties.TryGetProperty("url"u8, out var url) && url.ValueKind == JsonValueKind.String ? Place(url.GetString()) : null;
}

/// <summary>How they are kept.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<TailRow>))]
[JsonSerializable(typeof(TailRow))]
internal sealed partial class TailJson : JsonSerializerContext;
