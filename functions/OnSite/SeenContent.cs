using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.OnSite;

/// <summary>
/// What one person has seen of one content, from the events that its script sends. A function of the set of events, whatever their order, and of two sets the union. It holds only what caps and
/// dismissals ask, so that a visitor's page waits for no timeline.
/// </summary>
/// <param name="Shown">When it was shown, Unix ms, oldest first; the newest <see cref="MostTimes"/>.</param>
/// <param name="Dismissed">When it was last closed, Unix ms; 0: never.</param>
/// <param name="Clicked">When somebody last clicked in it, Unix ms; 0: never.</param>
internal sealed record SeenContent(
    [property: JsonPropertyName("s")] IReadOnlyList<long> Shown,
    [property: JsonPropertyName("d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Dismissed = 0,
    [property: JsonPropertyName("c"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Clicked = 0)
{
    public const string WasShown = "Content Shown";
    public const string WasDismissed = "Content Dismissed";

    public const int MostTimes = 50;

    /// <summary>No cap and no dismissal may ask for more.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(366);

    /// <summary>Of one person. A page can make up any number of ids.</summary>
    private const int MostContents = 50;

    private static readonly SeenContent Nothing = new([]);

    private long Newest => Math.Max(Math.Max(Dismissed, Clicked), Shown.Count > 0 ? Shown[^1] : 0);

    /// <summary>The very same when the event is about no content.</summary>
    public static IReadOnlyDictionary<string, SeenContent>? With(IReadOnlyDictionary<string, SeenContent>? seen, LeadEvent e)
    {
        if (e.Type != EventType.Track || e.Name is not (WasShown or WasDismissed or Journeys.Model.JourneyEvents.ContentClicked) || IdIn(e) is not { } id)
        {
            return seen;
        }

        var (before, at) = (seen?.GetValueOrDefault(id) ?? Nothing, e.At.ToUnixTimeMilliseconds());
        var after = e.Name switch
        {
            WasShown => before with { Shown = Times([.. before.Shown, at]) },
            WasDismissed => before with { Dismissed = Math.Max(before.Dismissed, at) },
            _ => before with { Clicked = Math.Max(before.Clicked, at) },
        };
        return Bounded(new Dictionary<string, SeenContent>(seen ?? new Dictionary<string, SeenContent>()) { [id] = after });
    }

    /// <summary>Of two disjoint sets of events.</summary>
    public static IReadOnlyDictionary<string, SeenContent>? Union(IReadOnlyDictionary<string, SeenContent>? own, IReadOnlyDictionary<string, SeenContent>? other)
    {
        if (own is null || other is null)
        {
            return own ?? other;
        }

        var union = new Dictionary<string, SeenContent>(own);
        foreach (var (id, theirs) in other)
        {
            union[id] = union.TryGetValue(id, out var ours)
                ? new(Times([.. ours.Shown, .. theirs.Shown]), Math.Max(ours.Dismissed, theirs.Dismissed), Math.Max(ours.Clicked, theirs.Clicked))
                : theirs;
        }

        return Bounded(union);
    }

    /// <summary>Whether its caps and what the person did with it leave it to be shown.</summary>
    public bool Leaves(ContentDocument content, DateTimeOffset now)
    {
        var left = content.Kind == ContentKind.Popup ? Math.Max(Dismissed, Clicked) : Dismissed;
        return left <= (now - content.DismissedFor.Length).ToUnixTimeMilliseconds()
            && content.Caps.All(cap => Shown.Count(at => at > (now - cap.Per.Length).ToUnixTimeMilliseconds()) < cap.Max);
    }

    private static IReadOnlyList<long> Times(List<long> times)
    {
        times.Sort();
        return times.Count > MostTimes ? times[^MostTimes..] : times;
    }

    private static Dictionary<string, SeenContent> Bounded(Dictionary<string, SeenContent> seen)
    {
        foreach (var (id, _) in seen.OrderByDescending(one => one.Value.Newest).ThenBy(one => one.Key, StringComparer.Ordinal).Skip(MostContents).ToList())
        {
            seen.Remove(id);
        }

        return seen;
    }

    private static string? IdIn(LeadEvent e) =>
        e.Properties.ValueKind == JsonValueKind.Object && e.Properties.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String && content.GetString() is { Length: > 0 and <= 64 } id ? id : null;
}
