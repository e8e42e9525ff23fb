using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;

namespace LeadFunctions.Push;

/// <summary>
/// The browsers in which a lead let itself be told things, kept as traits of the product's own: so they are merged, erased and put in order as traits are. A browser's place follows from its address, which
/// bounds them: one that finds its place taken takes it over.
/// </summary>
internal static class BrowserSubscriptions
{
    public const string Subscribed = "Push Subscribed";
    public const string Unsubscribed = "Push Unsubscribed";

    private const string Prefix = "$push.";
    private const int Places = 8;

    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e)
    {
        if (e.Type != EventType.Track || e.Name is not (Subscribed or Unsubscribed) || Text(e, "endpoint"u8) is not { } endpoint)
        {
            return null;
        }

        var (path, at) = (Prefix + PlaceOf(endpoint), e.At.ToUnixTimeMilliseconds());
        if (e.Name == Subscribed && BrowserSubscription.Of(endpoint, Text(e, "p256dh"u8), Text(e, "auth"u8)) is { } one)
        {
            traits.Set(path, Value.From($"{one.Endpoint.AbsoluteUri} {one.Key} {one.Secret}"), at, TraitMap.OwnLimit);
        }
        else if (e.Name == Unsubscribed && traits.Find(path).Text?.StartsWith(endpoint + " ", StringComparison.Ordinal) != false) // another browser's place is left alone
        {
            traits.Set(path, Value.From(""), at, TraitMap.OwnLimit);
        }

        return null;
    }

    public static IReadOnlyList<BrowserSubscription> Of(ILeadFacts lead) =>
    [
        .. Enumerable.Range(0, Places).Select(place => lead.Trait($"{Prefix}{place}").Text?.Split(' ')).Select(kept => kept is [var endpoint, var key, var secret] ? BrowserSubscription.Of(endpoint, key, secret) : null)
            .OfType<BrowserSubscription>(),
    ];

    /// <summary>What people may see of such an event: whose service it is, and not how to reach the browser.</summary>
    public static JsonElement Shown(LeadEvent e) => e is { Type: EventType.Track, Name: Subscribed or Unsubscribed }
        ? JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["service"] = Uri.TryCreate(Text(e, "endpoint"u8), UriKind.Absolute, out var endpoint) ? endpoint.Host : "" })
        : e.Properties;

    private static int PlaceOf(string endpoint) => SHA256.HashData(Encoding.UTF8.GetBytes(endpoint))[0] % Places;

    private static string? Text(LeadEvent e, ReadOnlySpan<byte> name) =>
        JsonText.TryGet(e.Properties, name, out var value) && value.ValueKind == JsonValueKind.String && JsonText.Of(value) is { Length: > 0 } text ? text : null;
}
