using System.Text.Json;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The schema that editors use says what the parser says, for the samples and for thousands of damaged copies of them.</summary>
public sealed class SchemaTests
{
    // Every step, trigger and control that the samples leave out.
    private const string Rest = """
        {"$schema":"/api/schemas/journey.json","name":"x","description":"d","trigger":{"form":"f","where":{"a":{"in":["x","y"]}},"key":"k"},"timeZone":"Europe/Berlin","frequency":[{"max":3,"per":"7d"},{"max":1,"per":"1d","over":"wait"}],
         "entry":{"when":{"all":[{"segment":"vip"},{"list":"l"},{"consent":"news"},{"consent":{"topic":"news","is":["unknown"]}},{"grade":"A"},{"fit":{"gte":10}},{"event":["a","b"],"count":{"between":[1,3]}}]},"reentry":"concurrent"},
         "steps":[
          {"id":"a","type":"webhook","url":"https://example.com/{{lead.email}}","method":"PUT","headers":{"X-Key":"k"},"body":{"a":["{{trigger.k}}"]},"saveAs":"crm"},
          {"id":"b","type":"startJourney","journey":"other","data":{"x":1}},
          {"id":"c","type":"removeFromList","list":"l"},
          {"id":"d","type":"wait","until":{"time":"09:00","days":["mon"]}},
          {"id":"e","type":"wait","until":{"trait":"renewsAt","offset":"-7d","yearly":true}},
          {"id":"f","type":"track","event":"E","properties":{"a":1}},
          {"id":"g","type":"send","template":"t","channel":"sms","urgent":true,"name":"n","data":{"a":1}},
          {"id":"h","type":"split","salt":"s","paths":[{"name":"a","weight":1,"steps":[]}]},
          {"id":"j","type":"onSite","content":"spring","timeout":"7d","name":"n","then":[{"id":"k","type":"exit"}],"else":[]},
          {"id":"i","type":"exit","reason":"r"}]}
        """;

    // What takes more than the shape to see (two steps with one id, a condition that no event can fulfil) only the parser refuses.
    private static readonly string[] BeyondShape =
        ["too.", "can hold without", "No event can fulfil", "no time zone", "no time to send", "All weights", "something to tell them apart", "not a web address", "Another path", "\"between\" has"];

    [Fact]
    public void Schema_and_parser_agree_on_the_samples_and_on_damaged_copies_of_them() =>
        SchemaAgreement.Check("journey", [.. SchemaAgreement.Samples("journeys"), Rest], json => ParsedJourney.Of(json).Errors, BeyondShape, atLeast: 2000);

    [Fact]
    public void Every_kind_of_step_has_its_shape()
    {
        var shapes = JsonElement.Parse(Repository.Read("functions/Journeys/journey.schema.json")).GetProperty("$defs").GetProperty("step").GetProperty("oneOf").EnumerateArray();
        var types = shapes.Select(shape => shape.GetProperty("properties").GetProperty("type")).SelectMany(type => type.TryGetProperty("const", out var one) ? (IEnumerable<JsonElement>)[one] : type.GetProperty("enum").EnumerateArray());

        Assert.Equal(StepParser.Types.Order(StringComparer.Ordinal), types.Select(type => type.GetString()).Order(StringComparer.Ordinal));
    }
}
