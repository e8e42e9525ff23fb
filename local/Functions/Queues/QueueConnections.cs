using System.Collections.Concurrent;
using Azure.Storage.Queues;
using LeadFunctions.Local.Functions.Hosting;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>Clients of the queues that triggers and outputs name.</summary>
internal sealed class QueueConnections(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<(string, string), QueueClient> clients = new();

    /// <summary>Reads and writes text as it is: encoding is the caller's business.</summary>
    internal QueueClient Client(string? connection, string queue) => clients.GetOrAdd(
        (connection ?? "AzureWebJobsStorage", Settings.Resolve(configuration, queue)),
        key => new QueueClient(ConnectionString(key.Item1), key.Item2, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }));

    private string ConnectionString(string name) => configuration[name]
        ?? configuration.GetConnectionString(name)
        ?? throw new LocalStartException($"The setting {name} is missing: it names the storage account of a queue.");
}
