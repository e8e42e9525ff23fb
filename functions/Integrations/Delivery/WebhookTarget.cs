using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using LeadFunctions.Platform.Outbound;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>A webhook: signed after Standard Webhooks, a CloudEvent in structured mode.</summary>
internal sealed class WebhookTarget(Webhook webhook, HttpClient client) : ITarget
{
    /// <summary>After that there was no answer: the other side may have heard it all the same, and then hears it again under the same id.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const string ContentType = "application/cloudevents+json";

    public string Id => webhook.Id;

    public bool Wants(WorldEvent e) => webhook.Wants(e);

    public async Task<Attempt> SendAsync(string eventId, string body, WebhookSecret? secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType, "utf-8") } },
        };
        request.Headers.UserAgent.ParseAdd("LeadFunctions");

        // Receivers refuse what is minutes old by a real clock, whatever this app's shows.
        var sentAt = TimeProvider.System.GetUtcNow();
        request.Headers.Add("webhook-id", eventId);
        request.Headers.Add("webhook-timestamp", $"{sentAt.ToUnixTimeSeconds()}");
        if (secret is not null)
        {
            request.Headers.Add("webhook-signature", secret.Sign(eventId, sentAt, body, now));
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            return Tried(status, status switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 => $"It answered {status}: it redirects, which is not followed.",
                410 => "It answered 410: it is gone.",
                _ => $"It answered {status}.",
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Tried(null, $"It did not answer within {Patience.TotalSeconds} s.");
        }
        catch (HttpRequestException unreachable)
        {
            return Tried(null, unreachable.InnerException switch
            {
                PrivateAddressException => "Its address is private.",
                SocketException socket => $"It cannot be reached: {socket.SocketErrorCode}.",
                _ => $"It cannot be reached: {unreachable.HttpRequestError}.",
            });
        }

        Attempt Tried(int? status, string? error) => new(now, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, status, error);
    }
}
