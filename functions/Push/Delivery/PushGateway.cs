using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LeadFunctions.Channels;
using LeadFunctions.Events;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Mail;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Outbound;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;

namespace LeadFunctions.Push.Delivery;

/// <summary>
/// Tells a lead's browsers something (Web Push, RFC 8030 and 8291). The same send again bears the same topic and tag, under which a push service and a browser show one message: so what is unknown is tried again.
/// </summary>
public sealed class PushGateway : IGateways, IDisposable
{
    public const string Channel = "webpush";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PushOptions _options;
    private readonly LeadReader _leads;
    private readonly LeadTeller _teller;
    private readonly MessageLinks _links;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly VapidAuthentication? _vapid;

    public PushGateway(PushOptions options, LeadReader leads, LeadTeller teller, MessageLinks links, TimeProvider time)
        : this(options, leads, teller, links, time, WebhookConnections.Create(allowsPrivate: false).CreateHandler())
    {
    }

    internal PushGateway(PushOptions options, LeadReader leads, LeadTeller teller, MessageLinks links, TimeProvider time, HttpMessageHandler handler)
    {
        (_options, _leads, _teller, _links, _time) = (options, leads, teller, links, time);
        _client = new HttpClient(handler) { Timeout = Patience };
        _vapid = options.AreSet ? new VapidAuthentication(options.PublicKey, options.PrivateKey) { Subject = options.Subject } : null;
    }

    public bool Serves(string channel) => channel == Channel && _options.AreSet;

    public async Task<MailOutcome> CarryAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        // As it is now: a browser may have come or gone since the message was put together.
        var browsers = await _leads.FindAsync(message.LeadId, cancellationToken) is { } lead ? BrowserSubscriptions.Of(lead.Whole) : [];
        var links = await _links.ForAsync(new SendContext(message.SendId, message.LeadId, message.At, Channel, message.Origin?.Topic), cancellationToken);
        var (content, tag) = (PushText.Of(message, SendIds.Short(message.SendId), url => links.Click(url, 1, 1)), SendIds.Short(message.SendId));
        var answers = await Task.WhenAll(browsers.Select(browser => TellAsync(browser, content, tag)));
        var gone = browsers.Where((_, index) => answers[index] is MailOutcome.Rejected { IsAddress: true }).ToList();
        if (gone.Count > 0)
        {
            await ForgetAsync(message, gone, cancellationToken);
        }

        // One browser that has it is enough: the others' answers are no reason to tell it again.
        return answers.OfType<MailOutcome.Accepted>().FirstOrDefault() ?? answers.OfType<MailOutcome.Deferred>().FirstOrDefault() ?? answers.OfType<MailOutcome.Unknown>().FirstOrDefault()
            ?? answers.FirstOrDefault() ?? new MailOutcome.Rejected("No browser of the lead can be reached any more.", IsAddress: true);
    }

    public void Dispose()
    {
        _client.Dispose();
        _vapid?.Dispose();
    }

    /// <summary>To one browser. Does not throw for what a push service may answer or fail to.</summary>
    internal async Task<MailOutcome> TellAsync(BrowserSubscription browser, string content, string tag)
    {
        var subscription = new PushSubscription { Endpoint = browser.Endpoint.AbsoluteUri };
        subscription.SetKey(PushEncryptionKeyName.P256DH, browser.Key);
        subscription.SetKey(PushEncryptionKeyName.Auth, browser.Secret);
        var service = new PushServiceClient(_client) { AutoRetryAfter = false };
        try
        {
            await service.RequestPushMessageDeliveryAsync(subscription, new PushMessage(content) { Topic = tag, Urgency = PushMessageUrgency.Normal, TimeToLive = (int)TimeSpan.FromDays(1).TotalSeconds }, _vapid!); // it serves only with one
            return new MailOutcome.Accepted();
        }
        catch (PushServiceClientException refused)
        {
            var until = RetryAfter.Of(refused.Headers?.TryGetValues("Retry-After", out var values) == true ? values.First() : null, _time.GetUtcNow(), TimeProvider.System.GetUtcNow());
            return refused.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => new MailOutcome.Rejected("The browser cannot be reached any more.", $"{(int)refused.StatusCode}", IsAddress: true),
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => new MailOutcome.Rejected($"The push service answered {(int)refused.StatusCode}.", $"{(int)refused.StatusCode}"),
                _ => new MailOutcome.Deferred($"The push service answered {(int)refused.StatusCode}.", until),
            };
        }
        catch (HttpRequestException unreachable) when (unreachable.InnerException is PrivateAddressException or SocketException)
        {
            return new MailOutcome.Deferred("The push service cannot be reached.");
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return new MailOutcome.Unknown("The push service did not answer.");
        }
        catch (Exception unusable) when (unusable is System.Security.Cryptography.CryptographicException or ArgumentException or FormatException)
        {
            // A key that is no point of the curve: whoever made it up cannot be reached by it.
            return new MailOutcome.Rejected("The browser's key is none.", IsAddress: true);
        }
    }

    private async Task ForgetAsync(ChannelMessage message, IReadOnlyList<BrowserSubscription> gone, CancellationToken cancellationToken)
    {
        LeadEvent[] events = [.. gone.Select(browser => new LeadEvent
        {
            Id = $"push-gone-{StableHash.Text($"{message.SendId} {browser.Endpoint}")}",
            Type = EventType.Track,
            Name = BrowserSubscriptions.Unsubscribed,
            At = _time.GetUtcNow(),
            LeadId = message.LeadId,
            Source = LeadEvent.Inside,
            Properties = JsonSerializer.SerializeToElement(new { endpoint = browser.Endpoint.AbsoluteUri }),
        })];
        await _teller.TellAsync(StableHash.Text(events[0].Id), events, cancellationToken);
    }
}
