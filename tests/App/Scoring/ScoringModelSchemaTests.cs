using System.Text.Json;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Scoring;

/// <summary>The schema that editors use says what the parser says.</summary>
public sealed class ScoringModelSchemaTests
{
    // What the samples leave out.
    private const string Rest = """
        {"$schema":"/api/schemas/scoring-model.json","name":"x","description":"d","thresholds":[50,100.5],
         "interests":{"halfLife":"14d","dimensions":{"plan":[{"event":["page","a"],"property":["p","context.q"],"weight":2.5},{"event":"b","property":"products.p"}]}},
         "engagement":{"cap":0,"groups":{"a group":{"cap":1.5}},"rules":[
          {"id":"A.1","when":{"any":[{"event":["a","b"],"where":{"p":{"in":["x",1]},"q":{"between":["2026-01-01","2026-02-01"]}}},{"all":[{"event":"c"},{"not":{"event":"a","count":3}}]}]},
           "points":-0.5,"group":"a group","cap":3,"repeat":"always"},
          {"id":"by","when":{"event":"b"},"points":{"per":"a.b","points":-2,"each":0.5,"max":10}},
          {"id":"by1","when":{"event":"b"},"points":{"per":"r","points":1}}]},
         "fit":{"rules":[{"id":"f","name":"n","when":{"not":{"trait":"t","exists":false,"before":"2026-01-01"}},"points":1}]}}
        """;

    private static readonly string[] BeyondShape =
        ["too.", "can hold without", "No event can fulfil", "There is no group", "begins at", "not greater", "\"between\" has"];

    [Fact]
    public void Schema_and_parser_agree_on_the_samples_and_on_damaged_copies_of_them() =>
        SchemaAgreement.Check("scoring-model", [.. SchemaAgreement.Samples("scoring-models"), Rest], json => ScoringModelDocument.Parse(json).Errors, BeyondShape, atLeast: 1500);

    [Fact]
    public void Every_operator_has_its_shape_once_and_stands_wherever_one_may()
    {
        var shapes = JsonElement.Parse(Repository.Read("functions/Conditions/conditions.schema.json")).GetProperty("$defs");
        var (numbers, others) = (Members("numberOperators"), Members("operators"));

        Assert.Equal(TestParser.CountOperators.Order(StringComparer.Ordinal), numbers.Order(StringComparer.Ordinal));
        Assert.Equal(TestParser.Operators.Order(StringComparer.Ordinal), numbers.Concat(others).Order(StringComparer.Ordinal)); // each once
        Assert.All(["test", "trait", "numberTest"], place => Assert.DoesNotContain(TestParser.Operators, name => shapes.GetProperty(place).GetRawText().Contains($"\"{name}\"", StringComparison.Ordinal)));

        IReadOnlyList<string> Members(string shape) => [.. shapes.GetProperty(shape).GetProperty("properties").EnumerateObject().Select(member => member.Name)];
    }

    [Fact]
    public void The_schema_knows_each_operator_in_each_place()
    {
        var schema = SchemaAgreement.Schema("scoring-model");

        foreach (var name in TestParser.Operators)
        {
            var operand = Operands.Single(values => values.Names.Contains(name)).Json;
            Assert.True(Accepts($$"""{"trait":"t","{{name}}":{{operand}} }"""), name);
            Assert.True(Accepts($$"""{"event":"e","where":{"p":{"{{name}}":{{operand}} } } }"""), name);
            Assert.Equal(TestParser.CountOperators.Contains(name), Accepts($$"""{"event":"e","count":{"{{name}}":{{operand}} } }"""));
        }

        Assert.False(Accepts("""{"trait":"t","equalz":1}"""));

        bool Accepts(string condition) => schema.Evaluate(JsonElement.Parse(
            $$"""{"name":"x","engagement":{"rules":[{"id":"r","when":{"all":[{"event":"a"},{{condition}}]},"points":1}]} }""")).IsValid;
    }

    private static readonly IReadOnlyList<(string[] Names, string Json)> Operands =
    [
        (["equals", "notEquals", "contains", "startsWith", "endsWith", "matches"], "\"a\""),
        (["in", "notIn"], "[1]"),
        (["between"], "[1,2]"),
        (["exists"], "true"),
        (["gt", "gte", "lt", "lte"], "1"),
        (["before", "after"], "\"2026-01-01\""),
        (["withinLast", "anniversaryWithin"], "\"7d\""),
    ];
}
