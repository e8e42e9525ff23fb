using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Platform.Storage;

/// <summary>
/// The storage account, addressed as the Functions host addresses it: <c>AzureWebJobsStorage</c> is a connection string, or a section
/// with <c>accountName</c> (or <c>tableServiceUri</c>, <c>queueServiceUri</c> and <c>blobServiceUri</c>) for an identity, optionally with the <c>clientId</c> of a user-assigned one.
/// </summary>
public sealed class StorageClients(TableServiceClient tables, QueueServiceClient queues, BlobServiceClient blobs, StorageCounts? counts = null)
{
    private const string Setting = "AzureWebJobsStorage";

    public TableServiceClient TableService { get; } = tables;

    public QueueServiceClient QueueService { get; } = queues;

    public BlobServiceClient BlobService { get; } = blobs;

    /// <summary>What these clients ask; of clients that were made elsewhere nothing.</summary>
    public StorageCounts Counts { get; } = counts ?? new StorageCounts();

    public TableClient Table(string name) => TableService.GetTableClient(name);

    public QueueClient Queue(string name) => QueueService.GetQueueClient(name);

    /// <summary>What is stored in one container.</summary>
    public StoredFiles Files(string container) => new(BlobService.GetBlobContainerClient(container));

    /// <exception cref="InvalidOperationException">The setting is missing or incomplete.</exception>
    public static StorageClients From(IConfiguration configuration)
    {
        var counts = new StorageCounts();
        if (configuration[Setting] is { Length: > 0 } connectionString)
        {
            return new StorageClients(
                new TableServiceClient(connectionString, TableOptions(counts)),
                new QueueServiceClient(connectionString, QueueOptions(counts)),
                new BlobServiceClient(connectionString, BlobOptions(counts)),
                counts);
        }

        var section = configuration.GetSection(Setting);
        var credential = Identity(configuration);
        return new StorageClients(
            new TableServiceClient(ServiceUri(section, "table"), credential, TableOptions(counts)),
            new QueueServiceClient(ServiceUri(section, "queue"), credential, QueueOptions(counts)),
            new BlobServiceClient(ServiceUri(section, "blob"), credential, BlobOptions(counts)),
            counts);
    }

    // A block of some megabytes takes longer than a row.
    private static BlobClientOptions BlobOptions(StorageCounts counts)
    {
        var options = Short(new BlobClientOptions(), counts.For(StorageService.Blobs));
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        return options;
    }

    private static QueueClientOptions QueueOptions(StorageCounts counts) => Short(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }, counts.For(StorageService.Queues));

    private static TableClientOptions TableOptions(StorageCounts counts) => Short(new TableClientOptions(), counts.For(StorageService.Tables));

    // A caller waits at the front door: it is better answered with 503 and Retry-After than held for the library's default minute and a half.
    private static T Short<T>(T options, HttpPipelinePolicy policy) where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.MaxRetries = 2;
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        options.AddPolicy(new StoragePatience(), HttpPipelinePosition.PerCall); // in the background it is longer
        options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        return options;
    }

    /// <summary>Whom the app is to other services of Azure. DefaultAzureCredential tries a developer's tools as well, which is what a laptop with <c>az login</c> needs; a named identity is taken as it is.</summary>
    public static TokenCredential Identity(IConfiguration configuration) => configuration[$"{Setting}:clientId"] is { Length: > 0 } clientId
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
        : new DefaultAzureCredential();

    private static Uri ServiceUri(IConfigurationSection section, string service)
    {
        if (section[$"{service}ServiceUri"] is { Length: > 0 } uri)
        {
            return new Uri(uri);
        }

        return section["accountName"] is { Length: > 0 } account
            ? new Uri($"https://{account}.{service}.core.windows.net")
            : throw new InvalidOperationException(
                $"Set {Setting} to a connection string (UseDevelopmentStorage=true for the emulator), or {Setting}__accountName to a storage account that the app's identity may use.");
    }
}
