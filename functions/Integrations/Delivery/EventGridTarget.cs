using System.Collections.Frozen;
using System.Diagnostics;
using Azure;
using Azure.Identity;
using Azure.Messaging;
using Azure.Messaging.EventGrid;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>The Event Grid topic: it is told everything, in the same lanes and with the same patience as a webhook. Who wants less subscribes to less there.</summary>
internal sealed class EventGridTarget(EventGridPublisherClient client) : ITarget
{
    /// <summary>No webhook may bear it.</summary>
    public const string TargetId = "event-grid";

    public static readonly IReadOnlySet<string> Heard = HappeningTypes.All.ToFrozenSet();

    public string Id => TargetId;

    public bool Wants(WorldEvent e) => true;

    public async Task<Attempt> SendAsync(string eventId, string body, WebhookSecret? secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            // The client's own exceptions say all there is; of a topic nothing is gone for ever.
            using var response = await client.SendEventAsync(CloudEvent.Parse(BinaryData.FromString(body)), cancellationToken);
            return Tried(response.Status, null);
        }
        catch (RequestFailedException refused)
        {
            return Tried(refused.Status == 0 ? null : refused.Status, refused.Status == 0 ? "The topic cannot be reached." : $"The topic answered {refused.Status} ({refused.ErrorCode}).");
        }
        catch (AuthenticationFailedException)
        {
            return Tried(null, "The app's identity got no token for the topic.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Tried(null, "The topic did not answer in time.");
        }

        Attempt Tried(int? status, string? error) => new(now, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, status, error);
    }
}
