using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadFunctions.Operations;

/// <summary>
/// The description of the HTTP API, put together from the <c>openapi.json</c> that lies in each slice's folder beside the functions that it
/// describes; the one in this folder holds what is common. A test holds it against the routes, both ways.
/// </summary>
public sealed class OpenApiDocument
{
    private const string Resources = "openapi/";
    private const string Common = "Operations/";

    private readonly Lazy<byte[]> _json = new(() => JsonSerializer.SerializeToUtf8Bytes(Build(), new JsonSerializerOptions { WriteIndented = true }));

    private readonly Lazy<FrozenSet<string>> _withoutQuery;

    public OpenApiDocument() => _withoutQuery = new(() => WithoutQueryIn(JsonNode.Parse(Json.Span)!.AsObject())); // it is an object

    public ReadOnlyMemory<byte> Json => _json.Value;

    /// <summary>GETs that know no parameters in their query, by the names of their functions, which they are described under.</summary>
    public IReadOnlySet<string> WithoutQuery => _withoutQuery.Value;

    private static JsonObject Build()
    {
        var assembly = typeof(OpenApiDocument).Assembly;
        var slices = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToDictionary(name => name[Resources.Length..].Replace('\\', '/'), name => Read(assembly, name));

        var document = slices[Common];
        foreach (var (slice, part) in slices.Where(s => s.Key != Common))
        {
            Move(part, document, slice, "paths");
            Move(part, document, slice, "components", "schemas");
            Move(part, document, slice, "components", "parameters");
        }

        foreach (var operation in Operations(document).Where(o => o["security"]?.AsArray().Any(s => s!.AsObject().ContainsKey("apiKey")) ?? false))
        {
            AddCommonErrors(operation["responses"]!.AsObject()); // the test refuses an operation without responses
        }

        return document;
    }

    private static FrozenSet<string> WithoutQueryIn(JsonObject document)
    {
        return document["paths"]!.AsObject().Select(path => path.Value!.AsObject()) // in the common part
            .Where(path => path.ContainsKey("get") && !Parameters(path).Concat(Parameters(path["get"]!.AsObject())).Any(parameter => parameter["in"]?.GetValue<string>() == "query"))
            .Select(path => path["get"]!["operationId"]!.GetValue<string>()).ToFrozenSet(); // the test refuses an operation without one

        IEnumerable<JsonNode> Parameters(JsonObject of) => (of["parameters"]?.AsArray() ?? []).Select(parameter =>
            parameter!["$ref"]?.GetValue<string>() is { } reference ? document["components"]!["parameters"]![reference.Split('/')[^1]]! : parameter); // and one that leads nowhere
    }

    private static IEnumerable<JsonObject> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject() // in the common part
        from operation in path.Value!.AsObject()
        where operation.Key is not "parameters"
        select operation.Value!.AsObject();

    private static void AddCommonErrors(JsonObject responses)
    {
        responses["401"] ??= Reference("Unauthorized");
        responses["403"] ??= Reference("Forbidden");
        responses["429"] ??= Reference("TooMany");
        responses["503"] ??= Reference("Unavailable");
    }

    private static JsonObject Reference(string response) => new() { ["$ref"] = $"#/components/responses/{response}" };

    private static void Move(JsonObject from, JsonObject to, string slice, params ReadOnlySpan<string> path)
    {
        JsonNode? source = from;
        JsonNode target = to;
        foreach (var name in path)
        {
            source = source?[name];
            target = target[name] ?? throw new InvalidDataException($"The common part has no {name}.");
        }

        foreach (var (name, value) in source?.AsObject().ToList() ?? [])
        {
            source!.AsObject().Remove(name); // enumerated from it
            if (!target.AsObject().TryAdd(name, value))
            {
                throw new InvalidDataException($"{slice} describes {name} a second time.");
            }
        }
    }

    private static JsonObject Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!; // listed by the assembly itself
        return JsonNode.Parse(stream)!.AsObject();
    }
}
