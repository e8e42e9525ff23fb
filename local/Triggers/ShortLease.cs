using System.Collections.Concurrent;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Queues;

namespace DevHost.Triggers;

/// <summary>
/// Takes messages for a shorter time than the SDK's ten minutes, which cannot be set: for whoever kills this host on purpose (<c>DevHost__QueueLease</c>) and will not wait so long
/// for what it had in hand. The lease is renewed while the message is worked on.
/// </summary>
internal sealed class ShortLease(QueueProcessorOptions options, TimeSpan lease) : QueueProcessor(options)
{
    internal const string Setting = "DevHost__QueueLease";

    private readonly Azure.Storage.Queues.QueueClient queue = options.Queue;
    private readonly ConcurrentDictionary<string, (QueueMessage Message, Task Renewing, CancellationTokenSource Ending)> inHand = new();

    protected override async Task<bool> BeginProcessingMessageAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        var ending = new CancellationTokenSource();
        var taken = await ExtendAsync(message, cancellationToken);
        inHand[message.MessageId] = (taken, Task.CompletedTask, ending);
        inHand[message.MessageId] = (taken, RenewAsync(taken, ending.Token), ending);
        return await base.BeginProcessingMessageAsync(taken, cancellationToken);
    }

    protected override async Task CompleteProcessingMessageAsync(QueueMessage message, FunctionResult result, CancellationToken cancellationToken)
    {
        if (inHand.TryGetValue(message.MessageId, out var held))
        {
            await held.Ending.CancelAsync();
            await held.Renewing;
            message = inHand.TryRemove(message.MessageId, out held) ? held.Message : message;
        }

        await base.CompleteProcessingMessageAsync(message, result, cancellationToken);
    }

    private async Task RenewAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(lease / 3, TimeProvider.System, cancellationToken);
                message = await ExtendAsync(message, CancellationToken.None);
                inHand[message.MessageId] = inHand[message.MessageId] with { Message = message };
            }
            catch (Exception exception) when (exception is OperationCanceledException or Azure.RequestFailedException)
            {
                return; // Finished; or lost, and somebody else has it.
            }
        }
    }

    private async Task<QueueMessage> ExtendAsync(QueueMessage message, CancellationToken cancellationToken) =>
        message.Update(await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: lease, cancellationToken: cancellationToken));

    internal sealed class Factory(TimeSpan lease) : IQueueProcessorFactory
    {
        public QueueProcessor Create(QueueProcessorOptions queueProcessorOptions) => new ShortLease(queueProcessorOptions, lease);
    }
}
