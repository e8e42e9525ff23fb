using System.Net;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Tests.Ingest;

/// <summary>What a batch says once holds for each of its events.</summary>
[Collection(nameof(OneIngestApp))]
public sealed class BatchContextTests(IngestApp app)
{
    [Theory]
    [InlineData("""{"consent":{"tracking":false}}""", "{}", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":{"tracking":"no"}}""", """{"consent":{}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":{"tracking":"no"}}""", """{"consent":{"marketing":true},"page":{"title":"x"}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":{"tracking":"no"}}""", """{"consent":null}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":{"tracking":"no"}}""", """{"consent":[]}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":"denied"}""", """{"consent":{}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":false}""", """{"consent":{"marketing":true}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consentManagement":"denied"}""", """{"consentManagement":{"marketing":"yes"},"page":{}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("{}", """{"consent":{"rejected":["tracking"]}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("{}", """{"consent":{"purposes":{"tracking":false}}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("{}", """{"consent":{"tracking ":false}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("{}", """{"consent":{"tracking":"-1"}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":false}""", "null", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"consent":false}""", "[]", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"userAgent":"Mozilla/5.0 (compatible; Googlebot/2.1)"}""", "{}", nameof(Outcome.Bot))]
    [InlineData("\"text\"", "{}", nameof(Outcome.InvalidField))]
    [InlineData("{}", "\"text\"", nameof(Outcome.InvalidField))]
    public void What_keeps_an_event_out_does_so_from_the_batch(string batch, string own, string outcome) =>
        Assert.Equal(outcome, Normalised.Of(Batch(batch, own)).Outcome.ToString());

    [Theory]
    [InlineData("""{"consent":{"tracking":false}}""", """{"consent":{"tracking":true}}""", """{"consent":{"tracking":true}}""")]
    [InlineData("""{"consent":false}""", """{"consent":{"tracking":true}}""", """{"consent":{"tracking":true}}""")]
    [InlineData("""{"consent":true}""", """{"consent":{"marketing":true}}""", """{"consent":{"tracking":true,"marketing":true}}""")]
    [InlineData("""{"userAgent":"Googlebot/2.1"}""", """{"userAgent":"Mozilla/5.0"}""", """{"userAgent":"Mozilla/5.0"}""")]
    [InlineData("""{"ip":"203.0.113.9","page":{"url":"/a","title":"A"}}""", """{"page":{"url":"/b"},"locale":"de"}""", """{"ip":"203.0.113.9","page":{"title":"A","url":"/b"},"locale":"de"}""")]
    [InlineData("""{"tags":[1,2]}""", """{"tags":[3]}""", """{"tags":[3]}""")]
    [InlineData("""{"a":1,"b":{"c":2}}""", """{"a":null,"b":{"c":null}}""", """{"a":1,"b":{"c":2}}""")]
    [InlineData("null", """{"a":1}""", """{"a":1}""")]
    [InlineData("[]", """{"a":1}""", """{"a":1}""")]
    public void The_events_own_fields_win_and_the_others_are_added(string batch, string own, string context) =>
        Assert.Equal(context, Normalised.Of(Batch(batch, own)).Event.Context.GetRawText());

    [Fact]
    public void A_single_event_and_an_event_without_a_context_are_as_they_were()
    {
        Assert.Equal("""{"a":1}""", Normalised.Of("""{"context":{"a":1},"batch":[{"type":"page","userId":"u"}]}""").Event.Context.GetRawText());
        Assert.Equal("""{"a":1}""", Normalised.Of("""{"context":{"a":1},"type":"page","userId":"u"}""").Event.Context.GetRawText());
    }

    [Fact]
    public void It_counts_in_the_size_of_each_event()
    {
        var context = $$"""{"x":"{{new string('x', 32 * 1024 - 100)}}"}""";

        Assert.Single(Normalised.Of(Batch(context, "{}", properties: "{}")).Events);
        Assert.Equal(Outcome.TooLarge, Normalised.Of(Batch(context, "{}", properties: $$"""{"y":"{{new string('y', 200)}}"}""")).Outcome);
    }

    [Fact]
    public async Task A_small_body_that_would_become_a_huge_one_is_refused()
    {
        var events = string.Join(',', Enumerable.Repeat("""{"type":"page","userId":"u"}""", 5_000));
        var context = $$"""{"x":"{{new string('x', 20 * 1024)}}"}""";

        await app.PostAsync("/v1/batch", $$"""{"context":{{context}},"batch":[{{events}}]}""").JsonAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    private static string Batch(string context, string own, string properties = "{}") =>
        $$"""{"context":{{context}},"batch":[{"type":"page","userId":"u","properties":{{properties}},"context":{{own}}}]}""";
}
