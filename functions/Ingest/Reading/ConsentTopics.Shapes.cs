using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Messaging;

namespace LeadFunctions.Ingest.Reading;

/// <summary>Shapes that no list of names foresees, and one tool's own.</summary>
internal static partial class ConsentTopics
{
    private const int Deepest = 6;

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
            foreach (var topic in source.ConsentCategories.Values.Union(chosen).Distinct(StringComparer.OrdinalIgnoreCase))
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
                if (Consent.IsAnswer(name, out _) || TopicConsent.Channels.Contains(name) || ConsentNames.IsNaming(name, isInList: depth > 0))
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
}
