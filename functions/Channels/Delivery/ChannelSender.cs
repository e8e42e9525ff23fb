using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using LeadFunctions.Integrations;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Mail;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Outbound;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Channels.Delivery;

/// <summary>
/// Posts messages to gateways, signed after Standard Webhooks. The same send id has the same <c>webhook-id</c>, by which a gateway takes a message once; so what is unknown is simply tried again.
/// </summary>
public sealed class ChannelSender : IGateways, IDisposable
{
    private const int AnswerLimit = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ChannelStore _channels;
    private readonly TargetStates _states;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public ChannelSender(ChannelStore channels, TargetStates states, IOptions<JourneysOptions> journeys, TimeProvider time)
    {
        (_channels, _states, _time) = (channels, states, time);
        _client = new HttpClient(WebhookConnections.Create(journeys.Value.AllowPrivateWebhooks).CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Whether messages of this kind go to a gateway.</summary>
    public bool Serves(string channel) => _channels.Find(channel) is not null;

    public async Task<MailOutcome> CarryAsync(ChannelMessage message, CancellationToken cancellationToken) => (await SendAsync(message, cancellationToken)).Outcome;

    /// <summary>Does not throw for what a gateway may answer or fail to: that is the outcome.</summary>
    /// <param name="cancellationToken">Heard until the message is on its way; from then on its end is waited for.</param>
    internal async Task<ChannelAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        if (_channels.Find(message.Channel) is not { } channel)
        {
            return new(new MailOutcome.Deferred($"There is no channel \"{message.Channel}\"."));
        }

        var state = await _states.ReadAsync(ChannelStore.TargetOf(message.Channel), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return state.Secret is { } secret
            ? await PostAsync(_client, channel.Url, message, secret, _time.GetUtcNow(), Patience)
            : new(new MailOutcome.Deferred($"The channel \"{message.Channel}\" has no secret yet: nothing goes out unsigned."));
    }

    internal static async Task<ChannelAnswer> PostAsync(HttpClient client, Uri url, ChannelMessage message, WebhookSecret secret, DateTimeOffset now, TimeSpan patience)
    {
        // Gateways refuse what is minutes old by a real clock, whatever this app's shows.
        var sentAt = TimeProvider.System.GetUtcNow();
        var id = $"msg_{SendIds.Short(message.SendId)}";
        var body = JsonSerializer.Serialize(ChannelCall.Of(message), WebJson.Options);
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        request.Headers.UserAgent.ParseAdd("LeadFunctions");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", $"{sentAt.ToUnixTimeSeconds()}");
        request.Headers.Add("webhook-signature", secret.Sign(id, sentAt, body, now));
        request.Headers.Add("Idempotency-Key", id);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            var answer = await ReadAsync(response, limit.Token);
            var until = RetryAfter.Of(response.Headers.TryGetValues("Retry-After", out var values) ? values.First() : null, now, sentAt);
            return new(ChannelVerdict.Of(status, answer, until), status, answer);
        }
        catch (HttpRequestException unreachable) when (unreachable.InnerException is PrivateAddressException or SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TryAgain or SocketError.NoData } || unreachable.HttpRequestError is HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError)
        {
            return new(new MailOutcome.Deferred(unreachable.InnerException is PrivateAddressException ? "The gateway's address is private." : "The gateway cannot be reached."));
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(new MailOutcome.Unknown("The gateway did not answer."));
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Null for what is no JSON, or too much: an answer's status says what counts.</summary>
    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[AnswerLimit];
            var length = await stream.ReadAtLeastAsync(buffer, AnswerLimit, throwOnEndOfStream: false, cancellationToken);
            Surrogates.Mend(buffer.AsSpan(0, length));
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            return json.RootElement.Clone();
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}

/// <summary>What a gateway is sent, in the shape that Standard Webhooks recommend.</summary>
internal sealed record ChannelCall(string Type, DateTimeOffset Timestamp, ChannelCallData Data)
{
    public static ChannelCall Of(ChannelMessage message) => new("message.send", message.At, new(
        message.SendId, message.Channel, message.LeadId, message.To, message.Text, message.Subject, message.Origin?.Template, message.Origin?.Topic, message.Origin?.Journey, message.Origin?.Run, message.Origin?.Step, message.Origin?.Campaign, message.Data));
}

internal sealed record ChannelCallData(
    string Id, string Channel, string LeadId, string To, string Text, string? Subject, string? Template, string? Topic, string? Journey, string? Run, string? Step, string? Campaign, JsonElement? Data);
