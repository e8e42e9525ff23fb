using System.Text;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

/// <summary>Each mistake that a document can have, the path at which it is answered, and a part of what is answered.</summary>
public sealed class ScoringModelErrorTests
{
    [Theory]
    // The document.
    [InlineData("[]", "$", "This is an array.", "name, description, engagement, fit")]
    [InlineData("""{"name":"m","engagment":{}}""", "$.engagment", "no field \"engagment\"", "did you mean \"engagement\"?")]
    [InlineData("""{"name":"m"}""", "$", "scores nothing", "\"engagement\", \"fit\"")]
    [InlineData("""{"engagement":{"rules":[]}}""", "$.name", "missing", "text")]
    [InlineData("""{"name":"","engagement":{"rules":[]}}""", "$.name", "empty", "text")]
    [InlineData("""{"name":"m","thresholds":50,"engagement":{"rules":[]}}""", "$.thresholds", "a number", "numbers above 0")]
    [InlineData("""{"name":"m","thresholds":[0],"engagement":{"rules":[]}}""", "$.thresholds[0]", "0", "numbers above 0")]
    [InlineData("""{"name":"m","thresholds":[50,50],"engagement":{"rules":[]}}""", "$.thresholds[1]", "not greater", "greater than the one before")]
    [InlineData("""{"name":"m","thresholds":["50"],"engagement":{"rules":[]}}""", "$.thresholds[0]", "50", "numbers above 0")]
    [InlineData("""{"name":"m","interests":[],"engagement":{"rules":[]}}""", "$.interests", "an array", "halfLife, dimensions")]
    [InlineData("""{"name":"m","interests":{"halfLife":30},"engagement":{"rules":[]}}""", "$.interests.halfLife", "30 is not a duration", "14d")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a b":[{"event":"e","property":"p"}]}},"engagement":{"rules":[]}}""", "$.interests.dimensions['a b']", "not a dimension's name", "1 to 64")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a":[]}},"engagement":{"rules":[]}}""", "$.interests.dimensions.a", "no sources", "at least one")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a":{"event":"e"}}},"engagement":{"rules":[]}}""", "$.interests.dimensions.a", "an object", "a list of sources")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a":[{"event":"e"}]}},"engagement":{"rules":[]}}""", "$.interests.dimensions.a[0].property", "missing", "text")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a":[{"event":[7],"property":"p"}]}},"engagement":{"rules":[]}}""", "$.interests.dimensions.a[0].event[0]", "7", "an event's name")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a":[{"event":"e","property":"p","weight":0}]}},"engagement":{"rules":[]}}""", "$.interests.dimensions.a[0].weight", "This is 0", "above 0")]
    [InlineData("""{"name":"m","interests":{"dimensions":{"a":[{"event":"e","property":"p"}],"b":[{"event":"e","property":"p"}],"c":[{"event":"e","property":"p"}],"d":[{"event":"e","property":"p"}],"e":[{"event":"e","property":"p"}],"f":[{"event":"e","property":"p"}]}},"engagement":{"rules":[]}}""", "$.interests.dimensions", "6 dimensions", "at most 5")]
    [InlineData("""{"name":7,"engagement":{"rules":[]}}""", "$.name", "a number", "text")]
    [InlineData("""{"name":"m","description":[],"engagement":{"rules":[]}}""", "$.description", "an array", "text")]
    [InlineData("""{"name":"m","name":"n","engagement":{"rules":[]}}""", "$.name", "twice", "once")]
    [InlineData("""{"name":"m","engagement":7}""", "$.engagement", "a number", "an object with cap, groups, rules")]
    [InlineData("""{"name":"m","engagement":{}}""", "$.engagement.rules", "missing", "a list of rules")]
    [InlineData("""{"name":"m","engagement":{"rules":{}}}""", "$.engagement.rules", "an object", "a list of rules")]
    [InlineData("""{"name":"m","engagement":{"rules":["x"]}}""", "$.engagement.rules[0]", "text", "an object with id")]
    [InlineData("""{"name":"m","engagement":{"cap":-1,"rules":[]}}""", "$.engagement.cap", "-1", "0 or more")]
    [InlineData("""{"name":"m","engagement":{"cap":"NaN","rules":[]}}""", "$.engagement.cap", "NaN", "a number")]
    [InlineData("""{"name":"m","engagement":{"cap":1e999,"rules":[]}}""", "$.engagement.cap", "1e999", "a number")]
    [InlineData("""{"name":"m","engagement":{"groups":[],"rules":[]}}""", "$.engagement.groups", "an array", "an object")]
    [InlineData("""{"name":"m","engagement":{"groups":{"a b":{}},"rules":[]}}""", "$.engagement.groups['a b'].cap", "missing", "0 or more")]
    [InlineData("""{"name":"m","engagement":{"groups":{"g":{"cap":-5}},"rules":[]}}""", "$.engagement.groups.g.cap", "-5", "0 or more")]
    [InlineData("""{"name":"m","engagement":{"groups":{"g":{"cap":5,"decay":1}},"rules":[]}}""", "$.engagement.groups.g.decay", "no field", "one of cap")]
    [InlineData("""{"name":"m","engagement":{"groups":{"":{"cap":5}},"rules":[]}}""", "$.engagement.groups['']", "not a group's name", "1 to 64")]
    [InlineData("""{"name":"m","fit":{"grades":{"A":80,"B":60,"C":60,"D":20},"rules":[]}}""", "$.fit.grades.C", "C begins at 60, B at 60", "less than B")]
    [InlineData("""{"name":"m","fit":{"grades":{"A":80,"B":60,"C":40},"rules":[]}}""", "$.fit.grades.D", "missing", "a number")]
    [InlineData("""{"name":"m","fit":{"grades":{"A":"80","B":60,"C":40,"D":1},"rules":[]}}""", "$.fit.grades.A", "\"80\"", "a number")]
    [InlineData("""{"name":"m","fit":{"grades":{"A":80,"B":60,"C":40,"D":1,"F":0},"rules":[]}}""", "$.fit.grades.F", "no field", "one of A, B, C, D")]
    [InlineData("""{"name":"m","fit":{"rules":[{"id":"a","points":1,"when":{"event":"x"}}]}}""", "$.fit.rules[0].when.event", "in a fit rule", "\"trait\"")]
    [InlineData("""{"name":"m","fit":{"rules":[{"id":"a","points":1,"when":{"event":"x","count":1}}]}}""", "$.fit.rules[0].when.event", "in a fit rule", "\"trait\"")]
    [InlineData("""{"name":"m","fit":{"rules":[{"id":"a","points":1,"halfLife":"1d","when":{"trait":"x","exists":true}}]}}""", "$.fit.rules[0].halfLife", "no field", "one of id, name, when, points")]
    public void A_document_is_refused(string json, string path, string message, string expected) => Refuses(json, path, message, expected);

    [Theory]
    [InlineData("\"id\":", "", "$.id", "missing", "letters")]
    [InlineData("\"a\"", "\"a b\"", "$.id", "\"a b\" is not an id", "letters")]
    [InlineData("\"a\"", "\"-a\"", "$.id", "not an id", "the first a letter or digit")]
    [InlineData("\"a\"", "7", "$.id", "7 is not an id", "letters")]
    [InlineData("\"a\"", "\"a\\n\"", "$.id", "not an id", "letters")]
    [InlineData("\"points\":", "\"point\":", "$.point", "no field \"point\"", "did you mean \"points\"?")]
    [InlineData("5", "0", "$.points", "This is 0", "other than 0")]
    [InlineData("5", "\"5\"", "$.points", "This is \"5\"", "a number")]
    [InlineData("5", "1e7", "$.points", "1e7", "1000000")]
    [InlineData("5", "[5]", "$.points", "This is an array", "{\"per\": \"revenue\"")]
    [InlineData("5", "{\"points\":1}", "$.points.per", "missing", "text")]
    [InlineData("5", "{\"per\":\"revenue\"}", "$.points.points", "missing", "other than 0")]
    [InlineData("5", "{\"per\":7,\"points\":1}", "$.points.per", "a number", "text")]
    [InlineData("5", "{\"per\":\"revenue\",\"points\":0}", "$.points.points", "This is 0", "other than 0")]
    [InlineData("5", "{\"per\":\"revenue\",\"points\":1,\"each\":0}", "$.points.each", "This is 0", "0.0001")]
    [InlineData("5", "{\"per\":\"revenue\",\"points\":1,\"max\":-5}", "$.points.max", "-5", "above 0")]
    [InlineData("5", "{\"per\":\"revenue\",\"points\":1,\"every\":5}", "$.points.every", "no field", "each")]
    [InlineData("5", "5,\"halfLife\":\"14 days\"", "$.halfLife", "\"14 days\" is not a duration", "14d")]
    [InlineData("5", "5,\"halfLife\":14", "$.halfLife", "14 is not a duration", "14d")]
    [InlineData("5", "5,\"cap\":-1", "$.cap", "-1", "0 or more")]
    [InlineData("5", "5,\"group\":\"brwsing\"", "$.group", "no group \"brwsing\"", "did you mean \"browsing\"?")]
    [InlineData("5", "5,\"name\":\"\"", "$.name", "empty", "text")]
    [InlineData("5", "5,\"repeat\":\"never\"", "$.repeat", "\"never\"", "\"always\", \"once\"")]
    [InlineData("5", "5,\"repeat\":{}", "$.repeat", "neither", "\"always\", \"once\"")]
    [InlineData("5", "5,\"repeat\":{\"oncePer\":\"x\",\"max\":1}", "$.repeat", "neither", "\"always\"")]
    [InlineData("5", "5,\"repeat\":{\"oncePer\":1}", "$.repeat.oncePer", "a number", "text")]
    [InlineData("5", "5,\"repeat\":{\"max\":3}", "$.repeat.per", "missing", "14d")]
    [InlineData("5", "5,\"repeat\":{\"max\":1.5,\"per\":\"7d\"}", "$.repeat.max", "1.5", "whole number from 1")]
    [InlineData("5", "5,\"repeat\":{\"max\":101,\"per\":\"7d\"}", "$.repeat.max", "101", "to 100")]
    [InlineData("5", "5,\"repeat\":{\"max\":1,\"per\":\"week\"}", "$.repeat.per", "\"week\"", "14d")]
    [InlineData("5", "5,\"repeat\":{\"max\":1,\"pre\":\"7d\"}", "$.repeat.pre", "no field", "did you mean \"per\"?")]
    public void A_rule_is_refused(string instead, string with, string path, string message, string expected)
    {
        var rule = """{"id":"a","points":5,"when":{"event":"page"}}""";
        rule = with.Length == 0 ? rule.Replace("\"id\":\"a\",", "", StringComparison.Ordinal) : rule.Replace(instead, with, StringComparison.Ordinal);

        Refuses("""{"name":"m","engagement":{"groups":{"browsing":{"cap":1}},"rules":[""" + rule + "]}}", "$.engagement.rules[0]" + path[1..], message, expected);
    }

    [Theory]
    // Shape.
    [InlineData("[]", "", "an array", "one of all, any, not, event, trait")]
    [InlineData("{}", "", "empty", "one of all, any, not, event, trait")]
    [InlineData("""{"and":[]}""", ".and", "no condition \"and\"", "did you mean \"any\"?")]
    [InlineData("""{"segment":"x"}""", ".segment", "no condition \"segment\"", "one of all, any, not, event, trait")]
    [InlineData("""{"event":"page","trait":"x"}""", "", "\"event\" and \"trait\"", "\"all\" or \"any\"")]
    [InlineData("""{"all":[]}""", ".all", "\"all\" is empty", "at least one")]
    [InlineData("""{"any":[]}""", ".any", "\"any\" is empty", "at least one")]
    [InlineData("""{"all":{"event":"page"}}""", ".all", "an object", "a list of conditions")]
    [InlineData("""{"all":[{"event":"page"}],"x":1}""", ".x", "no field", "one of all")]
    [InlineData("""{"all":[{"event":"page"},7]}""", ".all[1]", "a number", "one of all")]
    [InlineData("""{"not":[]}""", ".not", "an array", "one of all")]
    // The event.
    [InlineData("""{"event":7}""", ".event", "a number", "text")]
    [InlineData("""{"event":""}""", ".event", "empty", "text")]
    [InlineData("""{"event":[]}""", ".event", "empty", "at least one")]
    [InlineData("""{"event":["page",7]}""", ".event[1]", "This is 7", "name")]
    [InlineData("""{"event":"page","were":{}}""", ".were", "no field \"were\"", "did you mean \"where\"?")]
    [InlineData("""{"event":"page","where":[]}""", ".where", "an array", "an object")]
    [InlineData("""{"event":"page","where":{}}""", ".where", "empty", "at least one property")]
    [InlineData("""{"event":"page","where":{"":1}}""", ".where['']", "not a property's path", "dotted path")]
    [InlineData("""{"event":"page","where":{"path":{}}}""", ".where.path", "no operator", "one of equals")]
    [InlineData("""{"event":"page","where":{"path":{"startWith":"/a"}}}""", ".where.path.startWith", "no field \"startWith\"", "did you mean \"startsWith\"?")]
    [InlineData("""{"event":"page","where":{"context.page.url":{"likes":"/a"}}}""", ".where['context.page.url'].likes", "no field", "one of equals")]
    [InlineData("""{"event":"page","where":{"path":["/a"]}}""", ".where.path", "an array", "\"in\" or \"notIn\"")]
    [InlineData("""{"event":"page","where":{"path":{"equals":{}}}}""", ".where.path.equals", "an object", "text, a number")]
    [InlineData("""{"event":"page","where":{"path":{"in":"/a"}}}""", ".where.path.in", "\"in\" has \"/a\"", "a list of 1 to 1000")]
    [InlineData("""{"event":"page","where":{"path":{"in":[]}}}""", ".where.path.in", "has 0 values", "a list of 1 to 1000")]
    [InlineData("""{"event":"page","where":{"path":{"notIn":[[]]}}}""", ".where.path.notIn", "an array", "a list of text")]
    [InlineData("""{"event":"page","where":{"path":{"contains":true}}}""", ".where.path.contains", "true", "text")]
    [InlineData("""{"event":"page","where":{"path":{"startsWith":1}}}""", ".where.path.startsWith", "has 1", "text")]
    [InlineData("""{"event":"page","where":{"path":{"endsWith":""}}}""", ".where.path.endsWith", "\"\"", "text of 1 to")]
    [InlineData("""{"event":"page","where":{"path":{"matches":"("}}}""", ".where.path.matches", "does not parse", "regular expression")]
    [InlineData("""{"event":"page","where":{"path":{"matches":"(a)\\1"}}}""", ".where.path.matches", "backtracking", "back-references")]
    [InlineData("""{"event":"page","where":{"path":{"matches":"((a{1,200}){1,200}){1,200}"}}}""", ".where.path.matches", "too large", "large repeats")]
    [InlineData("""{"event":"page","where":{"path":{"exists":"yes"}}}""", ".where.path.exists", "\"yes\"", "true or false")]
    [InlineData("""{"event":"page","where":{"n":{"gte":"5"}}}""", ".where.n.gte", "\"gte\" has \"5\"", "a number")]
    [InlineData("""{"event":"page","where":{"n":{"between":[7,5]}}}""", ".where.n.between", "an array", "the smaller first")]
    [InlineData("""{"event":"page","where":{"n":{"between":[5,"2026-01-01"]}}}""", ".where.n.between", "an array", "two numbers or two dates")]
    [InlineData("""{"event":"page","where":{"d":{"before":"tomorrow"}}}""", ".where.d.before", "\"tomorrow\"", "ISO 8601")]
    [InlineData("""{"event":"page","where":{"d":{"withinLast":"7"}}}""", ".where.d.withinLast", "\"7\"", "7d", "14d")]
    [InlineData("""{"event":"page","where":{"d":{"anniversaryWithin":7}}}""", ".where.d.anniversaryWithin", "has 7", "14d")]
    // Traits and history.
    [InlineData("""{"all":[{"event":"page"},{"trait":"x"}]}""", ".all[1]", "no operator", "one of equals")]
    [InlineData("""{"all":[{"event":"page"},{"trait":7,"equals":1}]}""", ".all[1].trait", "a number", "text")]
    [InlineData("""{"all":[{"event":"page"},{"trait":"x","eq":1}]}""", ".all[1].eq", "no field \"eq\"", "equals")]
    [InlineData("""{"all":[{"event":"page"},{"event":"x","within":"7"}]}""", ".all[1].within", "not a duration", "14d")]
    [InlineData("""{"all":[{"event":"page"},{"event":"x","count":{"startsWith":"1"}}]}""", ".all[1].count.startsWith", "no field", "one of equals")]
    [InlineData("""{"all":[{"event":"page"},{"event":"x","count":{}}]}""", ".all[1].count", "no operator", "one of equals")]
    [InlineData("""{"all":[{"event":"page"},{"event":"x","within":"7d","where":{"a":1}}]}""", ".all[1].where", "\"where\" cannot narrow", "without \"within\"")]
    // What an engagement rule must be.
    [InlineData("""{"trait":"x","equals":1}""", "", "without an event", "\"event\"")]
    [InlineData("""{"not":{"event":"page"}}""", "", "without an event", "\"event\"")]
    [InlineData("""{"any":[{"event":"page"},{"trait":"x","equals":1}]}""", "", "without an event", "every way")]
    [InlineData("""{"event":"page","within":"7d"}""", "", "without an event", "\"event\"")]
    [InlineData("""{"all":[{"event":"page"},{"event":"order"}]}""", "", "No event can fulfil", "\"any\"")]
    public void A_condition_is_refused(string when, string path, string message, string expected, string? orExpected = null) =>
        Refuses($$"""{"name":"m","engagement":{"rules":[{"id":"a","points":5,"when":{{when}} } ] } }""", "$.engagement.rules[0].when" + path, message, orExpected ?? expected);

    [Fact]
    public void Every_mistake_is_answered_at_once()
    {
        var paths = Errors("""
            { "nme": "m",
              "engagement": { "cap": -1, "rules": [
                { "id": "a", "points": 0, "when": { "all": [ { "event": "page", "where": { "path": { "startWith": "/" }, "n": { "gt": "x" } } }, { "any": [] } ] }, "halfLife": "soon", "group": "g" },
                { "id": "A", "points": 1, "when": { "event": "page" }, "repeat": { "max": 0, "per": "0d" } } ] },
              "fit": { "grades": { "A": 1, "B": 2, "C": 3, "D": 4 }, "rules": [ { "id": "a" } ] } }
            """).Select(error => error.Path);

        Assert.Equal(
            [
                "$.nme", "$.engagement.cap",
                "$.engagement.rules[0].when.all[0].where.path.startWith", "$.engagement.rules[0].when.all[0].where.n.gt", "$.engagement.rules[0].when.all[1].any",
                "$.engagement.rules[0].points", "$.engagement.rules[0].halfLife", "$.engagement.rules[0].group",
                "$.engagement.rules[1].id", "$.engagement.rules[1].repeat.max", "$.engagement.rules[1].repeat.per",
                "$.fit.grades.B", "$.fit.grades.C", "$.fit.grades.D", "$.fit.rules[0].when", "$.fit.rules[0].points",
            ],
            paths);
    }

    [Fact]
    public void Limits_of_size_are_answered()
    {
        static string When(string when) => $$"""{"name":"m","engagement":{"rules":[{"id":"a","points":5,"when":{{when}} } ] } }""";
        static string Repeated(string item, int times) => string.Join(',', Enumerable.Repeat(item, times));

        var deep = string.Concat(Enumerable.Repeat("{\"not\":", 20)) + "{\"event\":\"x\"}" + new string('}', 20);
        Assert.Equal("$.engagement.rules[0].when" + string.Concat(Enumerable.Repeat(".not", 20)), Assert.Single(Errors(When(deep))).Path);
        Assert.Contains(Errors(When($$"""{"all":[{"event":"x"},{{Repeated("""{"trait":"t","equals":1}""", 499)}} ]}""")), error => error.Message.Contains("too large", StringComparison.Ordinal));
        Assert.Contains("64", Assert.Single(Errors(When($$"""{"any":[{{Repeated("""{"event":"x"}""", 65)}} ]}"""))).Expected, StringComparison.Ordinal);
        Assert.Empty(Errors(When($$"""{"any":[{{Repeated("""{"event":"x"}""", 64)}} ]}""")));
        var rules = string.Join(',', Enumerable.Range(0, 1001).Select(i => $$"""{"id":"r{{i}}","points":1,"when":{"event":"x"} }"""));
        Assert.Equal("at most 1000", Assert.Single(Errors($$"""{"name":"m","engagement":{"rules":[{{rules}}]} }""")).Expected);
        Assert.Equal("$.engagement.rules[0].when.where.path.matches", Assert.Single(Errors(When($$$"""{"event":"x","where":{"path":{"matches":"{{{new string('a', 201)}}}"} } }"""))).Path);
    }

    [Fact]
    public void Text_that_is_not_json_is_one_mistake()
    {
        var (document, errors) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes("{\n  \"name\": }"));

        Assert.Null(document);
        Assert.Equal(("$", "a JSON object"), (Assert.Single(errors).Path, errors[0].Expected));
        Assert.Contains("line 2", errors[0].Message, StringComparison.Ordinal);
        Assert.Equal("$", Assert.Single(ScoringModelDocument.Parse("""{"name":"\ud800"}"""u8.ToArray()).Errors).Path);
    }

    [Fact]
    public void Every_sample_is_accepted()
    {
        var samples = Directory.GetFiles(Shop.Samples, "*.json");

        Assert.True(samples.Length >= 2);
        Assert.All(samples, sample => Assert.Empty(ScoringModelDocument.Parse(File.ReadAllBytes(sample)).Errors));
    }

    [Fact]
    public void The_shop_is_read_as_it_stands()
    {
        var (document, errors) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(Shop.Json));

        Assert.Empty(errors);
        Assert.NotNull(document);
        Assert.Equal(("Shop", 200.0, 40.0, 5, 3), (document.Name, document.Cap, document.Groups["browsing"].Cap, document.Rules.Count, document.Fit!.Rules.Count)); // It has a fit part.
        Assert.Equal(new Repeat.Limited(3, new(TimeSpan.FromDays(7), "7d")), document.Rules[0].Repeat);
        Assert.Equal(new FitGrades(80, 60, 40, 20), document.Fit.Grades);
    }

    [Fact]
    public void A_document_with_anything_taken_out_or_swapped_is_answered_not_thrown_at()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var document = JsonNode.Parse(Shop.Json)!; // It is JSON.
            for (var cuts = random.Next(1, 4); cuts > 0; cuts--)
            {
                Mutate(document, random);
            }

            var (parsed, errors) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(document.ToJsonString()));

            Assert.Equal(errors.Count > 0, parsed is null);
            Assert.All(errors, error => Assert.StartsWith("$", error.Path, StringComparison.Ordinal));
        }
    }

    private static void Mutate(JsonNode at, Random random)
    {
        JsonNode? Junk() => random.Next(6) switch { 0 => null, 1 => -1, 2 => "junk", 3 => new JsonArray(), 4 => new JsonObject(), _ => true };
        switch (at)
        {
            case JsonObject { Count: > 0 } members:
                var (name, member) = members.ElementAt(random.Next(members.Count));
                if (member is JsonObject or JsonArray && random.Next(5) > 0)
                {
                    Mutate(member, random);
                }
                else if (random.Next(3) == 0)
                {
                    members.Remove(name);
                }
                else
                {
                    members[name] = Junk();
                }
                break;
            case JsonArray { Count: > 0 } items:
                var index = random.Next(items.Count);
                if (items[index] is { } item && random.Next(5) > 0)
                {
                    Mutate(item, random);
                }
                else
                {
                    items[index] = Junk();
                }
                break;
        }
    }

    private static void Refuses(string json, string path, string message, string expected)
    {
        var error = Assert.Single(Errors(json));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DocumentError> Errors(string json) => ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(json)).Errors;
}
