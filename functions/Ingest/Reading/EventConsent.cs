using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What the context of an event says about consent: <c>consent.tracking</c> or <c>consent</c> itself, in anybody's words, and the categories of consent banners (<c>consent.categoryPreferences</c>
/// or beside <c>tracking</c>), of which the source says what they stand for.
/// </summary>
internal static class EventConsent
{
    internal const string Categories = "categoryPreferences";

    // Where in an event's context answers stand, as clients and banners call it; letters only.
    private static readonly HashSet<string> Places = new(StringComparer.OrdinalIgnoreCase)
    {
        Consented, "consents", "consentManagement", "cookieConsent", "cookiePreferences", "consentPreferences", "consentSettings", "consentState", "consentMode", "consentStatus", "userConsent", "trackingConsent", "analyticsConsent", "gdprConsent",
        "privacyConsent",
    };

    private const string Consented = "consent";

    private static readonly HashSet<string> SignalNames = new(["dnt", "doNotTrack", "gpc", "globalPrivacyControl", "secGpc"], StringComparer.OrdinalIgnoreCase);

    // Where a browser's signals stand beside others.
    private static readonly HashSet<string> SignalPlaces = new(["privacy", "navigator", "browser", "device"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The members of a context that hold answers.</summary>
    internal static IEnumerable<JsonProperty> In(JsonElement context) => context.ValueKind == JsonValueKind.Object ? context.EnumerateObject().Where(IsPlace) : [];

    internal static bool IsPlace(JsonProperty member)
    {
        // Asked of every event.
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return (raw.IndexOf("onsent"u8) >= 0 || raw.IndexOf("ookie"u8) >= 0 || raw.IndexOf("ONSENT"u8) >= 0 || raw.IndexOf("OOKIE"u8) >= 0 || raw.Contains((byte)'\\')) && Places.Contains(Letters(JsonText.NameOf(member)));
    }

    /// <summary>The browser's wish not to be tracked, as whoever sends for it noted it: <c>"dnt": 1</c>, <c>"globalPrivacyControl": true</c>.</summary>
    public static bool SignalsOptOut(JsonElement context) => context.ValueKind == JsonValueKind.Object && context.EnumerateObject().Any(member =>
        IsSignal(member) || (member.Value.ValueKind == JsonValueKind.Object && (IsPlace(member) || SignalPlaces.Contains(member.Name)) && member.Value.EnumerateObject().Any(IsSignal)));

    private static bool IsSignal(JsonProperty member) =>
        member.Value.ValueKind is JsonValueKind.True or JsonValueKind.Number or JsonValueKind.String && SignalNames.Contains(Letters(member.Name)) && Consent.Read(member.Value) == Said.Yes;

    private static string Letters(string name) => name.AsSpan().ContainsAny('_', '-', ' ') ? name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal) : name;

    /// <summary>About being tracked. Of several answers a no counts.</summary>
    /// <param name="path">Where the answer stands.</param>
    public static Said Tracking(JsonElement context, Source source, out string path)
    {
        path = "context.consent";
        var heard = Said.Nothing;
        foreach (var place in In(context))
        {
            if (IsNone(place.Value))
            {
                continue;
            }

            if (place.Value.ValueKind == JsonValueKind.Object)
            {
                Hear(place.Value, $"context.{place.Name}", source, ref heard, ref path);
            }
            else if (Consent.Read(place.Value) is var said && said > heard && (said != Said.Unclear || place.Name == Consented))
            {
                (heard, path) = (said, $"context.{place.Name}");
            }
        }

        return heard;
    }

    /// <summary>How clients write an object that they have not; anything else is an answer.</summary>
    internal static bool IsNone(JsonElement consent) =>
        consent.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (consent.ValueKind == JsonValueKind.Array && consent.GetArrayLength() == 0);

    /// <summary>What is left of the context of somebody who does not want to be tracked: the answer.</summary>
    public static JsonElement Alone(JsonElement context)
    {
        if (!In(context).Any())
        {
            return default;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var place in In(context))
            {
                place.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Parsed(buffer);
    }

    private static void Hear(JsonElement answers, string at, Source source, ref Said heard, ref string path, bool isInList = false)
    {
        // "category": "analytics", "granted": false
        var about = ConsentNames.NamedIn(answers, isInList);
        var isElsewhere = about.Count > 0 && !about.Any(topic => IsTracking(topic.Split('.')[0], source));
        foreach (var answer in answers.EnumerateObject())
        {
            var name = JsonText.NameOf(answer);
            var said = Said.Nothing;
            if (IsTracking(name.Trim(), source))
            {
                said = Consent.Read(answer.Value);
            }
            else if (RefusedIn(name, answer.Value).Concat(LeftOut(name, answer.Value, source)).Any(refused => IsTracking(refused, source)))
            {
                said = Said.No;
            }
            else if (name == "default" && answers.TryGetProperty("update", out _))
            {
                continue; // what held before anybody was asked
            }
            else if (answer.Value.ValueKind == JsonValueKind.Object && HoldsAnswers(name))
            {
                Hear(answer.Value, $"{at}.{name}", source, ref heard, ref path);
            }
            else if (answer.Value.ValueKind == JsonValueKind.Array && HoldsAnswers(name))
            {
                foreach (var item in answer.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
                {
                    Hear(item, $"{at}.{name}", source, ref heard, ref path, isInList: true);
                }
            }
            else if (HasNo(answer.Value, source, 1))
            {
                said = Said.No; // in something that nobody knows
            }
            else if (Consent.IsEverything(name) && Consent.Read(answer.Value) is var everything)
            {
                said = everything == Said.Unclear ? Said.No : everything;
            }
            else if (Consent.IsAnswer(name, out var isRefusal) && !isElsewhere && Consent.Read(Value.From(answer.Value), isRefusal) is var all and (Said.Yes or Said.No))
            {
                // It names no category, and so is about all; what is neither yes nor no may mean something else.
                said = all;
            }
            else if (ConsentNames.TrySplit(name, out var topic, out var word) && word.Length > 0 && IsTracking(topic, source))
            {
                said = Consent.IsAnswer(word, out var isTurned) ? Consent.Read(Value.From(answer.Value), isTurned) : Said.Unclear;
            }

            if (said > heard)
            {
                (heard, path) = (said, $"{at}.{name}");
            }
        }
    }

    private const int Deepest = 6;

    private static bool HasNo(JsonElement within, Source source, int depth) => within.ValueKind == JsonValueKind.Object && depth < Deepest && within.EnumerateObject().Any(member =>
        IsTracking(JsonText.NameOf(member).Trim(), source) ? Consent.Read(member.Value) == Said.No : HasNo(member.Value, source, depth + 1));

    // What banners and forms put their answers into.
    private static readonly HashSet<string> Containers = new(StringComparer.OrdinalIgnoreCase)
    {
        Categories, "categories", "channels", "choices", "consents", "cookies", "groups", "permissions", "preferences", "purposes", "services", "settings", "subscriptions", "topics", "vendors",
        "cookieConsent", "cookiePreferences", "consentPreferences", "consentSettings", "communicationPreferences",
    };

    /// <summary>Whether what stands in an object of this name stands for what it stands in: the categories, or "consent" itself once more.</summary>
    internal static bool HoldsAnswers(string name) => Containers.Contains(name.Trim()) || (Consent.IsAnswer(name, out var isRefusal) && !isRefusal);

    /// <summary>What a list of refusals names, or a text that is neither yes nor no: <c>"rejected": ["marketing"]</c>, <c>"unsubscribed": "news"</c>.</summary>
    internal static IEnumerable<string> RefusedIn(string name, JsonElement value)
    {
        if (!(Consent.IsAnswer(name, out var isRefusal) && isRefusal) && !ConsentNames.IsListOfRefused(name) && !(value.ValueKind == JsonValueKind.Array && name.Equals("removed", StringComparison.OrdinalIgnoreCase)))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => JsonText.Of(item).Trim()).Where(text => text.Length > 0),
            JsonValueKind.String when Consent.Read(value) == Said.Unclear => JsonText.Of(value).Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
    }

    /// <summary>What a banner's list of what was agreed to leaves out, of the categories that the source knows. A list that names none of a banner's categories is of something else.</summary>
    internal static IEnumerable<string> LeftOut(string name, JsonElement value, Source source)
    {
        if (!ConsentNames.IsListOfAllowed(name) || value.ValueKind is not (JsonValueKind.Array or JsonValueKind.String))
        {
            return [];
        }

        string[] listed = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => JsonText.Of(item).Trim())]
            : JsonText.Of(value).Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isABanners = listed.Any(one => source.ConsentCategories.Keys.Contains(one, StringComparer.OrdinalIgnoreCase) || AlwaysOn.Contains(one));
        return isABanners ? source.LeftOutOf([.. listed.Select(source.TopicOf)]) : [];
    }

    // Categories that are agreed to by coming; C0001 and C0003 are what OneTrust numbers them.
    private static readonly HashSet<string> AlwaysOn = new(["C0001", "C0003", "necessary", "strictly_necessary", "strictly necessary", "essential", "functional", "security_storage", "functionality_storage"], StringComparer.OrdinalIgnoreCase);

    private static bool IsTracking(string name, Source source) => ConsentEvents.Tracking.Equals(source.TopicOf(name), StringComparison.OrdinalIgnoreCase) || name == ConsentEvents.Tracking;

    private static JsonElement Parsed(ArrayBufferWriter<byte> buffer)
    {
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
