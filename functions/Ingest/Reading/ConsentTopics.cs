using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// The topics that a change of consent sets: what it says itself and what its context says, each also under the topic that the source knows it as. Of several answers about one topic the no counts.
/// </summary>
internal static partial class ConsentTopics
{
    // What a flat answer is called beside nested ones.
    internal const string Flat = "granted";

    private const string Email = "email";

    private static readonly JsonElement No = JsonElement.Parse("false");

    private static readonly JsonElement Yes = JsonElement.Parse("true");

    /// <summary>The properties of an event that changes consent, completed.</summary>
    /// <param name="name">The event's, which may say itself what was decided: <c>Unsubscribed</c>.</param>
    public static JsonElement Fill(string name, JsonElement properties, JsonElement context, Source source)
    {
        var topics = New();
        AddNamed(topics, name, Plain(properties), source);
        foreach (var place in EventConsent.In(context))
        {
            AddSaid(topics, Plain(place.Value), source);
        }

        HearAdvertising(topics);
        return topics.Count == 0 ? properties : JsonElement.Parse(topics.ToJsonString());
    }

    /// <summary>Of the event, in the light of its name.</summary>
    private static void AddNamed(JsonObject topics, string name, JsonElement properties, Source source)
    {
        if (ConsentEvents.ArePreferences(name) && JsonText.TryGet(properties, "eventType"u8, out var decided))
        {
            Add(topics, properties, source, keepsNames: true);
            AddDecided(topics, decided, properties, source);
            return;
        }

        if (ConsentEvents.IsComplaint(name))
        {
            // Whatever else it tells of the mail that was too much.
            foreach (var channel in ConsentNames.ChannelsIn(properties) is { Count: > 0 } named ? named : [Email])
            {
                Place(topics, channel, "optedOut", Yes);
            }

            return;
        }

        if (!ConsentNames.IsDecision(name, out var word, out var about, out var isRefusal))
        {
            Add(topics, properties, source, keepsNames: true);
            if (ConsentEvents.MayBeAboutAnything(name))
            {
                topics.Select(topic => topic.Key).Where(topic => Consent.IsAnswer(topic, out _)).ToList().ForEach(topic => topics.Remove(topic));
            }

            return;
        }

        // As if its name stood among its fields: "Unsubscribed" {"list": "news"} is {"list": "news", "Unsubscribed": true}.
        var answers = New();
        foreach (var member in properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject() : default)
        {
            // That all of it is withdrawn is no yes to everything.
            if (!(isRefusal && Consent.IsEverything(JsonText.NameOf(member))))
            {
                Merge(answers, JsonText.NameOf(member), member.Value);
            }
        }

        // Where the fields say what it is about, the name need not: "User Unsubscribed" {"list": "news"}.
        Merge(answers, ConsentNames.NamedIn(properties, isInList: false).Count > 0 || ConsentNames.NamesNoTopic(about, out _) ? word : about, Yes);
        Add(topics, JsonElement.Parse(answers.ToJsonString()), source, keepsNames: true);
    }

    /// <summary>Of the context. An answer that stands there by itself is about tracking, and a no to whatever else is not agreed to later.</summary>
    private static void AddSaid(JsonObject topics, JsonElement said, Source source)
    {
        if (said.ValueKind == JsonValueKind.Object)
        {
            Add(topics, said, source, keepsNames: false);
        }
        else if (!EventConsent.IsNone(said))
        {
            Merge(topics, ConsentEvents.Tracking, said);
            if (Consent.Read(said) != Said.Yes)
            {
                Merge(topics, Flat, No);
            }
        }
    }

    /// <param name="keepsNames">A category that stands for a topic may also be one itself: whoever named it to the product may mean that.</param>
    private static void Add(JsonObject topics, JsonElement answers, Source source, bool keepsNames, bool isInList = false)
    {
        if (answers.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in answers.EnumerateArray())
            {
                Add(topics, item, source, keepsNames, isInList: true);
            }

            return;
        }

        if (answers.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var about = ConsentNames.NamedIn(answers, isInList);
        foreach (var answer in answers.EnumerateObject())
        {
            var name = JsonText.NameOf(answer);
            if (about.Count == 0 || ConsentNames.IsNaming(name, isInList))
            {
                AddOne(topics, name, answer.Value, source, keepsNames);
                continue;
            }

            foreach (var topic in about)
            {
                Place(topics, source.TopicOf(topic), name, answer.Value);
                if (!topic.Equals(source.TopicOf(topic), StringComparison.OrdinalIgnoreCase) && keepsNames)
                {
                    Place(topics, topic, name, answer.Value);
                }
            }

            if (!Consent.IsAnswer(name, out _))
            {
                AddOne(topics, name, answer.Value, source, keepsNames); // it may be a topic itself
            }
        }
    }

    private static void AddOne(JsonObject topics, string name, JsonElement answer, Source source, bool keepsNames)
    {
        var topic = source.TopicOf(name);
        if (topic == name && EventConsent.HoldsAnswers(name) && (answer.ValueKind == JsonValueKind.Object || HasObjects(answer)))
        {
            Add(topics, answer, source, keepsNames);
            return;
        }

        if (AddInside(topics, name, answer, source, keepsNames))
        {
            return;
        }

        AddNoes(topics, answer, source, depth: 0);
        foreach (var refused in EventConsent.RefusedIn(name, answer).Concat(EventConsent.LeftOut(name, answer, source)))
        {
            Merge(topics, refused, No);
            Merge(topics, source.TopicOf(refused), No);
        }

        if (keepsNames || topic.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            Merge(topics, name, answer);
        }

        if (!topic.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            Merge(topics, topic, answer);
        }
        else if (!Consent.IsAnswer(name, out _) && ConsentNames.NamesNoTopic(name, out var flat))
        {
            Merge(topics, flat, answer);
        }
        else if (!Consent.IsAnswer(name, out _) && ConsentNames.TrySplit(name, out var inside, out var word))
        {
            Place(topics, source.TopicOf(inside), word, answer);
        }
        else if (!Consent.IsAnswer(name, out _) && EventConsent.HoldsAnswers(name) && Consent.Read(answer) == Said.No && answer.ValueKind != JsonValueKind.Null)
        {
            Merge(topics, Flat, No); // "consents": "none"
        }
    }

    /// <summary>What names its topic itself, under whatever name: <c>"changes": [{"topic": "news", "granted": false}]</c>; what names a channel only is about this topic on it.</summary>
    /// <returns>Whether that is all there is.</returns>
    private static bool AddInside(JsonObject topics, string name, JsonElement answer, Source source, bool keepsNames)
    {
        var isInList = answer.ValueKind == JsonValueKind.Array;
        JsonElement[] items = isInList ? [.. answer.EnumerateArray()] : answer.ValueKind == JsonValueKind.Object ? [answer] : [];
        var placed = 0;
        foreach (var item in items)
        {
            if (ConsentNames.ChannelsIn(item) is { Count: > 0 } channels && ConsentNames.NamedIn(item, isInList).SequenceEqual(channels))
            {
                channels.ToList().ForEach(channel => Place(topics, name, channel, item));
                placed++;
            }
            else if (ConsentNames.NamedIn(item, isInList).Count > 0)
            {
                Add(topics, item, source, keepsNames, isInList);
            }
        }

        return placed > 0 && placed == items.Length;
    }

    private static bool HasObjects(JsonElement answer) => answer.ValueKind == JsonValueKind.Array && answer.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object);

    /// <summary>Puts an answer below a dotted path.</summary>
    private static void Place(JsonObject topics, string path, string name, JsonElement answer)
    {
        var value = name.Length == 0 ? answer : Wrapped(name, answer);
        var segments = path.Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var segment in segments.Skip(1).Reverse())
        {
            value = Wrapped(segment, value);
        }

        Merge(topics, segments.FirstOrDefault(Flat), value);
    }

    private static JsonElement Wrapped(string name, JsonElement value) => JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [name] = value });

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
