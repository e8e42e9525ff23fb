using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions.Parsing;

/// <summary>
/// What the product knows of a lead beside its traits: <c>{"engagement":{"gte":50}}</c> · <c>{"grade":["A","B"]}</c> · <c>{"stage":"mql"}</c> · <c>{"segment":"vip"}</c> ·
/// <c>{"consent":"news"}</c>, short for <c>{"consent":{"topic":"news","is":"agreed","channel":"email"}}</c>.
/// </summary>
internal sealed partial class ConditionParser
{
    private const int MaxChannelLength = 64;

    private TraitAtom? Membership(JsonElement json, string kind, string path)
    {
        var reader = new DocumentObject(json, path, _errors, [kind]);
        if (reader.Text(kind, 64, required: true) is not { } name)
        {
            return null;
        }
        _traits.Add(ProfileFacts.Segment + name);
        return new(ProfileFacts.Segment + name, [new Test.OneOf(new([Value.From(true)]))]);
    }

    // Its values are facts like traits, under names that no client can write.
    private TraitAtom? Profile(JsonElement json, string kind, string path)
    {
        var reader = new DocumentObject(json, path, _errors, [kind]);
        var isNumber = ProfileFacts.AreNumbers.Contains("$" + kind);
        if (!isNumber || reader.Members[kind].ValueKind == JsonValueKind.Object)
        {
            // A list of grades or stages is short for "in".
            var tests = reader.Members[kind].ValueKind == JsonValueKind.Array
                ? TestParser.Parse("in", reader.Members[kind], reader.At(kind), _errors) is { } oneOf ? [oneOf] : null
                : Operand(reader.Members[kind], reader.At(kind), isNumber ? TestParser.CountOperators : TestParser.Operators);
            _traits.Add("$" + kind);
            _dependsOnTime |= ProfileFacts.Move.Contains("$" + kind);
            return tests is null ? null : new("$" + kind, tests);
        }
        reader.Add(reader.At(kind), $"This is {DocumentObject.Shown(reader.Members[kind])}.", "an object with an operator: {\"gte\": 50}");
        return null;
    }

    // A topic, which is to be agreed to; or an object that says more.
    private ConsentAtom? Consented(JsonElement json, string path)
    {
        var outer = new DocumentObject(json, path, _errors, ["consent"]);
        var (asked, before) = (outer.Members["consent"], DocumentError.Grave(_errors));
        var (topic, channel, stands) = ((string?)null, (string?)null, (IReadOnlyList<string>)[TopicConsent.Agreed]);
        if (asked.ValueKind == JsonValueKind.Object)
        {
            var reader = new DocumentObject(asked, outer.At("consent"), _errors, ["topic", "is", "channel"]);
            (topic, channel) = (reader.Text("topic", MaxNameLength, required: true), reader.Text("channel", MaxChannelLength));
            stands = reader.Has("is") ? Standings(reader) : stands;
        }
        else
        {
            topic = outer.Text("consent", MaxNameLength, required: true);
        }

        if (topic is null || DocumentError.Grave(_errors) > before)
        {
            return null;
        }

        _traits.Add(ProfileFacts.Consent);
        return new(topic.Trim(), channel?.Trim() ?? ConsentAtom.UsualChannel, [.. stands]);
    }

    private static List<string> Standings(DocumentObject reader)
    {
        var json = reader.Members["is"];
        var items = json.ValueKind == JsonValueKind.Array ? reader.Items("is", "a list", TopicConsent.Standings.Count) : [(json, reader.At("is"))];
        var standings = new List<string>();
        foreach (var (item, path) in items)
        {
            if (item.ValueKind == JsonValueKind.String && TopicConsent.Standings.Contains(item.GetString()))
            {
                standings.Add(item.GetString()!); // as the line before says
            }
            else
            {
                reader.Add(path, $"This is {DocumentObject.Shown(item)}.", $"one of {string.Join(", ", TopicConsent.Standings)}");
            }
        }

        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 0)
        {
            reader.Add(reader.At("is"), "This list is empty.", $"at least one of {string.Join(", ", TopicConsent.Standings)}");
        }

        return standings;
    }
}
