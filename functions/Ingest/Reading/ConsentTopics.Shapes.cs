using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Ingest.Reading;

/// <summary>Shapes that no list of names foresees, and one tool's own.</summary>
internal static partial class ConsentTopics
{
    private const int Deepest = 6;

    private const string Status = "status";

    // What was, and what is.
    private static readonly (string Was, string Is)[] Changes =
        [("old", "new"), ("oldValue", "newValue"), ("old_value", "new_value"), ("from", "to"), ("before", "after"), ("previous", "current"), ("previousValue", "currentValue"), ("previous_value", "current_value"), ("was", "is")];

    /// <summary>The same answers in one way of saying them: of a change what is now, a decision as a status, an answer that does not hold any more as a no, channels in the singular.</summary>
    private static JsonElement Plain(JsonElement answers, int depth = 0)
    {
        if (depth > Deepest || IsPlain(answers, depth))
        {
            return answers;
        }

        if (answers.ValueKind == JsonValueKind.Array)
        {
            return JsonSerializer.SerializeToElement(answers.EnumerateArray().Select(item => Plain(item, depth + 1)));
        }

        var plain = New();
        var change = Array.Find(Changes, one => IsChange(answers, one));
        foreach (var member in answers.EnumerateObject())
        {
            var name = JsonText.NameOf(member);
            if (name == change.Was)
            {
                continue;
            }

            var value = Plain(member.Value, depth + 1);
            if (name != change.Is)
            {
                Merge(plain, IsDecision(member) ? Status : Singular(name), value);
            }
            else if (IsNested(value))
            {
                value.EnumerateObject().ToList().ForEach(inside => Merge(plain, JsonText.NameOf(inside), inside.Value));
            }
            else
            {
                Merge(plain, Status, value);
            }

            if (IsOver(answers, member))
            {
                Merge(plain, Status, No);
            }
        }

        return JsonElement.Parse(plain.ToJsonString());
    }

    private static bool IsPlain(JsonElement answers, int depth) => answers.ValueKind switch
    {
        JsonValueKind.Array => answers.EnumerateArray().All(item => IsPlain(item, depth + 1)),
        JsonValueKind.Object => depth > Deepest || (!Array.Exists(Changes, one => IsChange(answers, one)) && answers.EnumerateObject().All(member =>
            !IsDecision(member) && !IsOver(answers, member) && JsonText.NameOf(member) is var name && Singular(name) == name && IsPlain(member.Value, depth + 1))),
        _ => true,
    };

    private static bool IsDecision(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String && Consent.IsDecision(JsonText.NameOf(member), JsonText.Of(member.Value));

    private static bool IsOver(JsonElement answers, JsonProperty over) => Consent.IsOver(JsonText.NameOf(over), over.Value) && answers.EnumerateObject().Any(member =>
        JsonText.NameOf(member) is var name && (Consent.IsAnswer(name, out _) || (ConsentNames.IsNaming(name, isInList: false) && ConsentNames.HasName(member.Value))));

    // "from" and "to" may be days.
    private static bool IsChange(JsonElement answers, (string Was, string Is) change) =>
        answers.TryGetProperty(change.Was, out _) && answers.TryGetProperty(change.Is, out var now) && (IsNested(now) || Consent.Read(now) is Said.Yes or Said.No);

    private static string Singular(string name) => name is [.. var one, 's' or 'S'] && TopicConsent.Channels.Contains(one) ? one : name;

    /// <summary>What Snowplow's <c>consent_preferences</c> says: of a selection, what the source knows and what is not in it is refused.</summary>
    private static void AddDecided(JsonObject topics, JsonElement decided, JsonElement properties, Source source)
    {
        var said = Consent.Read(decided);
        if (said is Said.Yes or Said.No)
        {
            Merge(topics, Flat, said == Said.Yes ? Yes : No);
        }
        else if (JsonText.TryGet(properties, "consentScopes"u8, out var scopes) && scopes.ValueKind == JsonValueKind.Array && decided.ValueKind == JsonValueKind.String
            && JsonText.Of(decided).Equals("allow_selected", StringComparison.OrdinalIgnoreCase))
        {
            var chosen = scopes.EnumerateArray().Where(scope => scope.ValueKind == JsonValueKind.String).Select(scope => source.TopicOf(JsonText.Of(scope).Trim())).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var topic in chosen.Concat(source.LeftOutOf(chosen)))
            {
                Merge(topics, topic, chosen.Contains(topic) ? Yes : No);
            }
        }
    }

    /// <summary>What stands in something that nobody knows may be topics all the same (<c>"groups": {"C0004": false}</c>, <c>"emailPreferences": {"marketing": "no"}</c>): a no in there is one to them, a yes is none.</summary>
    private static void AddNoes(JsonObject topics, JsonElement within, Source source, int depth)
    {
        foreach (var item in within.ValueKind == JsonValueKind.Array && depth > 0 ? within.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : within.ValueKind == JsonValueKind.Object ? [within] : Enumerable.Empty<JsonElement>())
        {
            foreach (var member in item.EnumerateObject())
            {
                var name = JsonText.NameOf(member);
                if (Consent.IsAnswer(name, out _) || TopicConsent.Channels.Contains(name) || (ConsentNames.IsNaming(name, isInList: depth > 0) && ConsentNames.HasName(member.Value)))
                {
                    continue; // of what it stands in
                }

                if (Consent.Read(member.Value) == Said.No)
                {
                    Merge(topics, source.TopicOf(name), No);
                }
                else if (depth < Deepest)
                {
                    AddNoes(topics, member.Value, source, depth + 1);
                }
            }
        }
    }

    /// <summary>Who refuses advertising on a page is not to be written to either; who accepts it has not asked for mail.</summary>
    private static void HearAdvertising(JsonObject topics)
    {
        if (topics.TryGetPropertyValue(Source.Advertising, out var said) && TryRefusals(said, isRefusal: false, out var refused))
        {
            Merge(topics, Source.Marketing, JsonSerializer.SerializeToElement(refused));
        }
    }

    /// <summary>All in an answer that is no yes, in its place.</summary>
    private static bool TryRefusals(JsonNode? answer, bool isRefusal, out JsonNode? refused)
    {
        if (answer is not JsonObject { Count: > 0 } inside)
        {
            refused = answer?.DeepClone();
            return Consent.Read(Value.From(JsonSerializer.SerializeToElement(answer)), isRefusal) != Said.Yes;
        }

        var noes = New();
        foreach (var (name, value) in inside)
        {
            if (TryRefusals(value, isRefusal ^ (Consent.IsAnswer(name, out var isOne) && isOne), out var no))
            {
                noes[name] = no;
            }
        }

        refused = noes;
        return noes.Count > 0;
    }
}
