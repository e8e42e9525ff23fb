using System.Text;
using System.Text.Json;
using LeadFunctions.Integrations;

namespace LeadFunctions.Tests.Integrations;

/// <summary>What a webhook's document may say, and what then comes to it.</summary>
public sealed class WebhookDocumentTests
{
    private const string Url = "\"url\":\"https://crm.example.com/hooks\"";

    [Theory]
    [InlineData("""{}""", "$.name $.url")]
    [InlineData("""{"name":"x","url":"ftp://example.com"}""", "$.url")]
    [InlineData("""{"name":"x","url":"https://user:secret@example.com"}""", "$.url")]
    [InlineData("""{"name":"x","url":"/hooks"}""", "$.url")]
    [InlineData("""{"name":"","url":"https://example.com","color":1}""", "$.color $.name")]
    [InlineData("""{"name":"x",%,"types":["StageChange"]}""", "$.types[0]")]
    [InlineData("""{"name":"x",%,"types":[1,"MessageSent"]}""", "$.types[0]")]
    [InlineData("""{"name":"x",%,"types":[]}""", "$.types")]
    [InlineData("""{"name":"x",%,"types":"StageChanged"}""", "$.types")]
    [InlineData("""{"name":"x",%,"filter":{}}""", "$.filter")]
    [InlineData("""{"name":"x",%,"filter":["to"]}""", "$.filter")]
    [InlineData("""{"name":"x",%,"filter":{"to":{"equal":"mql"}}}""", "$.filter.to.equal")]
    [InlineData("""{"name":"x",%,"filter":{"lead.fit":{"gte":"much"}}}""", "$.filter['lead.fit'].gte")]
    [InlineData("""{"name":"x",%,"description":7}""", "$.description")]
    [InlineData("""[1]""", "$")]
    [InlineData("""{"name":""", "$")]
    public void Every_mistake_is_answered_with_its_place(string json, string paths)
    {
        var (document, errors) = WebhookDocument.Parse(Encoding.UTF8.GetBytes(json.Replace("%", Url, StringComparison.Ordinal)));

        Assert.Null(document);
        Assert.Equal(paths, string.Join(' ', errors.Select(error => error.Path).Order(StringComparer.Ordinal)));
        Assert.All(errors, error => Assert.DoesNotContain("where", error.Message + error.Expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true, true, true)]
    [InlineData(""","types":["StageChanged"]""", true, true, false)]
    [InlineData(""","types":["LeadFunctions.SegmentEntered","LeadFunctions.SegmentEntered"]""", false, false, true)]
    [InlineData(""","filter":{"to":"mql"}""", true, false, false)]
    [InlineData(""","filter":{"to":{"in":["mql","sql"]},"lead.grade":["A"]}""", false, false, false, "$.filter['lead.grade']")]
    [InlineData(""","filter":{"to":{"in":["mql","sql"]},"lead.fit":{"gte":50}}""", true, false, false)]
    [InlineData(""","filter":{"lead.email":{"endsWith":"@example.com"}}""", true, true, true)]
    [InlineData(""","types":["SegmentEntered"],"filter":{"to":{"exists":false}}""", false, false, true)]
    public void It_gets_the_types_that_it_names_whose_data_pass_its_filter(string more, bool mql, bool sql, bool segment, string? fault = null)
    {
        var (document, errors) = WebhookDocument.Parse(Encoding.UTF8.GetBytes($$"""{"name":"x",{{Url}}{{more}}}"""));
        Assert.Equal(fault, errors.FirstOrDefault()?.Path);
        if (document is null)
        {
            return;
        }

        var webhook = new Webhook("crm", document.Name, document.Url, document.Types, document.Filter);
        Assert.Equal((mql, sql, segment), (
            webhook.Wants(Of("StageChanged", """{"lead":{"email":"a@EXAMPLE.com","fit":60},"from":"lead","to":"mql"}""")),
            webhook.Wants(Of("StageChanged", """{"lead":{"email":"a@example.com","fit":10},"from":"mql","to":"sql"}""")),
            webhook.Wants(Of("SegmentEntered", """{"lead":{"email":"b@example.com"},"segment":"vip"}"""))));
    }

    [Fact]
    public void An_event_keeps_its_id_whatever_is_made_of_it_and_shares_it_with_no_other()
    {
        var e = Of("StageChanged", "{}");

        Assert.Equal(e.Id, (e with { Type = "SegmentLeft" }).Id);
        Assert.Distinct([e.Id, (e with { Number = 8 }).Id, (e with { LeadId = "other" }).Id, (e with { At = e.At.AddMilliseconds(1) }).Id]);
        Assert.Equal(e.Id, JsonDocument.Parse(e.ToJson()).RootElement.GetProperty("id").GetString());
    }

    private static WorldEvent Of(string type, string data) => new(type, SampleEvents.LeadId, 7, new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero), JsonDocument.Parse(data).RootElement);
}
