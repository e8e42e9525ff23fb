using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Facts;

/// <summary>
/// Where a lead came from, as traits of the product's own: the source (write key) of its first event, and the first and the last campaign and referring site. Of the first ones the time is kept with
/// its sign turned, so that for them too the greater one wins: in whatever order events arrive, and when leads are merged.
/// </summary>
internal static class Origins
{
    public const string Prefix = "$origin.";

    private const int LengthLimit = 100;

    private static readonly (byte[] Name, string Path)[] Campaign = [("name"u8.ToArray(), "campaign"), ("source"u8.ToArray(), "campaignSource"), ("medium"u8.ToArray(), "campaignMedium")];

    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e)
    {
        if (e.LeadId is not null)
        {
            return null; // it comes from inside
        }

        var at = e.At.ToUnixTimeMilliseconds();
        if (e.Source is { Length: > 0 } source)
        {
            First(traits, "source", source, at);
        }

        if (JsonText.TryGet(e.Context, "campaign"u8, out var campaign))
        {
            foreach (var (name, path) in Campaign)
            {
                if (TextOf(campaign, name) is { } text)
                {
                    Both(traits, path, text, at);
                }
            }
        }

        if (e.Type == EventType.Page && SiteOf(TextOf(e.Properties, "referrer"u8)) is { } site && site != SiteOf(TextOf(e.Properties, "url"u8)))
        {
            Both(traits, "referrer", site, at);
        }

        return null;
    }

    private static void Both(TraitMap traits, string path, string text, long at)
    {
        First(traits, "first." + path, text, at);
        traits.Set($"{Prefix}last.{path}", Value.From(EventText.Cut(text, LengthLimit)), at, TraitMap.OwnLimit);
    }

    private static void First(TraitMap traits, string path, string text, long at) => traits.Set(Prefix + path, Value.From(EventText.Cut(text, LengthLimit)), -at, TraitMap.OwnLimit);

    private static string? TextOf(JsonElement json, ReadOnlySpan<byte> name) =>
        JsonText.TryGet(json, name, out var value) && value.ValueKind == JsonValueKind.String && JsonText.Of(value).Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Its host, without <c>www.</c>; null when it has none.</summary>
    private static string? SiteOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https" or "android-app", Host: { Length: > 0 and <= LengthLimit } host }
            ? host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host
            : null;
}
