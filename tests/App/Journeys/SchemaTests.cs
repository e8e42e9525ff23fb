using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Journeys;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The schema that editors use says what the parser says, for the samples and for thousands of damaged copies of them.</summary>
public sealed class SchemaTests
{
    private static readonly MiniSchema Schema = new(JsonDocument.Parse(JourneySchema.Json).RootElement);

    // Every step, trigger and control that the samples leave out.
    private const string Rest = """
        {"name":"x","description":"d","trigger":{"form":"f","where":{"a":{"in":["x","y"]}},"key":"k"},"timeZone":"Europe/Berlin","frequency":[{"max":3,"per":"7d"},{"max":1,"per":"1d","over":"wait"}],
         "entry":{"when":{"all":[{"segment":"vip"},{"list":"l"},{"grade":"A"},{"fit":{"gte":10}},{"event":["a","b"],"count":{"between":[1,3]}}]},"reentry":"concurrent"},
         "steps":[
          {"id":"a","type":"webhook","url":"https://example.com/{{lead.email}}","method":"PUT","headers":{"X-Key":"k"},"body":{"a":["{{trigger.k}}"]},"saveAs":"crm"},
          {"id":"b","type":"startJourney","journey":"other","data":{"x":1}},
          {"id":"c","type":"removeFromList","list":"l"},
          {"id":"d","type":"wait","until":{"time":"09:00","days":["mon"]}},
          {"id":"e","type":"wait","until":{"trait":"renewsAt","offset":"-7d","yearly":true}},
          {"id":"f","type":"track","event":"E","properties":{"a":1}},
          {"id":"g","type":"send","template":"t","channel":"sms","urgent":true,"name":"n","data":{"a":1}},
          {"id":"h","type":"split","salt":"s","paths":[{"name":"a","weight":1,"steps":[]}]},
          {"id":"i","type":"exit","reason":"r"}]}
        """;

    public static IEnumerable<string> Documents => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples/journeys"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText), Rest];

    [Fact]
    public void The_schema_accepts_what_is_valid()
    {
        foreach (var document in Documents)
        {
            Assert.Empty(JourneyDocument.Parse(System.Text.Encoding.UTF8.GetBytes(document)).Errors);
            Assert.True(Schema.Accepts(JsonDocument.Parse(document).RootElement), document);
        }
    }

    [Fact]
    public void Schema_and_parser_agree_on_damaged_documents()
    {
        var disagreements = new List<string>();
        var checkedCount = 0;
        foreach (var (text, damage) in Documents.SelectMany(Damaged))
        {
            checkedCount++;
            using var json = JsonDocument.Parse(text);
            var (parser, schema) = (JourneyDocument.Parse(json.RootElement).Errors.Count == 0, Schema.Accepts(json.RootElement));

            // What takes more than the shape to see (two steps with one id, a condition that no event can fulfil) only the parser refuses.
            if (parser != schema && !(schema && JourneyDocument.Parse(json.RootElement).Errors.All(error => IsBeyondShape(error.Message))))
            {
                disagreements.Add($"{damage}: parser {(parser ? "accepts" : "refuses: " + string.Join("; ", JourneyDocument.Parse(json.RootElement).Errors.Select(e => e.Path + " " + e.Message)))}, schema {(schema ? "accepts" : "refuses")}");
            }
        }

        Assert.True(checkedCount > 2000, $"{checkedCount}");
        Assert.True(disagreements.Count == 0, $"{disagreements.Count} of {checkedCount}:\n{string.Join('\n', disagreements.Take(40))}");
    }

    private static bool IsBeyondShape(string message) =>
        new[] { "too.", "can hold without", "No event can fulfil", "no time zone", "no time to send", "All weights", "something to tell them apart", "not a web address", "Another path", "\"between\" has" }.Any(text => message.Contains(text, StringComparison.Ordinal));

    /// <summary>Each value left out, or replaced by something of another kind, or given a neighbour that nobody knows.</summary>
    private static IEnumerable<(string Text, string Damage)> Damaged(string document)
    {
        JsonNode?[] others = [null, JsonValue.Create(7), JsonValue.Create(-1.5), JsonValue.Create(""), JsonValue.Create("x y"), JsonValue.Create(true), new JsonArray(), new JsonObject(), new JsonObject { ["unknown"] = 1 }];
        foreach (var path in Paths(JsonNode.Parse(document)!, []))
        {
            yield return Change(document, path, (parent, key) => Remove(parent, key), "without");
            foreach (var other in others)
            {
                yield return Change(document, path, (parent, key) => Set(parent, key, other?.DeepClone()), $"{other?.ToJsonString() ?? "null"} for");
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        // Free content (templates' data, webhook bodies) may be anything.
        if (path.Length > 0 && path[^1] is "data" or "body" or "properties" or "traits" or "headers")
        {
            yield break;
        }

        var children = node switch
        {
            JsonObject o => o.Select(member => ((object)member.Key, member.Value)),
            JsonArray a => a.Select((item, i) => ((object)i, item)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            yield return [.. path, key];
            foreach (var deeper in child is null ? [] : Paths(child, [.. path, key]))
            {
                yield return deeper;
            }
        }
    }

    private static (string Text, string Damage) Change(string document, object[] path, Action<JsonNode, object> change, string how)
    {
        var root = JsonNode.Parse(document)!;
        var parent = path[..^1].Aggregate(root, (at, key) => key is string name ? at[name]! : at[(int)key]!);
        change(parent, path[^1]);
        return (root.ToJsonString(), $"{how} {string.Join('.', path)}");
    }

    private static void Remove(JsonNode parent, object key)
    {
        if (parent is JsonObject o)
        {
            o.Remove((string)key);
        }
        else
        {
            parent.AsArray().RemoveAt((int)key);
        }
    }

    private static void Set(JsonNode parent, object key, JsonNode? value)
    {
        if (parent is JsonObject o)
        {
            o[(string)key] = value;
        }
        else
        {
            parent.AsArray()[(int)key] = value;
        }
    }
}
