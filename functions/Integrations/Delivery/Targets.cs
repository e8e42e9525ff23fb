using Azure;
using Azure.Messaging.EventGrid;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Platform.Outbound;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>Somebody who is told what happens.</summary>
internal interface ITarget
{
    string Id { get; }

    bool Wants(WorldEvent e);

    /// <summary>Trouble of the other side is an answer, not an exception.</summary>
    Task<Attempt> SendAsync(string eventId, string body, WebhookSecret? secret, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>All who are told: the webhooks, and the topic where there is one.</summary>
public sealed class Targets : IDisposable
{
    private readonly WebhookStore _webhooks;
    private readonly HttpClient _client;
    private readonly EventGridTarget? _topic;

    public Targets(WebhookStore webhooks, IOptions<JourneysOptions> journeys, IOptions<EventGridOptions> topic, IConfiguration configuration)
    {
        _webhooks = webhooks;
        _client = new HttpClient(WebhookConnections.Create(journeys.Value.AllowPrivateWebhooks).CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        _topic = topic.Value.TopicEndpoint is { Length: > 0 } endpoint ? new(ClientFor(new Uri(endpoint), topic.Value.Key, configuration)) : null;
    }

    internal bool HasTopic => _topic is not null;

    /// <summary>What somebody listens to.</summary>
    internal IReadOnlySet<string> Heard => _topic is null ? _webhooks.Heard : EventGridTarget.Heard;

    internal IEnumerable<ITarget> All => _webhooks.All.Select(webhook => (ITarget)new WebhookTarget(webhook, _client)).Concat(_topic is null ? [] : [_topic]);

    internal ITarget? Find(string id) => id == EventGridTarget.TargetId ? _topic : _webhooks.Find(id) is { } webhook ? new WebhookTarget(webhook, _client) : null;

    internal ITarget For(Webhook webhook) => new WebhookTarget(webhook, _client);

    public void Dispose() => _client.Dispose();

    private static EventGridPublisherClient ClientFor(Uri endpoint, string key, IConfiguration configuration)
    {
        // A lane waits much longer, over restarts, and knows which event is next.
        var options = new EventGridPublisherClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = WebhookTarget.Patience } };
        return key.Length > 0
            ? new(endpoint, new AzureKeyCredential(key), options)
            : new(endpoint, StorageClients.Identity(configuration), options);
    }
}
