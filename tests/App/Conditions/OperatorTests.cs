using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Conditions;

/// <summary>Every operator against a trait and against a property of the event, which must agree.</summary>
public sealed class OperatorTests
{
    private static readonly DateTimeOffset Now = Shop.Start; // 2026-03-01T12:00Z

    [Theory]
    // Text ignores case; nothing is trimmed.
    [InlineData("\"Acme\"", "\"equals\":\"acme\"", true)]
    [InlineData("\"ŻÓŁW\"", "\"equals\":\"żółw\"", true)]
    [InlineData("\"Acme \"", "\"equals\":\"acme\"", false)]
    [InlineData("\"a\"", "\"notEquals\":\"A\"", false)]
    [InlineData("\"a\"", "\"notEquals\":\"b\"", true)]
    [InlineData(null, "\"notEquals\":\"b\"", true)]
    [InlineData("\"q\\\"\\u0041\\n\"", "\"equals\":\"Q\\\"a\\n\"", true)]
    // Numbers, and text that reads as one.
    [InlineData("50", "\"equals\":50.0", true)]
    [InlineData("\"50\"", "\"equals\":50", true)]
    [InlineData("\" 5e1 \"", "\"equals\":50", true)]
    [InlineData("50", "\"equals\":\"50.0\"", true)]
    [InlineData("\"50.0\"", "\"equals\":\"50\"", false)]
    [InlineData("\"NaN\"", "\"gte\":0", false)]
    [InlineData("\"Infinity\"", "\"gte\":0", false)]
    [InlineData("\"1,000\"", "\"gte\":0", false)]
    [InlineData("\"120\"", "\"gte\":50", true)]
    [InlineData("\"9\"", "\"gte\":50", false)]
    [InlineData("50", "\"gt\":50", false)]
    [InlineData("50", "\"gte\":50", true)]
    [InlineData("50", "\"lt\":50", false)]
    [InlineData("50", "\"lte\":50", true)]
    [InlineData("-0.5", "\"lt\":0,\"gt\":-1", true)]
    [InlineData("true", "\"gte\":0", false)]
    [InlineData(null, "\"lt\":1", false)]
    [InlineData("null", "\"lte\":0", false)]
    [InlineData("5", "\"between\":[5,7]", true)]
    [InlineData("7", "\"between\":[5,7]", true)]
    [InlineData("7.1", "\"between\":[5,7]", false)]
    // True and false, and their names.
    [InlineData("true", "\"equals\":true", true)]
    [InlineData("\"TRUE\"", "\"equals\":true", true)]
    [InlineData("false", "\"equals\":\"False\"", true)]
    [InlineData("1", "\"equals\":true", false)]
    [InlineData("\"yes\"", "\"equals\":true", false)]
    // Nothing.
    [InlineData(null, "\"equals\":null", true)]
    [InlineData("null", "\"equals\":null", true)]
    [InlineData("0", "\"equals\":null", false)]
    [InlineData(null, "\"notEquals\":null", false)] // "is known"
    [InlineData("null", "\"notEquals\":null", false)]
    [InlineData("0", "\"notEquals\":null", true)]
    [InlineData("\"\"", "\"notEquals\":null", true)]
    [InlineData("false", "\"notEquals\":null", true)]
    [InlineData("[]", "\"notEquals\":null", true)]
    [InlineData("[1,null]", "\"notEquals\":null", false)] // none of the items
    [InlineData(null, "\"exists\":true", false)]
    [InlineData("null", "\"exists\":true", false)]
    [InlineData("\"\"", "\"exists\":true", false)]
    [InlineData("\" \"", "\"exists\":true", false)]
    [InlineData("\"\"", "\"exists\":false", true)]
    [InlineData("[]", "\"exists\":true", false)]
    [InlineData("[\"\"]", "\"exists\":true", true)]
    [InlineData("0", "\"exists\":true", true)]
    [InlineData("false", "\"exists\":true", true)]
    [InlineData("{}", "\"exists\":true", true)]
    [InlineData(null, "\"exists\":false", true)]
    [InlineData(null, "\"equals\":\"\"", false)]
    // One of.
    [InlineData("\"pl\"", "\"in\":[\"PL\",\"SI\"]", true)]
    [InlineData("\"17\"", "\"in\":[\"PL\",17]", true)]
    [InlineData("17", "\"in\":[\"PL\",\"17\"]", true)]
    [InlineData(null, "\"in\":[\"PL\",null]", true)]
    [InlineData(null, "\"in\":[\"PL\"]", false)]
    [InlineData(null, "\"notIn\":[\"PL\"]", true)]
    [InlineData("\"PL\"", "\"notIn\":[\"pl\"]", false)]
    // Parts of text; a number has its digits.
    [InlineData("\"/Pricing/team\"", "\"startsWith\":\"/pricing\"", true)]
    [InlineData("\"x@GMAIL.com\"", "\"endsWith\":\"@gmail.com\"", true)]
    [InlineData("\"a big deal\"", "\"contains\":\"BIG\"", true)]
    [InlineData("48123456789", "\"startsWith\":\"48\"", true)]
    [InlineData("true", "\"startsWith\":\"t\"", false)]
    [InlineData(null, "\"contains\":\"a\"", false)]
    [InlineData("\"https://a/b?c=1\"", "\"matches\":\"^https?://[a-z]+/b\\\\b\"", true)]
    [InlineData("\"SHOUT\"", "\"matches\":\"^shout$\"", true)]
    [InlineData(null, "\"matches\":\".*\"", false)]
    // Of a list, any item; contains means that it is an item.
    [InlineData("[\"vip\",\"new\"]", "\"equals\":\"VIP\"", true)]
    [InlineData("[\"vip\",\"new\"]", "\"notEquals\":\"vip\"", false)]
    [InlineData("[\"vip\",\"new\"]", "\"in\":[\"old\",\"new\"]", true)]
    [InlineData("[\"vip\",\"new\"]", "\"notIn\":[\"old\"]", true)]
    [InlineData("[\"non-vip\"]", "\"contains\":\"vip\"", false)]
    [InlineData("[\"vip\", 7]", "\"contains\":\"7\"", true)]
    [InlineData("[\"vip\", 7]", "\"contains\":7", true)]
    [InlineData("[3,20]", "\"gte\":10", true)]
    [InlineData("[\"/a\",\"/b/c\"]", "\"startsWith\":\"/B\"", true)]
    [InlineData("[]", "\"notEquals\":1", true)]
    [InlineData("{\"a\":1}", "\"equals\":1", false)]
    // Dates: ISO text or Unix time; without a zone it is UTC.
    [InlineData("\"2026-02-28\"", "\"before\":\"2026-03-01\"", true)]
    [InlineData("\"2026-03-01\"", "\"before\":\"2026-03-01\"", false)]
    [InlineData("\"2026-03-01T01:00:00+02:00\"", "\"before\":\"2026-03-01\"", true)]
    [InlineData("\"2026-03-01T00:00:01Z\"", "\"after\":\"2026-03-01\"", true)]
    [InlineData("1772323201", "\"after\":\"2026-03-01\"", true)]
    [InlineData("\"1772323201000\"", "\"after\":\"2026-03-01\"", true)]
    [InlineData("1772323200000", "\"after\":\"2026-03-01\"", false)]
    [InlineData("1772323201000000", "\"after\":\"2026-03-01\"", true)]
    [InlineData("1772323200000000", "\"after\":\"2026-03-01\"", false)]
    [InlineData("1772323201000000000", "\"between\":[\"2026-03-01\",\"2026-03-02\"]", true)]
    [InlineData("\"1772323201000000\"", "\"between\":[\"2026-03-01\",\"2026-03-02\"]", true)]
    [InlineData("-100000000000000", "\"between\":[\"1966-10-31\",\"1966-11-01\"]", true)]
    [InlineData("253402300799000", "\"between\":[\"9999-12-31\",\"9999-12-31T23:59:59Z\"]", true)]
    [InlineData("1e20", "\"after\":\"2026-03-01\"", false)]
    [InlineData("\"03/05/2026\"", "\"after\":\"2026-03-01\"", false)]
    [InlineData("\"2026-13-01\"", "\"after\":\"2026-03-01\"", false)]
    [InlineData("1e300", "\"after\":\"2026-03-01\"", false)]
    [InlineData("\"2026-03-31T23:00:00Z\"", "\"between\":[\"2026-03-01\",\"2026-03-31\"]", false)]
    [InlineData("\"2026-03-31\"", "\"between\":[\"2026-03-01\",\"2026-03-31\"]", true)]
    [InlineData("\"2026-02-22T12:00:00Z\"", "\"withinLast\":\"7d\"", true)]
    [InlineData("\"2026-02-22T11:59:59Z\"", "\"withinLast\":\"7d\"", false)]
    [InlineData("\"2026-03-02\"", "\"withinLast\":\"7d\"", false)]
    [InlineData("\"1980-03-01\"", "\"anniversaryWithin\":\"1d\"", true)]
    [InlineData("\"1980-03-08\"", "\"anniversaryWithin\":\"7d\"", true)]
    [InlineData("\"1980-03-09\"", "\"anniversaryWithin\":\"7d\"", false)]
    [InlineData("\"1980-02-28\"", "\"anniversaryWithin\":\"52w\"", true)]
    [InlineData("\"1980-02-29\"", "\"anniversaryWithin\":\"7d\"", false)]
    [InlineData("\"1980-03-01T00:00:00+02:00\"", "\"anniversaryWithin\":\"1d\"", true)]
    [InlineData("\"1980-03-03T00:00:00+02:00\"", "\"anniversaryWithin\":\"1d\"", false)]
    [InlineData("\"Sat, 01 Mar 1980 10:00:00 GMT\"", "\"anniversaryWithin\":\"1d\"", true)]
    [InlineData("\"2026-02-22 12:00:00 UTC\"", "\"withinLast\":\"7d\"", true)]
    [InlineData("\"soon\"", "\"anniversaryWithin\":\"7d\"", false)]
    // Several operators must all hold.
    [InlineData("7", "\"gte\":5,\"lt\":7", false)]
    public void An_operator_holds(string? value, string operators, bool expected)
    {
        var json = value is null ? "{}" : $$"""{ "v": { "w": {{value}} } }""";
        var trait = Parse($$"""{"trait":"v.w",{{operators}}}""", ConditionScope.Fit);
        var property = Parse($$"""{"event":"e","where":{"v.w":{ {{operators}} } } }""", ConditionScope.Engagement);

        Assert.Equal(expected, trait.Holds(null, new Lead(json), Now));
        Assert.Equal(expected, property.Holds(Shop.Event("e", TimeSpan.Zero, json), Lead.Unknown, Now));
    }

    [Theory]
    [InlineData("2026-03-01", 0)]
    [InlineData("2026-02-28", 1)]
    [InlineData("2024-02-28", 2)]
    [InlineData("2025-03-02", 364)]
    public void The_29th_of_February_returns_on_the_28th_in_a_common_year(string today, int days)
    {
        Assert.True(Dates.TryParse("2000-03-01", out var march));
        Assert.True(Dates.TryParse(today, out var now));

        Assert.Equal(days, Dates.DaysToAnniversary(march, now));
        Assert.Equal(4, Dates.DaysToAnniversary(new(1990, 12, 5, 0, 0, 0, TimeSpan.FromHours(2)), new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero)));
        Assert.Equal(4, Dates.DaysToAnniversary(new(1990, 12, 4, 23, 0, 0, TimeSpan.FromHours(-2)), new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero)));
        Assert.Equal(0, Dates.DaysToAnniversary(new(2000, 2, 29, 0, 0, 0, TimeSpan.Zero), new(2027, 2, 28, 9, 0, 0, TimeSpan.Zero)));
        Assert.Equal(1, Dates.DaysToAnniversary(new(2000, 2, 29, 0, 0, 0, TimeSpan.Zero), new(2028, 2, 28, 9, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("\"path\":\"/a\"", true)]
    [InlineData("\"properties.path\":\"/a\"", true)]
    [InlineData("\"context.campaign.source\":\"ads\"", true)]
    [InlineData("\"context.campaign.source\":{\"exists\":false}", false)]
    [InlineData("\"campaign.source\":\"ads\"", false)]
    [InlineData("\"properties.context.x\":1", true)]
    [InlineData("\"context.x\":1", false)]
    [InlineData("\"path\":\"/a\",\"n\":6", false)]
    public void A_path_reaches_properties_and_by_prefix_the_context(string where, bool expected)
    {
        var condition = Parse($$"""{"event":["d","e"],"where":{ {{where}} } }""", ConditionScope.Engagement);
        var @event = Shop.Event("e", TimeSpan.Zero, """{"path":"/A","n":5,"context.x":1}""", context: """{"campaign":{"source":"ads"}}""");

        Assert.Equal(expected, condition.Holds(@event, Lead.Unknown, Now));
        Assert.False(condition.Holds(@event with { Name = "f" }, Lead.Unknown, Now));
        Assert.False(condition.Holds(null, Lead.Unknown, Now));
    }

    [Theory]
    [InlineData("\"within\":\"2d\"", true)]
    [InlineData("\"within\":\"23h\"", false)]
    [InlineData("\"count\":{\"gte\":3}", true)]
    [InlineData("\"count\":3", true)]
    [InlineData("\"count\":{\"gt\":3}", false)]
    [InlineData("\"count\":{\"gte\":2},\"within\":\"5d\"", true)]
    [InlineData("\"count\":{\"between\":[3,9]},\"within\":\"5d\"", false)]
    [InlineData("\"count\":{\"equals\":0},\"within\":\"1h\"", true)]
    public void History_asks_how_often_and_when(string terms, bool expected)
    {
        var lead = new Lead("{}", ("e", Now.AddDays(-1)), ("e", Now.AddDays(-4)), ("e", Now.AddDays(-400)), ("e", Now.AddDays(1)), ("f", Now));
        var condition = Parse($$"""{"event":"e",{{terms}}}""", new("a segment", Events: false, History: true));

        Assert.Equal(expected, condition.Holds(null, lead, Now));
        Assert.Equal(["e"], condition.History);
        Assert.True(condition.DependsOnTime);
    }

    [Fact]
    public void A_condition_says_which_events_and_traits_it_depends_on()
    {
        var condition = Parse("""
            {"any":[{"event":["b","a"],"where":{"x":1}},{"all":[{"event":"c"},{"not":{"trait":"t.u","equals":1}},{"event":"h","within":"1d"}]}]}
            """, ConditionScope.Engagement);

        Assert.Equal(["a", "b", "c"], condition.Events);
        Assert.Equal(["t.u"], condition.Traits);
        Assert.Equal(["h"], condition.History);
    }

    [Fact]
    public void Evaluating_a_condition_allocates_nothing()
    {
        var condition = Parse("""
            {"all":[{"event":"e","where":{"path":{"startsWith":"/a","matches":"a+b"},"n":{"in":[1,2,3]},"s":{"in":["x","y"]},"l":{"contains":"q"},"d":{"before":"2030-01-01"},"context.a.b":{"notEquals":"z"}}},{"not":{"trait":"i","equals":true}}]}
            """, ConditionScope.Engagement);
        var @event = Shop.Event("e", TimeSpan.Zero, """{"path":"/aaab","n":"2","s":"Y","l":["p","q"],"d":"2026-01-01"}""", context: """{"a":{"b":"c"}}""");
        var lead = new Lead("""{"i":false}""");
        Assert.Equal(Verdict.Depends, condition.Arrive(@event, out var mask));
        Assert.True(condition.Holds(mask, lead, Now));

        // A pattern begins afresh after so much work, which may be a moment that the machine stood still: what allocates does so in every round.
        Assert.Contains(Enumerable.Range(0, 50), _ => Allocated() == 0);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                condition.Arrive(@event, out mask);
                condition.Holds(mask, lead, Now);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Condition Parse(string json, ConditionScope scope)
    {
        var errors = new List<DocumentError>();
        var condition = ConditionParser.Parse(JsonElement.Parse(json), "$", scope, errors);
        Assert.Empty(errors);
        return condition!; // There are no errors.
    }
}
