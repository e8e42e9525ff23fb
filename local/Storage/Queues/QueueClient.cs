#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using System.Globalization;
using Azure.Core;
using Azure.Storage.Queues.Models;

namespace Azure.Storage.Queues;

/// <summary>One queue. Thread-safe; make one and share it.</summary>
public partial class QueueClient
{
    private readonly QueueEndpoint _endpoint;
    private readonly string _resource;

    /// <summary>For tests that derive from it.</summary>
    protected QueueClient()
    {
    }

    public QueueClient(string connectionString, string queueName)
        : this(connectionString, queueName, null)
    {
    }

    /// <param name="connectionString">With an account key, a SAS, or <c>UseDevelopmentStorage=true</c>.</param>
    /// <param name="queueName">The queue; it need not exist yet.</param>
    /// <param name="options">Null for the defaults.</param>
    public QueueClient(string connectionString, string queueName, QueueClientOptions options)
        : this(QueueEndpoint.FromConnectionString(connectionString, options), queueName)
    {
    }

    /// <param name="queueUri">The queue's address, with a SAS in its query.</param>
    /// <param name="options">Null for the defaults.</param>
    public QueueClient(Uri queueUri, QueueClientOptions options = null)
        : this(QueueEndpoint.FromUri(QueueEndpoint.ServiceOf(queueUri), options), QueueOf(queueUri))
    {
    }

    public QueueClient(Uri queueUri, StorageSharedKeyCredential credential, QueueClientOptions options = null)
        : this(QueueEndpoint.FromUri(QueueEndpoint.ServiceOf(queueUri), credential, options), QueueOf(queueUri))
    {
    }

    public QueueClient(Uri queueUri, AzureSasCredential credential, QueueClientOptions options = null)
        : this(QueueEndpoint.FromUri(QueueEndpoint.ServiceOf(queueUri), credential, options), QueueOf(queueUri))
    {
    }

    /// <param name="queueUri">The queue's address; https.</param>
    /// <param name="credential">Gives tokens for storage.</param>
    /// <param name="options">Null for the defaults.</param>
    public QueueClient(Uri queueUri, TokenCredential credential, QueueClientOptions options = null)
        : this(QueueEndpoint.FromUri(QueueEndpoint.ServiceOf(queueUri), credential, options), QueueOf(queueUri))
    {
    }

    internal QueueClient(QueueEndpoint endpoint, string queueName)
    {
        ArgumentException.ThrowIfNullOrEmpty(queueName);
        _endpoint = endpoint;
        Name = queueName;
        _resource = "/" + Uri.EscapeDataString(queueName);
    }

    public virtual Uri Uri => new(_endpoint.Address(_resource));

    public virtual string AccountName => _endpoint.AccountName;

    public virtual string Name { get; }

    public virtual int MaxPeekableMessages => 32;

    /// <summary>What one message may hold, in bytes, after encoding.</summary>
    public virtual int MessageMaxBytes => 64 * 1024;

    /// <summary>Makes the queue; 204 when it is there with the same metadata.</summary>
    /// <exception cref="RequestFailedException">409 QueueAlreadyExists with other metadata, QueueBeingDeleted.</exception>
    public virtual Task<Response> CreateAsync(IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default) =>
        _endpoint.Calls.SendAsync("QueueClient.Create", WithMetadata(RequestMethod.Put, "", metadata), cancellationToken);

    /// <summary>Makes the queue if it is not there; null when it is there with other metadata.</summary>
    public virtual async Task<Response> CreateIfNotExistsAsync(IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _endpoint.Calls.SendAsync("QueueClient.CreateIfNotExists", WithMetadata(RequestMethod.Put, "", metadata), cancellationToken);
        }
        catch (RequestFailedException refusal) when (refusal.ErrorCode == "QueueAlreadyExists")
        {
            return null;
        }
    }

    public virtual async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
    {
        var message = Message(RequestMethod.Get, "", "comp=metadata");
        var response = await _endpoint.Calls.SendAsync("QueueClient.Exists", message, cancellationToken, 404);
        return Response.FromValue(response.Status != 404, response);
    }

    /// <exception cref="RequestFailedException">404 QueueNotFound.</exception>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        _endpoint.Calls.SendAsync("QueueClient.Delete", Message(RequestMethod.Delete, ""), cancellationToken);

    public virtual async Task<Response<bool>> DeleteIfExistsAsync(CancellationToken cancellationToken = default)
    {
        var response = await _endpoint.Calls.SendAsync("QueueClient.DeleteIfExists", Message(RequestMethod.Delete, ""), cancellationToken, 404);
        return Response.FromValue(response.Status != 404, response);
    }

    /// <exception cref="RequestFailedException">404 QueueNotFound.</exception>
    public virtual async Task<Response<QueueProperties>> GetPropertiesAsync(CancellationToken cancellationToken = default)
    {
        const string metadataPrefix = "x-ms-meta-";
        var response = await _endpoint.Calls.SendAsync("QueueClient.GetProperties", Message(RequestMethod.Get, "", "comp=metadata"), cancellationToken);
        response.Headers.TryGetValue("x-ms-approximate-messages-count", out var count);
        var properties = new QueueProperties
        {
            ApproximateMessagesCountLong = long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };
        foreach (var header in response.Headers)
        {
            if (header.Name.StartsWith(metadataPrefix, StringComparison.OrdinalIgnoreCase))
            {
                properties.Metadata[header.Name[metadataPrefix.Length..]] = header.Value;
            }
        }

        return Response.FromValue(properties, response);
    }

    /// <summary>Replaces all metadata.</summary>
    public virtual Task<Response> SetMetadataAsync(IDictionary<string, string> metadata, CancellationToken cancellationToken = default) =>
        _endpoint.Calls.SendAsync("QueueClient.SetMetadata", WithMetadata(RequestMethod.Put, "comp=metadata", metadata), cancellationToken);

    /// <summary>Deletes all messages.</summary>
    public virtual Task<Response> ClearMessagesAsync(CancellationToken cancellationToken = default) =>
        _endpoint.Calls.SendAsync("QueueClient.ClearMessages", Message(RequestMethod.Delete, "/messages"), cancellationToken);

    private HttpMessage WithMetadata(RequestMethod method, string query, IDictionary<string, string> metadata)
    {
        var message = Message(method, "", query);
        foreach (var (name, value) in metadata ?? new Dictionary<string, string>())
        {
            message.Request.Headers.SetValue("x-ms-meta-" + name, value);
        }

        return message;
    }

    private HttpMessage Message(RequestMethod method, string below, string query = "") =>
        _endpoint.Calls.Message(method, _endpoint.Address(_resource + below, query));

    private static string QueueOf(Uri queue) => Uri.UnescapeDataString(queue.Segments[^1].TrimEnd('/'));
}
