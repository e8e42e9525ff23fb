using System.Buffers;
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

    /// <summary>Where in an event's context answers stand; the second is Rudder's.</summary>
    internal static readonly string[] Places = ["consent", "consentManagement"];

    /// <summary>About being tracked. Of several answers a no counts.</summary>
    /// <param name="path">Where the answer stands.</param>
    public static Said Tracking(JsonElement context, Source source, out string path)
    {
        path = "context.consent";
        var heard = Said.Nothing;
        foreach (var place in Places)
        {
            if (context.ValueKind != JsonValueKind.Object || !context.TryGetProperty(place, out var consent) || IsNone(consent))
            {
                continue;
            }

            if (consent.ValueKind == JsonValueKind.Object)
            {
                Hear(consent, $"context.{place}", source, ref heard, ref path);
            }
            else if (Consent.Read(consent) is var said && said > heard)
            {
                (heard, path) = (said, $"context.{place}");
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
        if (context.ValueKind != JsonValueKind.Object || !Places.Any(place => context.TryGetProperty(place, out _)))
        {
            return default;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var place in Places)
            {
                if (context.TryGetProperty(place, out var consent))
                {
                    writer.WritePropertyName(place);
                    consent.WriteTo(writer);
                }
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
            else if (RefusedIn(name, answer.Value).Any(refused => IsTracking(refused, source)))
            {
                said = Said.No;
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
        if (!(Consent.IsAnswer(name, out var isRefusal) && isRefusal) && !ConsentNames.IsListOfRefused(name))
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

    private static bool IsTracking(string name, Source source) => ConsentEvents.Tracking.Equals(source.TopicOf(name), StringComparison.OrdinalIgnoreCase) || name == ConsentEvents.Tracking;

    private static JsonElement Parsed(ArrayBufferWriter<byte> buffer)
    {
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
