using System.Text;
using System.Text.Json;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Segments;

/// <summary>What a segment's document may say, and what is answered to one that says something else.</summary>
public sealed class SegmentDocumentTests
{
    // What the samples leave out.
    private const string Rest = """
        {"name":"x","description":"d","persona":true,"when":{"any":[
          {"all":[{"trait":"a.b","gte":3,"lt":9},{"not":{"list":"guests"}}]},{"fit":{"lt":3}},{"stage":{"in":["mql","sal"]}},{"stage":"lead"},{"event":"a","count":3},{"event":"a","where":{"p":"x"}},{"event":["a","b"],"where":{"p":{"gte":1}},"count":{"lt":3},"sum":{"property":"v","between":[1,2]},"distinct":{"property":"p.q","equals":2},"last":{"before":"2026-01-01"}},
          {"bucket":{"salt":"s","from":0,"to":12.5}},
          {"consent":"news"},{"consent":{"topic":"news.weekly","is":"refused"}},{"consent":{"topic":"news","is":["agreed","unknown"],"channel":"sms"}},
          {"rfm":"champions"},{"rfm":["atRisk","cannotLose"]},{"rfm":{"group":"new","recency":{"gte":4},"frequency":1,"monetary":{"in":[4,5]}}},
          {"interest":{"dimension":"category","top":"shoes"}},{"interest":{"dimension":"category","top":["shoes","hats"],"weight":{"gte":3}}},{"interest":{"dimension":"d","value":"x","share":{"gte":0.5,"lt":0.9}}},
          {"event":"a","then":{"event":"b","where":{"p":{"exists":true}},"within":"2h"}},{"event":["a","b"],"within":"2w"}]}}
        """;

    [Theory]
    [InlineData("[]", "$", "This is an array.", "name, description, persona, when")]
    [InlineData("""{"name":"s"}""", "$.when", "missing", "a condition")]
    [InlineData("""{"when":{"stage":"lead"}}""", "$.name", "missing", "text")]
    [InlineData("""{"name":"s","wen":{}}""", "$.wen", "no field", "did you mean \"when\"?")]
    [InlineData("""{"name":"s","when":{"event":"page"}}""", "$.when.event", "in a segment", "\"within\" or \"count\"")]
    [InlineData("""{"name":"s","when":{"event":"Segment Entered","count":1}}""", "$.when.event", "comes of the answer", "{\"segment\": …}")]
    [InlineData("""{"name":"s","when":{"not":{"event":["a","Segment Left"],"within":"1d"}}}""", "$.when.not.event", "comes of the answer", "{\"segment\": …}")]
    [InlineData("""{"name":"s","when":{"event":"a","where":{"p":1},"within":"500d"}}""", "$.when.within", "one by one for so long", "at most 400d")]
    [InlineData("""{"name":"s","when":{"event":"a","where":{"p":1},"within":"5d","count":{"gte":1001}}}""", "$.when.count", "So many", "up to 1000")]
    [InlineData("""{"name":"s","when":{"event":"a","where":{}}}""", "$.when.where", "empty", "at least one property")]
    [InlineData("""{"name":"s","when":{"event":"a","sum":{"gte":1}}}""", "$.when.sum.property", "missing", "text")]
    [InlineData("""{"name":"s","when":{"event":"a","sum":{"property":"v"}}}""", "$.when.sum", "no operator", "one of equals")]
    [InlineData("""{"name":"s","when":{"event":"a","distinct":3}}""", "$.when.distinct", "a number", "an object with property")]
    [InlineData("""{"name":"s","when":{"event":"a","first":{}}}""", "$.when.first", "no operator", "one of within")]
    [InlineData("""{"name":"s","when":{"event":"a","last":{"within":7}}}""", "$.when.last.within", "has 7", "a whole number and a unit")]
    [InlineData("""{"name":"s","when":{"event":"a","then":{"event":"b"}}}""", "$.when.then.within", "missing", "a whole number and a unit")]
    [InlineData("""{"name":"s","when":{"event":"a","then":{"not":{"event":"Segment Left","within":"2h"}}}}""", "$.when.then.not.event", "comes of the answer", "{\"segment\": …}")]
    [InlineData("""{"name":"s","when":{"event":"a","count":1,"then":{"event":"b","within":"2h"}}}""", "$.when.count", "cannot stand beside", "two conditions")]
    [InlineData("""{"name":"s","when":{"bucket":{"from":1,"to":2}}}""", "$.when.bucket.salt", "missing", "text")]
    [InlineData("""{"name":"s","when":{"bucket":{"salt":"s","from":5,"to":5}}}""", "$.when.bucket.to", "ends at 5", "more than \"from\"")]
    [InlineData("""{"name":"s","when":{"bucket":{"salt":"s","to":101}}}""", "$.when.bucket.to", "101", "0 to 100")]
    [InlineData("""{"name":"s","when":{"rfm":"champion"}}""", "$.when.rfm", "no group \"champion\"", "did you mean \"champions\"?")]
    [InlineData("""{"name":"s","when":{"rfm":["new",5]}}""", "$.when.rfm[1]", "no group 5", "one of champions")]
    [InlineData("""{"name":"s","when":{"rfm":[]}}""", "$.when.rfm", "empty", "at least one")]
    [InlineData("""{"name":"s","when":{"rfm":{}}}""", "$.when.rfm", "asks nothing", "\"group\"")]
    [InlineData("""{"name":"s","when":{"rfm":{"recency":{"gte":"4"}}}}""", "$.when.rfm.recency.gte", "\"4\"", "a number")]
    [InlineData("""{"name":"s","when":{"rfm":{"recent":4}}}""", "$.when.rfm.recent", "no field", "did you mean \"recency\"?")]
    [InlineData("""{"name":"s","when":{"interest":"shoes"}}""", "$.when.interest", "text", "an object with dimension")]
    [InlineData("""{"name":"s","when":{"interest":{"top":"shoes"}}}""", "$.when.interest.dimension", "missing", "text")]
    [InlineData("""{"name":"s","when":{"interest":{"dimension":"d"}}}""", "$.when.interest", "asks nothing", "\"top\"")]
    [InlineData("""{"name":"s","when":{"interest":{"dimension":"d","top":"a","value":"b"}}}""", "$.when.interest", "\"top\" and \"value\"", "one of them")]
    [InlineData("""{"name":"s","when":{"interest":{"dimension":"d","top":[]}}}""", "$.when.interest.top", "empty", "at least one")]
    [InlineData("""{"name":"s","when":{"interest":{"dimension":"d","value":"b","weight":3}}}""", "$.when.interest.weight", "This is 3", "an object with an operator")]
    [InlineData("""{"name":"s","when":{"interest":{"dimension":"d","value":"b","share":{"gte":"1"}}}}""", "$.when.interest.share.gte", "\"1\"", "a number")]
    [InlineData("""{"name":"s","when":{"consent":7}}""", "$.when.consent", "a number", "text")]
    [InlineData("""{"name":"s","when":{"consent":{"is":"agreed"}}}""", "$.when.consent.topic", "missing", "text")]
    [InlineData("""{"name":"s","when":{"consent":{"topic":"news","is":"yes"}}}""", "$.when.consent.is", "\"yes\"", "one of agreed")]
    [InlineData("""{"name":"s","when":{"consent":{"topic":"news","is":[]}}}""", "$.when.consent.is", "empty", "at least one")]
    [InlineData("""{"name":"s","persona":"yes","when":{"stage":"lead"}}""", "$.persona", "yes", "true or false")]
    [InlineData("""{"name":"s","when":{"grade":[]}}""", "$.when.grade", "0 values", "a list of 1")]
    [InlineData("""{"name":"s","when":{"engagement":[1]}}""", "$.when.engagement", "an array", "an object with an operator")]
    [InlineData("""{"name":"s","when":{"segmnt":"a"}}""", "$.when.segmnt", "no condition", "did you mean \"segment\"?")]
    [InlineData("""{"name":"s","when":{"stage":"lead"}""", "$", "not JSON", "a JSON object")]
    public void A_document_is_refused(string json, string path, string message, string expected)
    {
        var (document, errors) = SegmentDocument.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Null(document);
        Assert.True(errors.Any(e => e.Path == path && e.Message.Contains(message, StringComparison.Ordinal) && e.Expected?.Contains(expected, StringComparison.Ordinal) == true), string.Join("; ", errors));
    }

    [Fact]
    public void Schema_and_parser_agree_on_the_samples_and_on_damaged_copies_of_them() => SchemaAgreement.Check(
        "segment", [.. SchemaAgreement.Samples("segments"), Rest], json => SegmentDocument.Parse(json).Errors, ["too.", "begins at", "\"between\" has", "comes of the answer", "one by one", "So many", "The share ends"], atLeast: 500);

    [Fact]
    public void A_document_names_the_segments_and_lists_that_it_asks_for() =>
        Assert.Equal(["guests"], SegmentDocument.Parse(JsonElement.Parse(Rest)).Document!.Asks);
}
