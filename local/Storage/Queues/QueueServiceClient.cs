#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using Azure.Core;
using Azure.Storage.Queues.Models;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Storage.Queues;

/// <summary>The queue service of one account: makes, lists and deletes queues, and hands out their clients. Thread-safe; make one and share it.</summary>
public class QueueServiceClient
{
    private readonly QueueEndpoint _endpoint;

    /// <summary>For tests that derive from it.</summary>
    protected QueueServiceClient()
    {
    }

    public QueueServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <param name="connectionString">With an account key, a SAS, or <c>UseDevelopmentStorage=true</c>.</param>
    /// <param name="options">Null for the defaults.</param>
    public QueueServiceClient(string connectionString, QueueClientOptions options) =>
        _endpoint = QueueEndpoint.FromConnectionString(connectionString, options);

    /// <param name="serviceUri">The service's address, with a SAS in its query.</param>
    /// <param name="options">Null for the defaults.</param>
    public QueueServiceClient(Uri serviceUri, QueueClientOptions options = null) => _endpoint = QueueEndpoint.FromUri(serviceUri, options);

    public QueueServiceClient(Uri serviceUri, StorageSharedKeyCredential credential, QueueClientOptions options = null) =>
        _endpoint = QueueEndpoint.FromUri(serviceUri, credential, options);

    public QueueServiceClient(Uri serviceUri, AzureSasCredential credential, QueueClientOptions options = null) =>
        _endpoint = QueueEndpoint.FromUri(serviceUri, credential, options);

    /// <param name="serviceUri">https.</param>
    /// <param name="credential">Gives tokens for storage.</param>
    /// <param name="options">Null for the defaults.</param>
    public QueueServiceClient(Uri serviceUri, TokenCredential credential, QueueClientOptions options = null) =>
        _endpoint = QueueEndpoint.FromUri(serviceUri, credential, options);

    public virtual Uri Uri => _endpoint.Uri;

    public virtual string AccountName => _endpoint.AccountName;

    public virtual QueueClient GetQueueClient(string queueName) => new(_endpoint, queueName);

    /// <exception cref="RequestFailedException">409 QueueAlreadyExists with other metadata, QueueBeingDeleted.</exception>
    public virtual async Task<Response<QueueClient>> CreateQueueAsync(
        string queueName, IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default)
    {
        var queue = GetQueueClient(queueName);
        return Response.FromValue(queue, await queue.CreateAsync(metadata, cancellationToken));
    }

    /// <exception cref="RequestFailedException">404 QueueNotFound.</exception>
    public virtual Task<Response> DeleteQueueAsync(string queueName, CancellationToken cancellationToken = default) =>
        GetQueueClient(queueName).DeleteAsync(cancellationToken);

    public virtual AsyncPageable<QueueItem> GetQueuesAsync(
        QueueTraits traits = QueueTraits.None, string prefix = null, CancellationToken cancellationToken = default) =>
        new PagesOf<QueueItem>(
            async (continuationToken, hint, cancellation) =>
            {
                var query = "comp=list"
                    + (traits.HasFlag(QueueTraits.Metadata) ? "&include=metadata" : "")
                    + (string.IsNullOrEmpty(prefix) ? "" : "&prefix=" + Uri.EscapeDataString(prefix))
                    + (string.IsNullOrEmpty(continuationToken) ? "" : "&marker=" + Uri.EscapeDataString(continuationToken))
                    + (hint is { } size ? "&maxresults=" + size : "");
                var message = _endpoint.Calls.Message(RequestMethod.Get, _endpoint.Address("/", query));
                var response = await _endpoint.Calls.SendAsync("QueueServiceClient.GetQueues", message, cancellation);
                var (queues, next) = QueueXml.Queues(response);
                return Page<QueueItem>.FromValues(queues, next, response);
            },
            cancellationToken);
}
