using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Access;
using LeadFunctions.Operations;

namespace LeadFunctions.Tests.Operations;

/// <summary>The description against the routes, both ways. Each slice describes its own in its openapi.json.</summary>
public sealed partial class OpenApiTests
{
    private static readonly JsonElement Document = JsonDocument.Parse(new OpenApiDocument().Json).RootElement;

    private sealed record Operation(string Path, string Method, JsonElement Content)
    {
        public string Name => $"{Method.ToUpperInvariant()} {Path}";

        public IReadOnlyList<string> Scopes => Content.TryGetProperty("security", out var security)
            ? [.. security.EnumerateArray().SelectMany(s => s.EnumerateObject()).Where(s => s.Name == "apiKey").SelectMany(s => s.Value.EnumerateArray()).Select(s => s.GetString()!)]
            : [];
    }

    [Fact]
    public void Every_route_is_described_and_nothing_else()
    {
        var routes = RouteScopes.AllRoutes().SelectMany(r => r.Methods.Select(m => $"{m.ToUpperInvariant()} /{Constraint().Replace(r.Route, "}").Replace("{*", "{", StringComparison.Ordinal)}")).ToHashSet();
        // A preflight is the browser's affair.
        routes.RemoveWhere(r => r.StartsWith("OPTIONS ", StringComparison.Ordinal));
        var described = Operations().Select(o => o.Name).ToHashSet();

        Assert.True(routes.IsSubsetOf(described), "Not described in any openapi.json: " + string.Join(", ", routes.Except(described)));
        Assert.True(described.IsSubsetOf(routes), "Described, but no route: " + string.Join(", ", described.Except(routes)));
    }

    [Fact]
    public void The_scopes_are_those_of_the_routes()
    {
        var routes = RouteScopes.AllRoutes().Where(r => r.Scopes is not null)
            .SelectMany(r => r.Methods.Select(m => (Name: $"{m.ToUpperInvariant()} /{Constraint().Replace(r.Route, "}").Replace("{*", "{", StringComparison.Ordinal)}", r.Scopes!.Scopes)));
        var described = Operations().ToDictionary(o => o.Name, o => o.Scopes);

        foreach (var (name, scopes) in routes.Where(r => described.ContainsKey(r.Name)))
        {
            Assert.True(scopes.Select(s => s.ToString().ToLowerInvariant()).Order().SequenceEqual(described[name].Order()), $"{name} needs {string.Join(", ", scopes)}, described is {string.Join(", ", described[name])}");
        }
    }

    [Fact]
    public void Whatever_is_published_says_first_what_that_would_do()
    {
        var publications = Operations().Where(operation => operation.Path.EndsWith("/publish", StringComparison.Ordinal)).ToList();

        Assert.True(publications.Count >= 7, $"{publications.Count}");
        Assert.All(publications, operation => Assert.Contains(operation.Content.GetProperty("parameters").EnumerateArray(), parameter => parameter.TryGetProperty("name", out var name) && name.ValueEquals("dryRun")));
    }

    [Fact]
    public void Every_operation_has_what_a_reader_needs()
    {
        var ids = new HashSet<string>();
        foreach (var operation in Operations())
        {
            Assert.True(ids.Add(operation.Content.GetProperty("operationId").GetString()!), $"{operation.Name} has the operationId of another.");
            Assert.False(string.IsNullOrWhiteSpace(operation.Content.GetProperty("summary").GetString()), operation.Name);
            Assert.NotEmpty(operation.Content.GetProperty("responses").EnumerateObject());
            Assert.All(operation.Content.GetProperty("responses").EnumerateObject(), r => Assert.Matches("^([2-5][0-9][0-9]|default)$", r.Name));
            if (operation is { Method: "put", Path: not "/api/segments/{id}/leads/{leadId}" }) // whose address says all
            {
                Assert.True(operation.Content.TryGetProperty("requestBody", out _), $"{operation.Name} describes no body.");
            }

            var declared = Parameters(operation).ToHashSet();
            var inPath = PathParameter().Matches(operation.Path).Select(m => m.Groups[1].Value).ToHashSet();
            Assert.True(declared.SetEquals(inPath), $"{operation.Name} describes the path parameters {string.Join(", ", declared)}");
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        foreach (var reference in Strings(Document, "$ref"))
        {
            var target = reference.TrimStart('#', '/').Split('/').Aggregate((JsonElement?)Document, (node, name) => node is { } n && n.TryGetProperty(name, out var next) ? next : null);
            Assert.True(target is not null, $"{reference} leads nowhere.");
        }
    }

    private static IEnumerable<Operation> Operations() =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        where method.Name is not "parameters"
        select new Operation(path.Name, method.Name, method.Value);

    private static IEnumerable<string> Parameters(Operation operation)
    {
        var shared = Document.GetProperty("paths").GetProperty(operation.Path).TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default;
        var own = operation.Content.TryGetProperty("parameters", out var some) ? some.EnumerateArray() : default;
        return shared.Concat(own).Where(p => p.TryGetProperty("in", out var place) && place.GetString() == "path").Select(p => p.GetProperty("name").GetString()!);
    }

    private static IEnumerable<string> Strings(JsonElement node, string name) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(p => p.Name == name && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Strings(p.Value, name)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(item => Strings(item, name)),
        _ => [],
    };

    [GeneratedRegex(@"(:[^}]*|\?)\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathParameter();
}
