using System.Text;
using LeadFunctions.Lifecycle;
using LeadFunctions.Lifecycle.Api;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Lifecycle;

/// <summary>What a lifecycle's document and what sales says may be, and what is answered to anything else.</summary>
public sealed class LifecycleDocumentTests
{
    [Theory]
    [InlineData("""{}""", "$.stages")]
    [InlineData("""{"stages":[]}""", "$.stages")]
    [InlineData("""{"stages":[{}]}""", "$.stages[0].id")]
    [InlineData("""{"stages":[{"id":"prospect"}]}""", "$.stages[0].id")]
    [InlineData("""{"stages":[{"id":"lead"},{"id":"lead"}]}""", "$.stages[1].id")]
    [InlineData("""{"stages":[{"id":"mql","when":{"engagment":{"gte":1}}}]}""", "$.stages[0].when.engagment")]
    [InlineData("""{"stages":[{"id":"mql","when":{"event":"page"}}]}""", "$.stages[0].when.event")]
    [InlineData("""{"stages":[{"id":"mql","from":["lead"]}]}""", "$.stages[0].from")]
    [InlineData("""{"stages":[{"id":"mql","when":{"fit":{"gte":1}},"from":["mql"]}]}""", "$.stages[0].from")]
    [InlineData("""{"stages":[{"id":"mql","when":{"fit":{"gte":1}},"from":["prospect"]}]}""", "$.stages[0].from[0]")]
    [InlineData("""{"stages":[{"id":"churned","when":{"fit":{"gte":1}}}]}""", "$.stages[0].from")]
    [InlineData("""{"stages":[{"id":"mql","sla":"two days"}]}""", "$.stages[0].sla")]
    [InlineData("""{"stages":[{"id":"mql","demote":{"to":"lead"}}]}""", "$.stages[0].demote.when")]
    [InlineData("""{"stages":[{"id":"mql","demote":{"when":{"fit":{"lt":1}},"to":"mql"}}]}""", "$.stages[0].demote.to")]
    [InlineData("""{"stages":[{"id":"lead"}],"reopen":{"rise":0}}""", "$.reopen.rise")]
    [InlineData("""{"stages":[{"id":"lead"}],"reopen":{"rise":5,"to":"recycled"}}""", "$.reopen.to")]
    [InlineData("""{"stages":[{"id":"lead"}],"neglect":{"stages":["sal"]}}""", "$.neglect.after")]
    [InlineData("""{"stages":[{"id":"lead"}],"reasons":{"won":[""]}}""", "$.reasons.won[0]")]
    [InlineData("""{"stages":[{"id":"lead"}],"reasons":{"because":["x"]}}""", "$.reasons.because")]
    [InlineData("""{"stages":[{"id":"lead"}],"owners":[{"id":"a"},{"id":"a"}]}""", "$.owners")]
    [InlineData("""{"stages":[{"id":"lead"}],"owners":[{"id":"a","capacity":1.5}]}""", "$.owners[0].capacity")]
    [InlineData("""{"stages":[{"id":"lead"}],"assignAt":"now"}""", "$.assignAt")]
    [InlineData("""nonsense""", "$")]
    public void A_mistake_is_answered_with_its_place(string json, string path)
    {
        var (document, errors) = LifecycleDocument.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Null(document);
        Assert.Contains(path, errors.Select(error => error.Path));
        Assert.All(errors, error => Assert.NotEqual("", error.Expected));
    }

    [Fact]
    public void The_schema_that_editors_use_agrees_with_the_parser() => SchemaAgreement.Check(
        "lifecycle",
        [
            LifecycleRules.BuiltInJson.GetRawText(),
            .. SchemaAgreement.Samples("lifecycle"),
            """{"$schema":"/api/schemas/lifecycle.json","name":"x","stages":[{"id":"lead","name":"L"},{"id":"mql","when":{"all":[{"stage":"lead"},{"segment":"s"}]},"from":["lead"],"sla":"2d","demote":{"when":{"engagement":{"lt":5}},"to":"lead"}}],"owners":[{"id":"a","name":"A","email":"a@b.c","capacity":3,"when":{"trait":"country","equals":"SI"}}],"assignAt":"mql","neglect":{"stages":["sal"],"after":"9d","contacts":["Call Made"]}}""",
        ],
        json => LifecycleDocument.Parse(json).Errors,
        ["is there twice", "Without \"when\"", "it must be said out of which", "The stage itself", "That is the stage itself", "A lead is there already", "is given twice", "is not a date", "is not a duration", "nested too deeply"],
        atLeast: 100);

    [Theory]
    [InlineData("mql", null, null, null, "mql", null)]
    [InlineData("accepted", null, null, null, "sal", "accepted")]
    [InlineData("qualified", null, null, null, "sql", "qualified")]
    [InlineData("rejected", "not now", null, null, "recycled", "rejected")]
    [InlineData("recycled", "no budget", null, null, "recycled", null)]
    [InlineData("won", null, 1200.5, "EUR", "customer", "won")]
    [InlineData("lost", "price", 10.0, "EUR", "recycled", "lost")]
    public void What_sales_says_becomes_a_stage(string said, string? reason, double? amount, string? currency, string stage, string? outcome)
    {
        var (change, _) = StageChange.Of(new NewStage(said, reason, null, amount, currency), LifecycleRules.BuiltIn.Document);

        Assert.Equal((stage, outcome, reason, amount), (change!.Stage, change.Outcome, change.Reason, change.Amount));
    }

    [Theory]
    [InlineData("prospect", null, null, null, "$.stage")]
    [InlineData("rejected", null, null, null, "$.reason")]
    [InlineData("recycled", " ", null, null, "$.reason")]
    [InlineData("disqualified", "because", null, null, "$.reason")]
    [InlineData("lost", "not now", null, null, "$.reason")]
    [InlineData("won", null, 5.0, null, "$.currency")]
    [InlineData("won", null, null, "EUR", "$.currency")]
    [InlineData("won", null, 5.0, "eur", "$.currency")]
    [InlineData("won", null, -5.0, "EUR", "$.amount")]
    [InlineData("won", null, double.PositiveInfinity, "EUR", "$.amount")]
    public void What_sales_must_not_say_is_answered_with_its_place(string said, string? reason, double? amount, string? currency, string path)
    {
        var (change, errors) = StageChange.Of(new NewStage(said, reason, null, amount, currency), LifecycleRules.BuiltIn.Document);

        Assert.Null(change);
        Assert.Equal([path], errors.Select(error => error.Path));
    }
}
