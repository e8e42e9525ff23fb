using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;

namespace LeadFunctions.Tests.Ingest;

/// <summary>Snowplow's trackers, as recorded, and what may go wrong in their protocol of texts within texts.</summary>
[Collection(nameof(OneIngestApp))]
public sealed class SnowplowTests(IngestApp app)
{
    private const string Path = "/com.snowplowanalytics.snowplow/tp2";

    [Fact]
    public void Every_recorded_request_becomes_the_events_in_the_golden_file()
    {
        var actual = new List<string>();
        foreach (var capture in Captures.Snowplow)
        {
            var normalised = Normalised.Of(Encoding.UTF8.GetString(Converted(capture)), Normalised.Facts(Normalised.Source with { DropBots = false }));

            Assert.Empty(normalised.Refusals);
            actual.Add($"{capture.Name} {capture.Path.Split('?')[0]}");
            actual.AddRange(normalised.Json);
        }

        var file = System.IO.Path.Combine(Captures.Folder(), "golden-snowplow.txt");
        var expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        if (!expected.SequenceEqual(actual))
        {
            File.WriteAllLines(System.IO.Path.Combine(System.IO.Path.GetTempPath(), "golden-snowplow.actual.txt"), actual);
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Every_recorded_request_is_taken_with_the_write_key_as_app_id()
    {
        foreach (var capture in Captures.Snowplow)
        {
            using var request = new HttpRequestMessage(new HttpMethod(capture.Method), capture.Path.Replace("aid=shop", "aid=" + IngestApp.Key, StringComparison.Ordinal));
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0");
            request.Headers.TryAddWithoutValidation("Origin", "http://localhost:18081");
            if (capture.Method == "POST")
            {
                request.Content = new StringContent(capture.Body.Replace("\"aid\":\"shop\"", $"\"aid\":\"{IngestApp.Key}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");
            }

            using var response = await app.Client.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(capture.Method == "GET" ? "image/gif" : "application/json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        }

        var stored = await app.StoredAsync();
        Assert.All(["6b800a20-200b-408f-8a3e-9904d3368fe4", "707ae27d-4e22-4845-8374-078d597cea75", "5934f6a9-5b9e-430c-a567-8d40a57e2753"], id => Assert.Contains(id, stored));
    }

    [Fact]
    public void Who_is_to_stay_anonymous_is_not_known_by_what_the_network_knows()
    {
        using var payload = JsonDocument.Parse("""{"data":[{"e":"pv","eid":"1","uid":"u1","nuid":"n1","tnuid":"t1","ip":"203.0.113.9"}]}""");
        var known = Normalised.Of(Encoding.UTF8.GetString(SnowplowEvents.ToJson(payload.RootElement))).Event;
        var unknown = Normalised.Of(Encoding.UTF8.GetString(SnowplowEvents.ToJson(payload.RootElement, isAnonymous: true))).Event;

        Assert.Equal(("t1", true), (known.AnonymousId, known.Context.TryGetProperty("ip", out _)));
        Assert.Equal((null, false), (unknown.AnonymousId, unknown.Context.TryGetProperty("ip", out _)));
    }

    [Fact]
    public void A_page_ping_is_dropped_by_a_rule_with_a_name() =>
        Assert.Equal(Outcome.PagePing, Of("""{"e":"pp","eid":"1","uid":"u1"}""").Outcome);

    [Theory]
    [InlineData("""{"e":"tr","eid":"1","uid":"u1"}""", "noType")]
    [InlineData("""{"e":"se","eid":"1","uid":"u1"}""", "noEventName")]
    [InlineData("""{"e":"pv","eid":"1"}""", "noIdentity")]
    [InlineData("""{"e":"ue","eid":"1","uid":"u1"}""", "noEventName")]
    [InlineData("""{"e":"ue","eid":"1","uid":"u1","ue_pr":"{"}""", "noEventName")]
    [InlineData("""{"e":"ue","eid":"1","uid":"u1","ue_px":"%%%"}""", "noEventName")]
    [InlineData("""{"e":"ue","eid":"1","uid":"u1","ue_pr":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"}""", "noEventName")]
    [InlineData("""{"e":"ue","eid":"1","uid":"u1","ue_pr":"{\"data\":{\"schema\":7}}"}""", "noEventName")]
    [InlineData("""{"e":{},"eid":"1","uid":"u1"}""", "noType")]
    [InlineData("7", "noType")]
    public void What_cannot_be_taken_is_refused_alone(string sent, string reason)
    {
        var normalised = Of(sent, """{"e":"pv","eid":"good","uid":"u1"}""");

        Assert.Equal(reason, Assert.Single(normalised.Refusals).Outcome.Name());
        Assert.Equal("good", normalised.Event.Id);
    }

    [Theory]
    [InlineData("""{"schema":"iglu:x/unstruct_event/jsonschema/1-0-0","data":{"schema":"iglu:com.acme/trial_started/jsonschema/1-0-0","data":{"plan":"??>>~~","half":"\ud83d"}}}""")]
    public void A_self_describing_event_is_read_in_either_alphabet(string json)
    {
        var standard = Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
        foreach (var spelt in new[] { standard, standard.TrimEnd('='), standard.Replace('+', '-').Replace('/', '_') })
        {
            var read = Of(JsonSerializer.Serialize(new { e = "ue", eid = "1", duid = "d1", dtm = "1795287114294", stm = "1795287114296", ue_px = spelt })).Event;

            Assert.Equal((EventType.Track, "trial_started", "d1"), (read.Type, read.Name, read.AnonymousId));
            Assert.Equal(("??>>~~", "\ufffd"), (read.Properties.GetProperty("plan").GetString(), read.Properties.GetProperty("half").GetString()));
            Assert.Equal(Normalised.Now.AddMilliseconds(-2), read.At);
        }
    }

    [Theory]
    [InlineData("""{"dtm":"1795287114294","stm":"1795287114296"}""", -2)]
    [InlineData("""{"ttm":"1795284000000","dtm":"1795287114294","stm":"1795287114296"}""", -21_600_000)]
    [InlineData("""{"ttm":"1795284000000"}""", -21_600_000)]
    [InlineData("""{"ttm":1795284000000,"stm":"1795287114296"}""", -21_600_000)]
    public void The_true_timestamp_is_the_time_and_is_not_corrected(string times, int milliseconds) =>
        Assert.Equal(Normalised.Now.AddMilliseconds(milliseconds), Of("""{"e":"pv","eid":"1","uid":"u1",""" + times[1..]).Event.At);

    private static Normalised Of(params string[] events)
    {
        using var payload = JsonDocument.Parse($$"""{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[{{string.Join(',', events)}}]}""");
        return Normalised.Of(Encoding.UTF8.GetString(SnowplowEvents.ToJson(payload.RootElement)));
    }

    private static byte[] Converted(Capture capture)
    {
        if (capture.Method == "GET")
        {
            return SnowplowEvents.ToJson(new Microsoft.AspNetCore.Http.QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(capture.Path[capture.Path.IndexOf('?', StringComparison.Ordinal)..])));
        }

        using var payload = JsonDocument.Parse(capture.Body);
        return SnowplowEvents.ToJson(payload.RootElement);
    }
}
