using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Operations;

namespace LeadFunctions.Tests.Operations;

/// <summary>What is described of bodies against what is read and written: each member by its name, however deep.</summary>
public sealed class OpenApiShapesTests
{
    private static readonly JsonElement Schemas = JsonElement.Parse(new OpenApiDocument().Json.Span).GetProperty("components").GetProperty("schemas");

    /// <summary>Records that are called otherwise where they are described. The rest go by their own names.</summary>
    private static readonly Dictionary<string, string> Called = new()
    {
        ["Lead"] = "LeadAnswer",
        ["ListedLead"] = "ListedLeadAnswer",
        ["TimelineEntry"] = "TimelineAnswer",
        ["Interest"] = "InterestAnswer",
        ["Company"] = "ListedCompany",
        ["NewApiKey"] = "CreateApiKeyRequest",
        ["ApiKey"] = "ListedApiKey",
        ["Approvals"] = "ShownApprovals",
        ["MoveClock"] = "MoveClockRequest",
        ["ScoringModel"] = "ShownScoringModel",
        ["Segment"] = "ShownSegment",
        ["SegmentMember"] = "Member",
        ["Rfm"] = "ShownRfm",
        ["Lifecycle"] = "ShownLifecycle",
        ["FoundNote"] = "ShownNote",
        ["Journey"] = "ShownJourney",
        ["Import"] = "ShownImport",
        ["Webhook"] = "ShownWebhook",
        ["Delivery"] = "ShownDelivery",
        ["Replay"] = "ShownReplay",
        ["Simulation"] = "SimulationAnswer",
        ["Migration"] = "MigrationAnswer",
        ["Content"] = "ShownContent",
    };

    /// <summary>Documents: their own schema, or what their parser takes, says what is in them. So of what clients send.</summary>
    private static readonly IReadOnlyList<string> Documents = ["ScoringModelDocument", "EngagementRule", "FitRule", "SegmentDocument", "LifecycleDocument", "WebhookDocument", "ImportMapping", "EventBatch", "ContentDocument"];

    /// <summary>Whose answers are records of the same shape.</summary>
    private static readonly IReadOnlyList<string> Slices = ["Access", "Audit", "Clock", "Imports", "Integrations", "Journeys", "Leads", "Lifecycle", "OnSite", "Publications", "Scoring", "Segments"];

    [Theory]
    [InlineData("ScoringModelDocument", "scoring-model")]
    [InlineData("SegmentDocument", "segment")]
    [InlineData("LifecycleDocument", "lifecycle")]
    public void A_document_is_described_as_its_schema_has_it(string described, string schema)
    {
        var root = JsonElement.Parse(new DocumentSchema(schema).Json);
        var differences = new List<string>();
        Compare(Schemas.GetProperty(described), root, root, "$", differences);

        Assert.True(differences.Count == 0, string.Join("; ", differences));
    }

    [Theory]
    [InlineData("WebhookDocument", "LeadFunctions.Integrations.WebhookDocument")]
    [InlineData("ImportMapping", "LeadFunctions.Imports.Rows.MappingParser")]
    public void A_document_without_a_schema_is_described_as_its_parser_takes_it(string described, string parser)
    {
        var taken = (IReadOnlyList<string>)typeof(App).Assembly.GetType(parser, throwOnError: true)!.GetField("Fields", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!; // each has one

        Assert.Equal(taken.Where(name => name != "$schema").Order(StringComparer.Ordinal), Members(Schemas.GetProperty(described)).Keys.Where(name => name != "$schema").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_read_and_written_is_described_member_by_member()
    {
        var types = typeof(App).Assembly.GetTypes().Where(type => type is { IsClass: true, IsNested: false } or { IsClass: true, IsNestedAssembly: true }).ToLookup(type => type.Name);
        var (differences, compared) = (new List<string>(), 0);
        var own = Slices.SelectMany(slice => JsonElement.Parse(Repository.Read($"functions/{slice}/openapi.json")).GetProperty("components").GetProperty("schemas").EnumerateObject()).ToList();
        foreach (var schema in own.Where(schema => !Documents.Contains(schema.Name)))
        {
            if (types[Called.GetValueOrDefault(schema.Name, schema.Name)].ToList() is [var type] && Members(schema.Value).Count > 0)
            {
                compared++;
                Compare(schema.Value, type, schema.Name, differences, []);
            }
        }

        Assert.True(differences.Count == 0, string.Join("; ", differences));
        Assert.True(compared > 50, $"Only {compared} were found.");
    }

    private static void Compare(JsonElement described, JsonElement schema, JsonElement root, string path, List<string> differences)
    {
        var (says, has) = (Members(described), Members(schema, root));
        if (says.Count > 0)
        {
            Differences(says.Keys.Where(name => name != "$schema"), has.Keys.Where(name => name != "$schema"), path, differences);
        }

        foreach (var (name, member) in says.Where(member => has.ContainsKey(member.Key)))
        {
            Compare(member, has[name], root, $"{path}.{name}", differences);
        }
    }

    private static void Compare(JsonElement described, Type type, string path, List<string> differences, IReadOnlyList<Type> within)
    {
        if (within.Contains(type) || Members(described) is not { Count: > 0 } says)
        {
            return;
        }

        var has = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null or { Condition: not JsonIgnoreCondition.Always } && property.GetIndexParameters().Length == 0)
            .ToDictionary(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => Inside(property.PropertyType));
        Differences(says.Keys, has.Keys, path, differences);
        foreach (var (name, member) in says)
        {
            if (has.TryGetValue(name, out var inner) && inner.Assembly == typeof(App).Assembly && inner.IsClass)
            {
                Compare(member, inner, $"{path}.{name}", differences, [.. within, type]);
            }
        }
    }

    private static void Differences(IEnumerable<string> described, IEnumerable<string> taken, string path, List<string> differences)
    {
        differences.AddRange(taken.Except(described).Select(name => $"{path} does not describe {name}"));
        differences.AddRange(described.Except(taken).Select(name => $"{path} describes {name}, which there is not"));
    }

    /// <summary>The members of an object, of the items of a list, of what is kept by name, or of all that it may be.</summary>
    private static Dictionary<string, JsonElement> Members(JsonElement schema, JsonElement? root = null)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            var at = reference.GetString()!.TrimStart('#', '/').Split('/');
            return Members(root is { } own ? at.Aggregate(own, (node, name) => node.GetProperty(name)) : Schemas.GetProperty(at[^1]), root);
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            return properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        }

        return schema.TryGetProperty("items", out var items) ? Members(items, root)
            : schema.TryGetProperty("additionalProperties", out var named) ? Members(named, root)
            : schema.TryGetProperty("oneOf", out var one) || schema.TryGetProperty("allOf", out one) ? one.EnumerateArray().SelectMany(part => Members(part, root)).DistinctBy(member => member.Key).ToDictionary()
            : [];
    }

    private static Type Inside(Type type) => Nullable.GetUnderlyingType(type) is { } value ? Inside(value)
        : type.IsGenericType && type.GetGenericTypeDefinition() is var kind && (kind == typeof(IReadOnlyList<>) || kind == typeof(IEnumerable<>)) ? Inside(type.GenericTypeArguments[0])
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? Inside(type.GenericTypeArguments[1])
        : type;
}
