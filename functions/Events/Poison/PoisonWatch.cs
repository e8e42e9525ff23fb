using Azure;
using Azure.Storage.Queues;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Poison;

/// <summary>
/// Moves what the host gave up on from the poison queues into the dead letters, where it does not expire. Not by queue triggers: a listener looks several times a second, and each of these queues is
/// empty for months. Whoever dies here leaves the message where it is, and it is found again.
/// </summary>
public sealed class PoisonWatch(DeadLetters deadLetters, StorageClients storage, StorageLayout layout, IEnumerable<OwnedQueue> queues, ILogger<PoisonWatch> logger) : BackgroundService
{
    private const string Reason = "The message failed at every delivery; the log has the errors.";
    private const int MostTogether = 8; // a lease is to hold for all of them

    /// <summary>Between two looks, by each instance.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<OwnedQueue> _queues = [.. queues.Distinct()];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await layout.Ready.WaitAsync(stoppingToken);
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(Pause, TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Moves all that is there now. One queue that cannot be read keeps nothing in another.</summary>
    internal Task LookAsync(CancellationToken cancellationToken) => Task.WhenAll(_queues.Select(queue => LookAsync(queue, cancellationToken)));

    private async Task LookAsync(OwnedQueue queue, CancellationToken cancellationToken)
    {
        try
        {
            await MoveAsync(queue.Name, storage.Queue(queue.Poison), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.PoisonStays(queue.Name, StorageOutage.Is(exception) ? StorageOutage.Describe(exception) : exception.GetType().Name);
        }
    }

    private async Task MoveAsync(string name, QueueClient poison, CancellationToken cancellationToken)
    {
        while ((await poison.ReceiveMessagesAsync(MostTogether, Lease, cancellationToken)).Value is { Length: > 0 } messages)
        {
            foreach (var message in messages)
            {
                await deadLetters.AddMessageAsync(name, message.MessageText, message.MessageId, message.InsertedOn ?? default, message.DequeueCount, Reason, cancellationToken);
                try
                {
                    await poison.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
                }
                catch (RequestFailedException gone) when (gone.Status == 404)
                {
                    // Another instance has it by now, and finds that it is kept.
                }
            }
        }
    }
}
