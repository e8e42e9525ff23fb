using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Outbound;

namespace LeadFunctions.Tests.Journeys;

/// <summary>What goes over the wire for a webhook step, seen from a raw socket; and which of its failures are final.</summary>
public sealed class WebhookCallTests
{
    /// <param name="step">The fields of a webhook step but for its id and type.</param>
    /// <param name="trigger">What let the lead in: where visitors' texts come from.</param>
    internal static Task<ActResult> CallAsync(Webhooks webhooks, string step, object? trigger = null, IReadOnlyDictionary<string, JsonElement>? saved = null)
    {
        var json = JsonNode.Parse(step)!.AsObject();
        (json["id"], json["type"]) = ("hook", "webhook");
        var journey = Rehearsal.Parse(new JsonObject { ["name"] = "x", ["trigger"] = new JsonObject { ["api"] = true }, ["steps"] = new JsonArray(json) }.ToJsonString());
        var run = new RunState("test.lead.key", "test", 1, "lead", "key", JourneyApp.Start, JsonSerializer.SerializeToElement(trigger ?? new { })) { Saved = saved ?? new Dictionary<string, JsonElement>() };
        var act = new PendingAct("test.lead.key/hook/0", "hook", JourneyApp.Start, JourneyApp.Start);
        return webhooks.CallAsync(run, act, (Step.Webhook)journey.Find("hook")!, new RunView(run, new LeadRecord()), default);
    }

    private static Webhooks Open() => new(WebhookConnections.Create(allowsPrivate: true));

    [Theory]
    [InlineData("x\r\n\r\nDELETE /admin HTTP/1.1\r\nHost: internal\r\n\r\n")]
    [InlineData("x\r\nX-Role: admin")]
    [InlineData("x\nX-Role: admin")]
    [InlineData("x\rX-Role: admin")]
    [InlineData("x\0y")]
    [InlineData("x\u0085y")]
    [InlineData("x\ty")]
    [InlineData("\u007f")]
    public async Task A_value_that_would_end_the_line_fails_the_step_and_nothing_is_sent(string name)
    {
        await using var server = new RawServer();
        using var webhooks = Open();

        var result = await CallAsync(webhooks, $$$"""{"url":"http://127.0.0.1:{{{server.Port}}}/","headers":{"Authorization":"Bearer s3cret","X-Name":"{{trigger.name}}"}}""", new { name });

        Assert.Equal(("failed", "The header X-Name has a line break or another control character in it."), (result.What, result.Reason));
        Assert.Empty(server.Received);
    }

    [Fact]
    public void Whatever_a_visitor_types_there_is_one_request_with_the_headers_of_the_step() => Prop.ForAll<NonNull<string>>(text =>
    {
        var (received, result) = RawAsync(text.Get + "\u010a\u0d0aé").GetAwaiter().GetResult(); // an encoding that cuts characters off would make line breaks of these
        var lines = received.Split("\r\n");
        return result.What == "failed"
            ? received.Length == 0
            : lines[0] == "POST /hook HTTP/1.1" && lines[1..].TakeWhile(line => line.Length > 0).Select(line => line.Split(':')[0]).Order()
                .SequenceEqual(["Content-Length", "Content-Type", "Host", "Idempotency-Key", "X-Name"]) && received.Split("HTTP/1.1").Length == 2;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static async Task<(string Received, ActResult Result)> RawAsync(string name)
    {
        await using var server = new RawServer();
        using var webhooks = Open();
        var result = await CallAsync(webhooks, $$$"""{"url":"http://127.0.0.1:{{{server.Port}}}/hook","body":{},"headers":{"X-Name":"{{trigger.name}}"}}""", new { name });
        return (server.Received.SingleOrDefault(""), result);
    }

    [Fact]
    public async Task Text_beyond_ASCII_goes_out_as_UTF8()
    {
        var (received, result) = await RawAsync("Zoë");

        Assert.Equal("done", result.What);
        Assert.Contains("X-Name: " + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Zoë")), received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_may_say_what_its_body_is()
    {
        await using var server = new RawServer();
        using var webhooks = Open();

        await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/","headers":{"content-type":"application/vnd.crm+json"},"body":{"a":1} }""");

        Assert.Contains("\r\nContent-Type: application/vnd.crm+json\r\n", Assert.Single(server.Received), StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"a\":1}", server.Received[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("CONNECTION")]
    [InlineData("Idempotency-Key")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("TE")]
    public void Headers_that_are_not_for_a_journey_to_set_are_refused_and_fail_a_step_that_was_stored_before(string header)
    {
        var text = $$$"""{"name":"x","trigger":{"api":true},"steps":[{"id":"h","type":"webhook","url":"https://example.com/","headers":{"{{{header}}}":"1"}}]}""";
        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes(text));
        var error = Assert.Single(parsed.Errors);
        Assert.Equal($"$.steps[0].headers{(header.Contains('-', StringComparison.Ordinal) ? $"['{header}']" : "." + header)}", error.Path);
        Assert.NotNull(parsed.Document);
        Assert.Contains(error, parsed.Warnings);

        var run = new RunState("test.lead.key", "test", 1, "lead", "key", JourneyApp.Start, default);
        var (call, fault) = WebhookCall.Of(run, new("a", "h", default, default), (Step.Webhook)parsed.Document.Steps[0], new RunView(run, new LeadRecord()));
        Assert.Null(call);
        Assert.Equal($"The header {header} is not for a journey to set.", fault);
    }

    [Theory]
    [InlineData("""{"X-A":"1\r\n2"}""")]
    [InlineData("""{"X-A":"1","x-a":"2"}""")]
    public void A_line_break_in_a_document_and_a_header_twice_are_refused(string headers)
    {
        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{"api":true},"steps":[{"id":"h","type":"webhook","url":"https://example.com/","headers":{{headers}}}]}"""));

        Assert.Single(parsed.Errors);
    }

    [Theory]
    [InlineData("a/b", "/x/a%2Fb/y")]
    [InlineData("a?admin=1#", "/x/a%3Fadmin%3D1%23/y")]
    [InlineData("a\r\nHost: b", "/x/a%0D%0AHost%3A%20b/y")]
    [InlineData("…", "/x/%E2%80%A6/y")]
    [InlineData("..", null)]
    [InlineData(".", null)]
    public async Task A_value_in_an_address_stays_in_its_place(string value, string? path)
    {
        await using var server = new RawServer();
        using var webhooks = Open();

        var result = await CallAsync(webhooks, $$$"""{"url":"http://127.0.0.1:{{{server.Port}}}/x/{{trigger.v}}/y","method":"GET"}""", new { v = value });

        Assert.Equal(path is null ? "failed" : "done", result.What);
        Assert.Equal(path is null ? [] : [$"GET {path} HTTP/1.1"], server.Received.Select(text => text.Split("\r\n")[0]));
    }

    [Fact]
    public async Task Lists_and_objects_in_an_address_are_escaped_too()
    {
        await using var server = new RawServer();
        using var webhooks = Open();

        await CallAsync(webhooks, $$$"""{"url":"http://127.0.0.1:{{{server.Port}}}/?q={{trigger.v}}","method":"GET"}""", new { v = new[] { "a&admin=1" } });

        Assert.StartsWith("GET /?q=%5B%22a%5Cu0026admin%3D1%22%5D HTTP/1.1\r\n", Assert.Single(server.Received), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://shop{{trigger.host}}/x", "a b")]
    [InlineData("https://shop{{trigger.host}}/x", "a/b")]
    [InlineData("https://shop{{trigger.host}}/x", "\\@evil.example")]
    public async Task An_address_that_is_none_once_it_is_filled_in_is_a_result(string url, string host)
    {
        using var webhooks = Open();

        Assert.Equal(("failed", "Filled in, the url is not a web address."), await CallAsync(webhooks, $$"""{"url":"{{url}}"}""", new { host }) is var result ? (result.What, result.Reason) : default);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_to_keep_is_a_result_and_one_that_nobody_keeps_may_be_of_any_size()
    {
        await using var server = RawServer.Json(Encoding.UTF8.GetBytes($"\"{new string('x', 300_000)}\""));
        using var webhooks = Open();

        var kept = await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/","saveAs":"a"}""");
        var unread = await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/"}""");

        Assert.Equal(("failed", "200"), (kept.What, kept.Detail));
        Assert.Contains("too large", kept.Reason, StringComparison.Ordinal);
        Assert.Equal(("done", "200"), (unread.What, unread.Detail));
    }

    [Fact]
    public async Task All_answers_of_a_run_share_what_there_is_room_for()
    {
        var large = JsonSerializer.SerializeToElement(new string('x', 200_000));
        await using var server = RawServer.Json(Encoding.UTF8.GetBytes($"\"{new string('y', 100_000)}\""));
        using var webhooks = Open();

        var another = await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/","saveAs":"b"}""", saved: new Dictionary<string, JsonElement> { ["a"] = large });
        var instead = await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/","saveAs":"a"}""", saved: new Dictionary<string, JsonElement> { ["a"] = large });

        Assert.Equal(("failed", "done"), (another.What, instead.What));
    }

    public static TheoryData<byte[], string?> Answers => new()
    {
        { "{\"a\":\"x\\ud800y\"}"u8.ToArray(), "{\"a\":\"x\\ufffdy\"}" },
        { [.. "\"a"u8, 0xff, .. "b\""u8], "\"a\uFFFDb\"" },
        { [0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8], "{\"a\":1}" },
        { "<html>"u8.ToArray(), null },
        { ""u8.ToArray(), null },
        { Encoding.UTF8.GetBytes(new string('[', 5000)), null },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task What_cannot_be_stored_of_an_answer_is_mended_or_left(byte[] answer, string? saved)
    {
        await using var server = RawServer.Json(answer);
        using var webhooks = Open();

        var result = await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/","saveAs":"a"}""");

        Assert.Equal(("done", saved), (result.What, result.Saved?.GetRawText()));
        Assert.NotNull(JsonSerializer.Serialize(result.Saved)); // as the run's row will be
    }

    [Theory]
    [InlineData("200 OK", "done")]
    [InlineData("204 No Content", "done")]
    [InlineData("302 Found", "failed")]
    [InlineData("400 Bad Request", "failed")]
    [InlineData("501 Not Implemented", "failed")]
    [InlineData("408 Request Timeout", null)]
    [InlineData("429 Too Many Requests", null)]
    [InlineData("500 Internal Server Error", null)]
    [InlineData("503 Service Unavailable", null)]
    public async Task Only_what_may_pass_is_tried_again(string status, string? what)
    {
        await using var server = RawServer.Json([], status);
        using var webhooks = Open();
        var call = () => CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/"}""");

        if (what is null)
        {
            await Assert.ThrowsAsync<HttpRequestException>(call);
        }
        else
        {
            Assert.Equal((what, status[..3]), await call() is var result ? (result.What, result.Detail) : default);
        }
    }

    [Fact]
    public async Task Headers_without_end_in_an_answer_are_a_result()
    {
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nX-A: {new string('x', 100_000)}\r\n\r\n");
        using var webhooks = Open();

        Assert.Equal("failed", (await CallAsync(webhooks, $$"""{"url":"http://127.0.0.1:{{server.Port}}/"}""")).What);
    }

    [Fact]
    public void A_host_that_a_visitor_fills_in_is_warned_of()
    {
        var parsed = ParsedJourney.Of("""{"name":"x","trigger":{"api":true},"steps":[{"id":"h","type":"webhook","url":"https://shop{{lead.shop}}.example.com/a"},{"id":"i","type":"webhook","url":"https://example.com/{{lead.shop}}"}]}"""u8.ToArray());

        Assert.Equal(["$.steps[0].url"], parsed.Warnings.Select(warning => warning.Path));
    }
}
