using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Integrations;

namespace LeadFunctions.Tests.Integrations;

/// <summary>The schema of what the world is told, against what it is told and against the page that shows it.</summary>
public sealed partial class EventSchemaTests
{
    private static readonly JsonObject Document = JsonNode.Parse(Encoding.UTF8.GetString(new DocumentSchema("events", hasConditions: false).Json))!.AsObject(); // it is an object
    private static readonly JsonSchema Schema = JsonSchema.FromText(Document.ToJsonString());

    public static TheoryData<string> Types => [.. HappeningTypes.All];

    /// <summary>Null when the event is as the schema says, and says nothing that is not in it.</summary>
    internal static string? FaultOf(JsonElement e) => Undescribed(e) is { Count: > 0 } undescribed ? $"{string.Join(", ", undescribed)}: in no schema. {e.GetRawText()}"
        : Schema.Evaluate(e, new EvaluationOptions { OutputFormat = OutputFormat.List }) is { IsValid: false } result
        ? string.Join("; ", (result.Details ?? []).SelectMany(detail => (detail.Errors ?? new Dictionary<string, string>()).Select(error => $"{detail.InstanceLocation} {error.Value}"))) + e.GetRawText()
        : null;

    [Theory]
    [MemberData(nameof(Types))]
    public void A_sample_of_each_type_is_as_the_schema_says(string type)
    {
        var sample = JsonDocument.Parse(SampleEvents.Of(type, new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero)).ToJson()).RootElement;

        Assert.Null(FaultOf(sample));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Without_anything_that_it_needs_it_is_not(string type)
    {
        var sample = JsonNode.Parse(SampleEvents.Of(type, new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero)).ToJson())!.AsObject(); // it is an object
        var required = Required(Document["$defs"]![type]!.AsObject()).ToList(); // each type has one

        Assert.NotEmpty(required);
        foreach (var name in required)
        {
            var less = sample.DeepClone().AsObject();
            Assert.True(less["data"]!.AsObject().Remove(name), $"The sample of {type} has no {name}.");
            Assert.NotNull(FaultOf(JsonSerializer.SerializeToElement(less)));
        }
    }

    [Fact]
    public void The_page_shows_each_type_with_its_schema_and_no_other()
    {
        var page = Repository.Read("docs/events.md");
        var shown = Section().Matches(page).ToDictionary(match => match.Groups[1].Value, match => JsonNode.Parse(match.Groups[2].Value));

        Assert.Equal(HappeningTypes.All.Append("lead").Append("message").Order(StringComparer.Ordinal), shown.Keys.Order(StringComparer.Ordinal));
        Assert.All(shown, section => Assert.True(JsonNode.DeepEquals(section.Value, Document["$defs"]![section.Key]), $"docs/events.md shows another schema of {section.Key}: {Document["$defs"]![section.Key]!.ToJsonString()}"));
        Assert.Equal(HappeningTypes.All.Select(type => HappeningTypes.Prefix + type), Document["properties"]!["type"]!["enum"]!.AsArray().Select(type => type!.GetValue<string>()));
    }

    private static List<string> Undescribed(JsonElement e) =>
        [.. e.GetProperty("data").EnumerateObject().Select(member => member.Name).Except(Fields(Document["$defs"]![e.GetProperty("type").GetString()![HappeningTypes.Prefix.Length..]]!.AsObject()))]; // each type has one

    private static IEnumerable<string> Fields(JsonObject schema) =>
        (schema["properties"]?.AsObject().Select(field => field.Key) ?? []).Concat(schema["$ref"]?.GetValue<string>() is "#/$defs/message" ? Fields(Document["$defs"]!["message"]!.AsObject()) : []);

    private static IEnumerable<string> Required(JsonObject schema) =>
        (schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [])
        .Concat(schema["$ref"]?.GetValue<string>() is "#/$defs/message" ? Required(Document["$defs"]!["message"]!.AsObject()) : []);

    [GeneratedRegex(@"^### (\w+)\n(?:(?!```|### )[^\n]*\n)*```json\n(.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
