using Azure;
using Azure.Storage.Queues;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Queueing;

/// <summary>Where <see cref="EventWriter"/> puts its messages. Creates the queue when it finds none, at start or after someone emptied the account.</summary>
public sealed class EventQueue(StorageClients storage, ILogger<EventQueue> logger)
{
    private readonly QueueClient _queue = storage.Queue(Queues.LeadEvents);

    public async Task PutAsync(string text)
    {
        try
        {
            await _queue.PutAsync(text);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "QueueNotFound")
        {
            await _queue.CreateIfNotExistsAsync();
            logger.QueueCreated(Queues.LeadEvents);
            await _queue.PutAsync(text);
        }
    }
}
