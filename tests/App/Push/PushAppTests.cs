using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using LeadFunctions.Channels;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Push;
using LeadFunctions.Push.Delivery;
using LeadFunctions.Tests.Leads;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Push;

/// <summary>A lead's browsers, as the app knows them, and push services that have let some of them go.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class PushAppTests(SharedLeadApp shared)
{
    // Each in a place of its own among the eight that a lead has.
    private const string Stays = "https://fcm.googleapis.com/fcm/send/stays", Gone = "https://updates.push.services.mozilla.com/wpush/v2/gone-1", Unknown = "https://web.push.apple.com/unknown";

    [Fact]
    public async Task Browsers_that_a_push_service_has_let_go_are_forgotten_and_not_asked_again()
    {
        await using var app = shared.Borrow();
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = browser.ExportParameters(false).Q;
        var (key, secret) = (System.Buffers.Text.Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]), System.Buffers.Text.Base64Url.EncodeToString(new byte[16])); // a key has both
        await app.ApplyAsync(
            LeadEvents.Identify("push-who", 1, "pia.push", traits: new { email = "pia.push@example.com" }),
            Subscribed(Stays, 2), Subscribed(Gone, 3), Subscribed(Unknown, 4));
        var lead = (string)(await app.FindAsync("userId=pia.push"))!["id"]!; // just made
        using var service = new Services(new() { [Stays] = HttpStatusCode.Created, [Gone] = HttpStatusCode.Gone, [Unknown] = HttpStatusCode.NotFound });
        var services = app.App.NewServices();
        await Task.WhenAll(services.GetServices<IFreshness>().Select(one => one.FreshAsync(CancellationToken.None).AsTask()));
        using var gateway = new PushGateway(
            Options(), services.GetRequiredService<LeadReader>(), services.GetRequiredService<LeadTeller>(), services.GetRequiredService<MessageLinks>(), TimeProvider.System, service);

        Assert.IsType<MailOutcome.Accepted>(await gateway.CarryAsync(Message("push-1"), CancellationToken.None)); // one has it
        Assert.Equal(new[] { Stays, Gone, Unknown }.Order(), service.Asked.Order());
        service.Asked.Clear();
        Assert.IsType<MailOutcome.Accepted>(await gateway.CarryAsync(Message("push-2"), CancellationToken.None));
        Assert.Equal([Stays], service.Asked);

        service.Answers[Stays] = HttpStatusCode.Gone;
        Assert.True(await gateway.CarryAsync(Message("push-3"), CancellationToken.None) is MailOutcome.Rejected { IsAddress: true });
        service.Asked.Clear();
        Assert.True(await gateway.CarryAsync(Message("push-4"), CancellationToken.None) is MailOutcome.Rejected { IsAddress: true }); // nobody is left to be asked
        Assert.Empty(service.Asked);
        Assert.Equal(3, (await app.TimelineAsync(lead)).Count(e => (string)e["name"]! == BrowserSubscriptions.Unsubscribed)); // each has one

        LeadFunctions.Events.LeadEvent Subscribed(string endpoint, int minute) => LeadEvents.Track($"push-{endpoint}", BrowserSubscriptions.Subscribed, minute, "pia.push", properties: new { endpoint, p256dh = key, auth = secret });

        ChannelMessage Message(string id) => new(id, PushGateway.Channel, lead, "browsers", "Back in stock", "It is back.", LeadEvents.Start, null);
    }

    private static PushOptions Options()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var all = key.ExportParameters(true);
        return new() { PublicKey = System.Buffers.Text.Base64Url.EncodeToString([4, .. all.Q.X!, .. all.Q.Y!]), PrivateKey = System.Buffers.Text.Base64Url.EncodeToString(all.D), Subject = "mailto:push@shop.example" }; // a key has both
    }

    private sealed class Services(Dictionary<string, HttpStatusCode> answers) : HttpMessageHandler
    {
        public Dictionary<string, HttpStatusCode> Answers { get; } = answers;

        public ConcurrentBag<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri); // every request has one
            return Task.FromResult(new HttpResponseMessage(Answers[request.RequestUri.AbsoluteUri]) { Content = new StringContent("") });
        }
    }
}
