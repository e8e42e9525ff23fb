using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using LeadFunctions.Channels;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging;
using LeadFunctions.Push;
using LeadFunctions.Push.Delivery;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Push;

/// <summary>Browsers that a lead let itself be told things in.</summary>
public sealed class PushTests
{
    private const string Endpoint = "https://fcm.googleapis.com/fcm/send/abc:def_-1";
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ECDiffieHellman Browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private static readonly string Key = Point(Browser.ExportParameters(false).Q);
    private static readonly string Secret = System.Buffers.Text.Base64Url.EncodeToString(new byte[16]);

    [Theory]
    [InlineData(Endpoint, true)]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/x", true)]
    [InlineData("https://wns2-am3p.notify.windows.com/w/?token=x", true)]
    [InlineData("https://web.push.apple.com/x", true)]
    [InlineData("http://fcm.googleapis.com/x", false)]
    [InlineData("https://fcm.googleapis.com:8443/x", false)]
    [InlineData("https://user@fcm.googleapis.com/x", false)]
    [InlineData("https://fcm.googleapis.com.evil.example/x", false)]
    [InlineData("https://evilpush.apple.com/x", false)]
    [InlineData("https://169.254.169.254/x", false)]
    [InlineData("https://localhost/x", false)]
    [InlineData("not an address", false)]
    public void Only_push_services_that_there_are_can_be_named(string endpoint, bool isOne) => Assert.Equal(isOne, BrowserSubscription.Of(endpoint, Key, Secret) is not null);

    [Fact]
    public void Keys_of_another_length_are_none()
    {
        Assert.Null(BrowserSubscription.Of(Endpoint, Key[..^2], Secret));
        Assert.Null(BrowserSubscription.Of(Endpoint, Key, "short"));
        Assert.Null(BrowserSubscription.Of(Endpoint, null, Secret));
    }

    [Fact]
    public void A_lead_keeps_its_browsers_whatever_the_order_shows_them_to_nobody_and_loses_those_that_leave()
    {
        LeadEvent[] events = [Event("Push Subscribed", Endpoint, 0), Event("Push Subscribed", "https://web.push.apple.com/other", 1), Event("Push Unsubscribed", Endpoint, 2), Event("Push Subscribed", "https://evil.example/x", 3)];

        foreach (var order in new[] { events, [.. Enumerable.Reverse(events)] })
        {
            var lead = new LeadRecord();
            Assert.All(order, e => Assert.Null(BrowserSubscriptions.Apply(lead.Traits, e)));
            Assert.Equal(["https://web.push.apple.com/other"], BrowserSubscriptions.Of(lead).Select(browser => browser.Endpoint.AbsoluteUri));
            Assert.Equal("browsers: 1", Addresses.Of("webpush", lead));
        }

        Assert.Equal("""{"service":"fcm.googleapis.com"}""", BrowserSubscriptions.Shown(events[0]).GetRawText());
        var stranger = new LeadRecord();
        stranger.Traits.SetAll(JsonElement.Parse($$"""{"$push":{"0":"{{Endpoint}} {{Key}} {{Secret}}"} }"""), "", 0); // a client's own
        Assert.Empty(Addresses.Of("webpush", stranger));
    }

    [Theory]
    [InlineData(HttpStatusCode.Created, "Accepted")]
    [InlineData(HttpStatusCode.Gone, "Rejected address")]
    [InlineData(HttpStatusCode.NotFound, "Rejected address")]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, "Rejected")]
    [InlineData(HttpStatusCode.TooManyRequests, "Deferred")]
    [InlineData(HttpStatusCode.Forbidden, "Deferred")]
    [InlineData(HttpStatusCode.BadGateway, "Deferred")]
    public async Task What_the_push_service_answers_counts_and_it_reads_nothing_of_the_message(HttpStatusCode status, string outcome)
    {
        using var service = new Service(status);
        using var gateway = new PushGateway(Options(), null!, null!, null!, TimeProvider.System, service); // of none of which telling one browser knows

        var told = await gateway.TellAsync(BrowserSubscription.Of(Endpoint, Key, Secret)!, "secret words", "tag-1"); // it is one

        Assert.Equal(outcome, told switch { MailOutcome.Rejected { IsAddress: true } => "Rejected address", _ => told.GetType().Name });
        Assert.Equal(Endpoint, service.Asked!.RequestUri!.AbsoluteUri); // it was asked
        Assert.Equal("tag-1", service.Asked.Headers.GetValues("Topic").Single());
        Assert.StartsWith("vapid t=", service.Asked.Headers.Authorization!.ToString(), StringComparison.OrdinalIgnoreCase); // likewise
        Assert.False(service.Body.AsSpan().IndexOf("secret"u8) >= 0);
    }

    /// <summary>By the library that others' browsers are tested with.</summary>
    [Fact]
    public async Task The_browser_that_it_is_for_reads_what_was_sent()
    {
        using var service = new Service(HttpStatusCode.Created);
        using var gateway = new PushGateway(Options(), null!, null!, null!, TimeProvider.System, service); // as above
        var message = new ChannelMessage("s1", "webpush", "lead", "browsers: 1", "Снова в продаже", "Zażółć gęślą jaźń", Now, JsonElement.Parse("""{"url":"https://shop.example/p"}"""));
        var said = PushText.Of(message, "tag", url => url);

        await gateway.TellAsync(BrowserSubscription.Of(Endpoint, Key, Secret)!, said, "tag"); // it is one

        Assert.Equal("aes128gcm", service.Asked!.Content!.Headers.ContentEncoding.Single()); // it was asked, with a message
        var start = new ProcessStartInfo("node", [Path.Combine(await NodePackages.EnsureAsync("tests/clients"), "read-push.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var reader = Process.Start(start)!; // it is started anew
        await reader.StandardInput.WriteAsync(JsonSerializer.Serialize(new { body = Convert.ToBase64String(service.Body), privateKey = System.Buffers.Text.Base64Url.EncodeToString(Browser.ExportParameters(true).D), authSecret = Secret }));
        reader.StandardInput.Close();
        Assert.Equal(said, await reader.StandardOutput.ReadToEndAsync());
        Assert.Equal("""{"title":"Снова в продаже","body":"Zażółć gęślą jaźń","tag":"tag","url":"https://shop.example/p"}""", said);
    }

    [Fact]
    public async Task A_key_that_is_no_point_of_the_curve_is_a_browser_that_is_gone()
    {
        using var service = new Service(HttpStatusCode.Created);
        using var gateway = new PushGateway(Options(), null!, null!, null!, TimeProvider.System, service); // as above

        var told = await gateway.TellAsync(BrowserSubscription.Of(Endpoint, System.Buffers.Text.Base64Url.EncodeToString([4, .. new byte[64]]), Secret)!, "x", "t"); // as above

        Assert.True(told is MailOutcome.Rejected { IsAddress: true }, $"{told}");
    }

    [Fact]
    public void A_message_is_its_template_cut_to_what_browsers_take_with_a_counted_link()
    {
        var message = new ChannelMessage("s1", "webpush", "lead", "browsers: 1", "Back in stock", new string('x', 5_000), Now, JsonElement.Parse("""{"url":"https://shop.example/p","icon":"javascript:x"}"""));

        using var json = JsonDocument.Parse(PushText.Of(message, "tag", url => $"https://app.example/e/c/{url.Length}"));

        Assert.Equal(("Back in stock", "https://app.example/e/c/22", "tag"), (json.RootElement.GetProperty("title").GetString(), json.RootElement.GetProperty("url").GetString(), json.RootElement.GetProperty("tag").GetString()));
        Assert.True(json.RootElement.GetRawText().Length < 3_000);
        Assert.False(json.RootElement.TryGetProperty("icon", out _));
    }

    [Fact]
    public void Keys_that_do_not_belong_together_are_told_at_the_start()
    {
        var (right, other) = (Options(), Options());
        var check = new PushOptionsCheck();

        Assert.True(check.Validate(null, right).Succeeded);
        Assert.True(check.Validate(null, new()).Succeeded);
        Assert.True(check.Validate(null, new() { PublicKey = right.PublicKey, PrivateKey = other.PrivateKey, Subject = right.Subject }).Failed);
        Assert.True(check.Validate(null, new() { PublicKey = right.PublicKey, PrivateKey = right.PrivateKey, Subject = "me" }).Failed);
        Assert.True(check.Validate(null, new() { PublicKey = "x", PrivateKey = "y", Subject = right.Subject }).Failed);
    }

    private static LeadEvent Event(string name, string endpoint, int minutes) => new()
    {
        Id = $"{name} {minutes}",
        Type = EventType.Track,
        Name = name,
        At = Now.AddMinutes(minutes),
        Properties = JsonSerializer.SerializeToElement(new { endpoint, p256dh = Key, auth = Secret }),
    };

    private static PushOptions Options()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var all = key.ExportParameters(true);
        return new() { PublicKey = Point(all.Q), PrivateKey = System.Buffers.Text.Base64Url.EncodeToString(all.D), Subject = "mailto:push@shop.example" };
    }

    private static string Point(ECPoint point) => System.Buffers.Text.Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]); // a key has both

    private sealed class Service(HttpStatusCode status) : HttpMessageHandler
    {
        public HttpRequestMessage? Asked { get; private set; }

        public byte[] Body { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Asked, Body) = (request, await request.Content!.ReadAsByteArrayAsync(cancellationToken)); // a message has one
            return new(status) { Content = new StringContent("") };
        }
    }
}
