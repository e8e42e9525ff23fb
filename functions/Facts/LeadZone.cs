using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using NodaTime;

namespace LeadFunctions.Facts;

/// <summary>The time zone that a lead lives in, and what was said of it that names none.</summary>
/// <param name="Zone">Null when nothing readable is known of the lead itself: the journey's counts then, else the workspace's.</param>
/// <param name="From"><c>trait</c> or <c>browser</c>; null with the zone.</param>
/// <param name="Unreadable">What was said and is no zone, the more telling first.</param>
internal sealed record LeadZone(DateTimeZone? Zone, string? From, IReadOnlyList<string> Unreadable)
{
    /// <summary>Trait of the product's own: the last zone that a client's context named, and was one.</summary>
    public const string Seen = "$timezone";

    /// <summary>The last that was none.</summary>
    public const string SeenUnreadable = "$timezone.unreadable";

    /// <summary>Of what is kept of a zone that a client names.</summary>
    public const int LengthLimit = 100;

    /// <summary>What people and systems set; the first that can be read counts.</summary>
    private static readonly IReadOnlyList<string> Traits = ["timezone", "timeZone", "time_zone"];

    /// <summary>Where the browser is: of use wherever the person has not said more.</summary>
    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e)
    {
        if (e.LeadId is not null || e.Context.ValueKind != JsonValueKind.Object || !e.Context.TryGetProperty("timezone"u8, out var sent))
        {
            return null;
        }

        // A number may be minutes or hours, this way round or that (JavaScript's is west of UTC): it names no zone.
        var zone = sent.ValueKind == JsonValueKind.String ? JsonText.Of(sent) : sent.GetRawText();
        if (sent.ValueKind != JsonValueKind.Null && !string.IsNullOrWhiteSpace(zone))
        {
            var path = sent.ValueKind == JsonValueKind.String && TimeZones.Find(zone) is not null ? Seen : SeenUnreadable;
            traits.Set(path, Value.From(zone[..Math.Min(zone.Length, LengthLimit)]), e.At.ToUnixTimeMilliseconds(), TraitMap.OwnLimit);
        }

        return null;
    }

    public static LeadZone Of(ILeadFacts lead)
    {
        var unreadable = new List<string>();
        foreach (var trait in Traits.Select(lead.Trait).Where(trait => trait.Exists))
        {
            if (TimeZones.Find(trait.Text) is { } zone)
            {
                return new(zone, "trait", unreadable);
            }

            unreadable.Add(trait.ToString());
        }

        var seen = TimeZones.Find(lead.Trait(Seen).Text);
        if (lead.Trait(SeenUnreadable).Text is { } unread && (seen is null || lead.SetAt(SeenUnreadable) > lead.SetAt(Seen)))
        {
            unreadable.Add(unread);
        }

        return new(seen, seen is null ? null : "browser", unreadable);
    }
}
