using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Storage.Queues;

/// <summary>One account's queue service.</summary>
internal sealed class QueueEndpoint : StorageEndpoint
{
    private static readonly ActivitySource ServiceSpans = new("Azure.Storage.Queues");

    private QueueEndpoint(StorageAccess access, QueueClientOptions options)
        : base(access, new HttpPipelineOptions(options) { RequestFailedDetailsParser = ErrorXml.Parser }, new ServiceHeadersPolicy(options.VersionHeader, "application/xml"), ServiceSpans) =>
        Encoding = options.MessageEncoding;

    public QueueMessageEncoding Encoding { get; }

    public static QueueEndpoint FromConnectionString(string connectionString, QueueClientOptions? options) =>
        new(StorageAccess.Of(connectionString, "queue", (account, key) => new SharedKeyPolicy(new StorageSharedKeyCredential(account, key))), options ?? new());

    public static QueueEndpoint FromUri(Uri service, QueueClientOptions? options) => new(StorageAccess.Of(service), options ?? new());

    public static QueueEndpoint FromUri(Uri service, StorageSharedKeyCredential credential, QueueClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new(new(service, credential.AccountName, Authentication: new SharedKeyPolicy(credential)), options ?? new());
    }

    public static QueueEndpoint FromUri(Uri service, AzureSasCredential credential, QueueClientOptions? options) => new(StorageAccess.Of(service, credential), options ?? new());

    /// <exception cref="ArgumentException">The address is not https: a token must not travel in clear text.</exception>
    public static QueueEndpoint FromUri(Uri service, TokenCredential credential, QueueClientOptions? options)
    {
        var access = StorageAccess.Of(service, credential);
        return service.Scheme == Uri.UriSchemeHttps ? new(access, options ?? new()) : throw new ArgumentException("A token credential needs https.", nameof(service));
    }

    /// <summary>The service that a queue's address belongs to, with the same query.</summary>
    public static Uri ServiceOf(Uri queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var service = new UriBuilder(queue);
        service.Path = service.Path[..(service.Path.TrimEnd('/').LastIndexOf('/') + 1)];
        return service.Uri;
    }
}
