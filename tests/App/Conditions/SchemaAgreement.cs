using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Tests.Conditions;

/// <summary>Holds the schema that editors use against the parser: for documents as they should be, and for thousands of damaged copies of them.</summary>
internal static class SchemaAgreement
{
    public static IEnumerable<string> Samples(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", folder), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllText);

    /// <param name="parse">The parser's errors.</param>
    /// <param name="beyondShape">Parts of messages about what a schema cannot say.</param>
    public static void Check(string name, IReadOnlyList<string> documents, Func<JsonElement, IReadOnlyList<DocumentError>> parse, IReadOnlyList<string> beyondShape, int atLeast, bool hasConditions = true)
    {
        var schema = Schema(name, hasConditions);
        Assert.All(documents, document =>
        {
            Assert.Empty(parse(JsonDocument.Parse(document).RootElement));
            Assert.True(schema.Evaluate(JsonDocument.Parse(document).RootElement).IsValid, document);
        });

        var disagreements = new StringBuilder();
        var (count, refused) = (0, 0);
        foreach (var (text, damage) in documents.SelectMany(Damaged))
        {
            using var json = JsonDocument.Parse(text);
            var errors = parse(json.RootElement);
            var accepts = schema.Evaluate(json.RootElement).IsValid;
            (count, refused) = (count + 1, refused + (accepts ? 0 : 1));
            if (errors.Count == 0 != accepts && !(accepts && errors.All(error => beyondShape.Any(part => error.Message.Contains(part, StringComparison.Ordinal)))))
            {
                disagreements.AppendLine($"{damage}: the schema {(accepts ? "accepts" : "refuses")} it, the parser says: {string.Join("; ", errors.Select(e => e.Path + " " + e.Message))}");
            }
        }

        Assert.True(count > atLeast && refused > atLeast / 2, $"{refused} of {count}");
        Assert.True(disagreements.Length == 0, disagreements.ToString());
    }

    /// <summary>As editors get it. Each has a registry of its own, since one is not registered twice.</summary>
    public static JsonSchema Schema(string name, bool hasConditions = true) => JsonSchema.FromText(Encoding.UTF8.GetString(new DocumentSchema(name, hasConditions).Json), new BuildOptions { SchemaRegistry = new() });

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
