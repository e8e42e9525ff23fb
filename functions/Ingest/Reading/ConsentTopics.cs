using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// The topics that a change of consent sets: what it says itself and what its context says, each also under the topic that the source knows it as. Of several answers about one topic the no counts.
/// </summary>
internal static class ConsentTopics
{
    // What a flat answer is called beside nested ones.
    private const string Flat = "granted";

    private static readonly JsonElement No = JsonElement.Parse("false");

    /// <summary>The properties of an event that changes consent, completed.</summary>
    public static JsonElement Fill(JsonElement properties, JsonElement context, Source source)
    {
        var said = context.ValueKind == JsonValueKind.Object && context.TryGetProperty("consent"u8, out var consent) ? consent : default;
        if (said.ValueKind != JsonValueKind.Object && !NamesCategories(properties, source))
        {
            return properties;
        }

        var topics = New();
        Add(topics, properties, source, keepsNames: true);
        Add(topics, said, source, keepsNames: false);
        return JsonElement.Parse(topics.ToJsonString());
    }

    private static bool NamesCategories(JsonElement properties, Source source) => properties.ValueKind == JsonValueKind.Object
        && properties.EnumerateObject().Any(property => JsonText.NameOf(property) is var name && (source.TopicOf(name) != name || EventConsent.RefusedIn(name, property.Value).Any() || (property.Value.ValueKind == JsonValueKind.Object && EventConsent.HoldsAnswers(name))));

    /// <param name="keepsNames">A category that stands for a topic may also be one itself: whoever named it to the product may mean that.</param>
    private static void Add(JsonObject topics, JsonElement answers, Source source, bool keepsNames)
    {
        if (answers.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var answer in answers.EnumerateObject())
        {
            var name = JsonText.NameOf(answer);
            var topic = source.TopicOf(name);
            if (topic == name && answer.Value.ValueKind == JsonValueKind.Object && EventConsent.HoldsAnswers(name))
            {
                Add(topics, answer.Value, source, keepsNames);
                continue;
            }

            foreach (var refused in EventConsent.RefusedIn(name, answer.Value))
            {
                Merge(topics, refused, No);
                Merge(topics, source.TopicOf(refused), No);
            }

            if (keepsNames || topic == name)
            {
                Merge(topics, name, answer.Value);
            }

            if (!topic.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                Merge(topics, topic, answer.Value);
            }
        }
    }

    /// <param name="isRefusal">It stands under a word for no, where the yes is what counts.</param>
    private static void Merge(JsonObject into, string name, JsonElement answer, bool isRefusal = false)
    {
        isRefusal ^= Consent.IsAnswer(name, out var isOne) && isOne;
        if (!into.TryGetPropertyValue(name, out var standing))
        {
            into[name] = Node(answer, isRefusal);
        }
        else if (standing is JsonObject { Count: > 0 } inside)
        {
            MergeInside(inside, answer, isRefusal);
        }
        else if (IsNested(answer))
        {
            into[name] = null; // a node has one parent
            var both = New();
            both[Flat] = standing;
            into[name] = both;
            MergeInside(both, answer, isRefusal);
        }
        else if (Consent.Read(Value.From(answer), isRefusal) > Consent.Read(Value.From(JsonSerializer.SerializeToElement(standing)), isRefusal))
        {
            into[name] = Node(answer, isRefusal);
        }
    }

    private static void MergeInside(JsonObject inside, JsonElement answer, bool isRefusal)
    {
        if (!IsNested(answer))
        {
            Merge(inside, Flat, answer, isRefusal);
            return;
        }

        foreach (var member in answer.EnumerateObject())
        {
            Merge(inside, JsonText.NameOf(member), member.Value, isRefusal);
        }
    }

    private static bool IsNested(JsonElement answer) => answer.ValueKind == JsonValueKind.Object && answer.EnumerateObject().MoveNext();

    // Built member by member: clients may write the same name twice, and a JsonObject must not.
    private static JsonNode? Node(JsonElement answer, bool isRefusal)
    {
        switch (answer.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Object:
                var node = New();
                foreach (var member in answer.EnumerateObject())
                {
                    Merge(node, JsonText.NameOf(member), member.Value, isRefusal);
                }

                return node;
            case JsonValueKind.Array:
                return JsonArray.Create(answer);
            case JsonValueKind.String:
                return JsonValue.Create(JsonText.Of(answer));
            default:
                return JsonValue.Create(answer);
        }
    }

    private static JsonObject New() => new(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
}
