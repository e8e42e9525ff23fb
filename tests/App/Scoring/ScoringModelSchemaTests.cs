using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Scoring;

/// <summary>The schema that editors use says what the parser says.</summary>
public sealed class ScoringModelSchemaTests
{
    // What the samples leave out.
    private const string Rest = """
        {"$schema":"/api/schemas/scoring-model.json","name":"x","description":"d","thresholds":[50,100.5],
         "engagement":{"cap":0,"groups":{"a group":{"cap":1.5}},"rules":[
          {"id":"A.1","when":{"any":[{"event":["a","b"],"where":{"p":{"in":["x",1]},"q":{"between":["2026-01-01","2026-02-01"]}}},{"all":[{"event":"c"},{"not":{"event":"a","count":3}}]}]},
           "points":-0.5,"group":"a group","cap":3,"repeat":"always"}]},
         "fit":{"rules":[{"id":"f","name":"n","when":{"not":{"trait":"t","exists":false,"before":"2026-01-01"}},"points":1}]}}
        """;

    private static readonly string[] BeyondShape =
        ["too.", "can hold without", "No event can fulfil", "There is no group", "begins at", "not greater", "\"between\" has"];

    [Fact]
    public void Schema_and_parser_agree_on_the_samples_and_on_damaged_copies_of_them() =>
        SchemaAgreement.Check("scoring-model", [.. SchemaAgreement.Samples("scoring-models"), Rest], json => ScoringModelDocument.Parse(json).Errors, BeyondShape, atLeast: 1500);

    [Fact]
    public void Every_operator_has_its_shape_wherever_one_may_stand()
    {
        var shapes = JsonElement.Parse(Repository.Read("functions/Conditions/conditions.schema.json")).GetProperty("$defs");

        Assert.Equal(TestParser.Operators.Order(StringComparer.Ordinal), Members(shapes.GetProperty("test").GetProperty("anyOf")[1]));
        Assert.Equal(TestParser.Operators.Order(StringComparer.Ordinal), Members(shapes.GetProperty("trait")).Where(name => name != "trait"));
        Assert.Equal(TestParser.CountOperators.Order(StringComparer.Ordinal), Members(shapes.GetProperty("numberTest")));

        static IEnumerable<string> Members(JsonElement shape) => shape.GetProperty("properties").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
    }
}
