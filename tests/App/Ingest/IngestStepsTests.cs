using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Tail;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Tests.Ingest;

public sealed class IngestStepsTests
{
    [Fact]
    public void An_event_that_fits_is_taken_also_when_the_mark_of_who_looks_on_is_too_much()
    {
        var random = new Random(1);
        var letters = new string([.. Enumerable.Range(0, 100_000).Select(_ => (char)random.Next('!', '~'))]);
        LeadEvent Of(int length) => new() { Id = "1", Type = EventType.Track, Name = "Long", At = Normalised.Now, UserId = "u", Properties = JsonSerializer.SerializeToElement(new { x = letters[..length] }) };
        var (fits, tooLong) = (1, letters.Length);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            (fits, tooLong) = Taken(Of(middle), null) is null ? (fits, middle) : (middle, tooLong);
        }

        var tailed = new TailedRequest(new TailWriter(null!, null!, TimeProvider.System, NullLogger<TailWriter>.Instance), null, new DefaultHttpContext().Request, Normalised.Now); // nothing is written

        Assert.NotNull(Taken(Of(10), tailed)?.TailId);
        Assert.Null(Taken(Of(fits) with { TailId = TailRow.NewId(Normalised.Now) }, null));
        Assert.Equal((true, null), (Taken(Of(fits), tailed) is not null, Taken(Of(fits), tailed)?.TailId));
        Assert.Null(Taken(Of(tooLong), tailed));

        static LeadEvent? Taken(LeadEvent e, TailedRequest? tailed)
        {
            var buffer = EventBuffer.Rent();
            var taken = Intake.TryAdd(e, buffer, tailed) ? JsonSerializer.Deserialize(buffer[0], EventsJson.Default.LeadEvent) : null;
            buffer.Return();
            return taken;
        }
    }

    [Theory]
    [InlineData("""{"userId":"u"}""", nameof(Outcome.NoType))]
    [InlineData("""{"type":"dance","userId":"u"}""", nameof(Outcome.NoType))]
    [InlineData("""{"type":"merge","userId":"u"}""", nameof(Outcome.NoType))]
    [InlineData("""{"type":7,"userId":"u"}""", nameof(Outcome.NoType))]
    [InlineData("7", nameof(Outcome.NoType))]
    [InlineData("null", nameof(Outcome.NoType))]
    [InlineData("""{"type":"page"}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"page","userId":null,"anonymousId":""}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"page","userId":"  "}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"page","userId":"undefined","anonymousId":"NULL"}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"identify","traits":{"email":"nobody"}}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"track","event":"x","traits":{"email":"ann@example.com"}}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"alias","userId":"u"}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"alias","previousId":"p"}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"group","userId":"u"}""", nameof(Outcome.NoIdentity))]
    [InlineData("""{"type":"track","userId":"u"}""", nameof(Outcome.NoEventName))]
    [InlineData("""{"type":"track","userId":"u","event":" "}""", nameof(Outcome.NoEventName))]
    [InlineData("""{"type":"track","userId":"u","event":5}""", nameof(Outcome.NoEventName))]
    [InlineData("""{"type":"page","userId":true}""", nameof(Outcome.InvalidField))]
    [InlineData("""{"type":"page","userId":{"a":1}}""", nameof(Outcome.InvalidField))]
    [InlineData("""{"type":"page","userId":"u","properties":"x"}""", nameof(Outcome.InvalidField))]
    [InlineData("""{"type":"page","userId":"u","properties":[1]}""", nameof(Outcome.InvalidField))]
    [InlineData("""{"type":"page","userId":"u","context":1}""", nameof(Outcome.InvalidField))]
    [InlineData("""{"type":"page","userId":"u","context":{"consent":{"tracking":false}}}""", nameof(Outcome.ConsentDenied))]
    [InlineData("""{"type":"page","userId":"u","context":{"userAgent":"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}}""", nameof(Outcome.Bot))]
    public void An_event_is_refused_with_one_reason(string json, string outcome)
    {
        var normalised = Normalised.Of(json);

        Assert.Empty(normalised.Json);
        Assert.Equal(outcome, normalised.Outcome.ToString());
        Assert.NotEqual("", normalised.Refusals[0].Message);
    }

    [Theory]
    [InlineData("""{"type":"page","userId":"u"}""")]
    [InlineData("""{"type":"page","userId":null,"anonymousId":"a"}""")]
    [InlineData("""{"type":"page","userId":42}""")]
    [InlineData("""{"type":"identify","traits":{"email":"ann@example.com"}}""")]
    [InlineData("""{"type":"identify","context":{"traits":{"email":"ann@example.com"}}}""")]
    [InlineData("""{"type":"page","userId":"u","properties":null,"context":[],"traits":[]}""")]
    [InlineData("""{"type":"page","userId":"u","context":{"consent":{"tracking":true}}}""")]
    [InlineData("""{"type":"page","userId":"u","userId":"v"}""")]
    [InlineData("""{"type":"page","userId":"u","timestamp":"nonsense","integrations":{"All":true},"channel":"web","anything":[1]}""")]
    public void An_event_passes(string json) => Assert.Single(Normalised.Of(json).Json);

    [Fact]
    public void A_number_is_a_name_for_a_person_too() => Assert.Equal("42", Normalised.Of("""{"type":"page","userId":42}""").Event.UserId);

    [Fact]
    public void Ids_names_and_message_ids_have_a_longest_length()
    {
        var id200 = new string('i', 200);
        var id100 = new string('m', 100);

        Assert.Single(Normalised.Of($$"""{"type":"track","event":"{{id200}}","userId":"{{id200}}","messageId":"{{id100}}"}""").Json);
        Assert.Equal(Outcome.InvalidField, Normalised.Of($$"""{"type":"track","event":"{{id200}}x","userId":"u"}""").Outcome);
        Assert.Equal(Outcome.InvalidField, Normalised.Of($$"""{"type":"page","userId":"{{id200}}x"}""").Outcome);
        Assert.Equal(Outcome.InvalidField, Normalised.Of($$"""{"type":"page","userId":"u","messageId":"{{id100}}x"}""").Outcome);
    }

    [Fact]
    public void An_event_is_at_most_32_KiB_and_the_others_of_its_batch_pass()
    {
        var large = $$$"""{"type":"page","userId":"u","properties":{"x":"{{{new string('x', 32 * 1024)}}}"}}""";
        var normalised = Normalised.Of($$"""{"batch":[{"type":"page","userId":"u","messageId":"m0"},{{large}},{"type":"page","userId":"u","messageId":"m2"}]}""");

        Assert.Equal(["m0", "m2"], normalised.Events.Select(e => e.Id));
        Assert.Equal((1, Outcome.TooLarge), (normalised.Refusals[0].Index, normalised.Outcome));
    }

    [Fact]
    public void An_event_of_the_largest_size_in_any_script_fits_a_queue_message()
    {
        var random = new Random(1);
        foreach (var (first, last) in new[] { (0x20, 0x7E), (0x400, 0x4FF), (0x4E00, 0x9FFF), (0x1F300, 0x1F6FF), (0x20000, 0x2A000) })
        {
            var text = new System.Text.StringBuilder();
            var bytes = 0;
            while (bytes < IngestLimits.Event - 200)
            {
                var rune = new System.Text.Rune(random.Next(first, last));
                if (rune.Value is '"' or '\\')
                {
                    continue;
                }

                text.Append(rune);
                bytes += rune.Utf8SequenceLength;
            }

            Assert.Empty(Normalised.Of($$$"""{"type":"page","userId":"u","properties":{"x":"{{{text}}}"}}""").Refusals);
        }
    }

    [Fact]
    public void The_second_event_with_an_id_in_a_batch_is_a_duplicate()
    {
        var normalised = Normalised.Of("""{"batch":[{"type":"page","userId":"u","messageId":"m"},{"type":"page","userId":"u","messageId":"m"}]}""");

        Assert.Equal("m", normalised.Event.Id);
        Assert.Equal((1, Outcome.Duplicate), (normalised.Refusals[0].Index, normalised.Outcome));
    }

    [Fact]
    public void Privacy_signals_count_only_from_a_browser_of_a_source_that_respects_them_and_not_against_a_yes()
    {
        const string Silent = """{"type":"page","userId":"u"}""";
        const string Agreed = """{"type":"page","userId":"u","context":{"consent":{"tracking":true}}}""";
        var signals = Normalised.Facts() with { SignalsOptOut = true, FromBrowser = true };

        Assert.Equal(Outcome.ConsentDenied, Normalised.Of(Silent, signals).Outcome);
        Assert.Single(Normalised.Of(Agreed, signals).Json);
        Assert.Single(Normalised.Of(Silent, signals with { FromBrowser = false }).Json);
        Assert.Single(Normalised.Of(Silent, signals with { Source = Normalised.Source with { RespectPrivacySignals = false } }).Json);
    }

    [Fact]
    public void A_servers_own_user_agent_is_nobodys_but_a_browsers_is()
    {
        const string Page = """{"type":"page","userId":"u"}""";
        var crawler = Normalised.Facts() with { UserAgent = "SomeBot/1.0" };

        Assert.Single(Normalised.Of(Page, crawler).Json);
        Assert.Equal(Outcome.Bot, Normalised.Of(Page, crawler with { FromBrowser = true }).Outcome);
        Assert.Single(Normalised.Of(Page, crawler with { FromBrowser = true, Source = Normalised.Source with { DropBots = false } }).Json);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", false)]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", false)]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36", false)]
    [InlineData("curl/8.5.0", false)]
    [InlineData("analytics-node-next/latest", false)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36", true)]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", true)]
    [InlineData("facebookexternalhit/1.1", true)]
    [InlineData("Mozilla/5.0 (compatible; YandexBot/3.0)", true)]
    [InlineData("Mozilla/5.0 (compatible; AhrefsBot/7.0)", true)]
    public void Robots_name_themselves(string userAgent, bool isBot) => Assert.Equal(isBot, Bots.Sent(userAgent));

    [Fact]
    public void A_page_is_completed_from_its_context_its_url_and_the_call()
    {
        var properties = Normalised.Of("""
            {"type":"page","name":"Home","category":"Docs","anonymousId":"a","properties":{"url":"https://x.example/pricing?a=1#top","title":"Mine"},
             "context":{"page":{"title":"Theirs","referrer":"https://r.example/","path":"/context"}}}
            """).Event.Properties;

        Assert.Equal("Mine", properties.GetProperty("title").GetString());
        Assert.Equal("https://r.example/", properties.GetProperty("referrer").GetString());
        Assert.Equal("/context", properties.GetProperty("path").GetString());
        Assert.Equal("?a=1", properties.GetProperty("search").GetString());
        Assert.Equal("Home", properties.GetProperty("name").GetString());
        Assert.Equal("Docs", properties.GetProperty("category").GetString());
    }

    [Theory]
    [InlineData("https://x.example", "/", null)]
    [InlineData("https://x.example?a=1", "/", "?a=1")]
    [InlineData("https://x.example/p#f?x", "/p", null)]
    [InlineData("/p?q=1#f", "/p", "?q=1")]
    [InlineData("p", null, null)]
    public void A_url_has_a_path_and_maybe_a_search(string url, string? path, string? search) =>
        Assert.Equal((path, search), PageProperties.PathAndSearch(url));

    [Fact]
    public void Traits_are_taken_from_the_context_when_the_identify_has_none()
    {
        var traits = Normalised.Of("""{"type":"identify","userId":"u","context":{"traits":{"plan":"pro"}}}""").Event.Traits;

        Assert.Equal("pro", traits.GetProperty("plan").GetString());
    }

    [Theory]
    [InlineData("""{"type":"identify","userId":"u","traits":{"a":1,"email":" Sp1@Example.COM ","b":{"c":[2]}}}""", """{"a":1,"email":"Sp1@example.com","b":{"c":[2]}}""")]
    [InlineData("""{"type":"identify","context":{"traits":{"email":"ann@bücher.example"}}}""", """{"email":"ann@xn--bcher-kva.example"}""")]
    [InlineData("""{"type":"group","userId":"u","groupId":"g","traits":{"email":"Office@ACME.example"}}""", """{"email":"Office@acme.example"}""")]
    [InlineData("""{"type":"identify","userId":"u","traits":{"email":" nobody "}}""", """{"email":" nobody "}""")]
    [InlineData("""{"type":"identify","userId":"u","traits":{"email":7}}""", """{"email":7}""")]
    public void An_address_is_normalised_as_it_arrives(string json, string traits) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(traits).RootElement, Normalised.Of(json).Event.Traits));

    [Fact]
    public void An_event_with_a_time_but_no_id_has_the_same_id_whenever_it_is_sent()
    {
        const string Event = """{"type":"track","event":"x","userId":"u","timestamp":"2026-11-21T10:00:00Z","sentAt":"2026-11-21T10:00:01Z"}""";
        var first = Normalised.Of(Event).Event.Id;
        var again = Normalised.Of(Event.Replace("10:00:01", "10:07:00"), Normalised.Facts() with { Id = Guid.NewGuid(), ReceivedAt = Normalised.Now.AddMinutes(7) }).Event.Id;

        Assert.Equal(first, again);
        Assert.NotEqual(first, Normalised.Of(Event.Replace("\"x\"", "\"y\"")).Event.Id);
        Assert.NotEqual(first, Normalised.Of(Event, Normalised.Facts(Normalised.Source with { Id = "other" })).Event.Id);
        Assert.True(first.Length <= IngestLimits.MessageId);
    }

    [Fact]
    public void An_event_with_neither_happens_as_often_as_it_arrives()
    {
        const string Event = """{"type":"track","event":"x","userId":"u"}""";
        var both = Normalised.Of($$"""{"batch":[{{Event}},{{Event}}]}""").Events;

        Assert.Equal(2, both.Select(e => e.Id).Distinct().Count());
        Assert.Equal(Normalised.Now, both[0].At);
    }

    [Fact]
    public void What_is_written_reads_back_as_it_was_meant()
    {
        var json = """{"type":"track","event":" Ordér ","userId":"ü","messageId":"m","properties":{"a":"<&>\u2028","n":1.50,"deep":{"x":[1,{"y":null}]}}}""";
        var e = Normalised.Of(json).Event;

        Assert.Equal(("m", EventType.Track, "Ordér", "ü", "default"), (e.Id, e.Type, e.Name, e.UserId, e.Source));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement.GetProperty("properties"), e.Properties));
        Assert.Equal(JsonValueKind.Undefined, e.Traits.ValueKind);
    }
}
