using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>
/// Feeds a queue's messages to a function, as the Functions host does: up to <c>batchSize</c> at a time whenever no more than
/// <c>newBatchThreshold</c> are being worked on. Runs on real time, since the queue service does.
/// </summary>
internal sealed partial class QueueListener : ITriggerListener
{
    // The host starts at 100 ms; local latency matters more than the emulator's idle load.
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider real = TimeProvider.System;
    private readonly LocalFunction function;
    private readonly QueueClient queue;
    private readonly QueueClient poison;
    private readonly QueueSettings settings;
    private readonly Invoker invoker;
    private readonly ILogger log;
    private readonly ConcurrentDictionary<InFlightMessage, Task> inFlight = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource abandon = new();
    private readonly Signal wake = new();
    private readonly Signal room = new();
    private Task polling = Task.CompletedTask;
    private Task renewing = Task.CompletedTask;
    private bool isUnreadable;

    internal QueueListener(LocalFunction function, QueueClient queue, QueueClient poison, QueueSettings settings, Invoker invoker, ILogger log)
    {
        this.function = function;
        this.queue = queue;
        this.poison = poison;
        this.settings = settings;
        this.invoker = invoker;
        this.log = log;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Watch();
        polling = Task.Run(PollAsync, cancellationToken);
        renewing = Task.Run(RenewAsync, cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StopAsync(TimeSpan grace)
    {
        await stopping.CancelAsync();
        wake.Set();
        room.Set();
        var work = FinishAsync();
        if (await Task.WhenAny(work, Task.Delay(grace, real)) != work)
        {
            // Functions now see their token cancelled; those that heed it end and their messages go back to the queue.
            await abandon.CancelAsync();
            if (await Task.WhenAny(work, Task.Delay(grace, real)) != work)
            {
                var left = inFlight.Keys.ToList();
                Log.HandedBack(log, left.Count, queue.Name);
                await Task.WhenAll(left.Select(m => SettleAsync(m, () => ReleaseAsync(m, TimeSpan.Zero))));
            }
        }

        Unwatch();
    }

    private async Task FinishAsync()
    {
        await Task.WhenAll(polling, renewing);
        await Task.WhenAll(inFlight.Values);
    }

    private async Task PollAsync()
    {
        var delay = ShortestPoll;
        while (!stopping.IsCancellationRequested)
        {
            if (inFlight.Count > settings.NewBatchThreshold)
            {
                await room.WaitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
                continue;
            }

            var messages = await ReceiveAsync();
            foreach (var message in messages)
            {
                Start(message);
            }

            if (messages.Length > 0)
            {
                delay = ShortestPoll;
                // Asking an emptied queue again at once mostly fetches single messages, and reading is what costs the emulator most.
                await Task.Delay(messages.Length < settings.BatchSize ? Breath : TimeSpan.Zero, real, CancellationToken.None);
            }
            else
            {
                var woken = await wake.WaitAsync(delay, CancellationToken.None);
                delay = woken ? ShortestPoll : Min(delay * 2, settings.MaxPollingInterval);
            }
        }
    }

    /// <summary>Not cancelled by stopping: messages that the service has just hidden for this reader must arrive, to be handed back.</summary>
    private async Task<QueueMessage[]> ReceiveAsync()
    {
        try
        {
            var messages = await queue.PollAsync(settings.BatchSize, settings.Lease, abandon.Token);
            if (isUnreadable)
            {
                isUnreadable = false;
                Log.QueueReadable(log, queue.Name);
            }

            return messages;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return [];
        }
        catch (Exception exception)
        {
            // Whatever it was (an outage, a wrong key, a time-out): a reader that gave up would stop the app without a word.
            if (!isUnreadable && !stopping.IsCancellationRequested)
            {
                isUnreadable = true;
                Log.QueueUnreadable(log, queue.Name, Reason(exception));
            }

            return [];
        }
    }

    private void Start(QueueMessage message)
    {
        var item = new InFlightMessage(message, real.GetTimestamp());
        var done = new TaskCompletionSource();
        inFlight[item] = done.Task;
        Interlocked.Increment(ref version);
        _ = Task.Run(async () =>
        {
            try
            {
                await SettleAsync(item, await RunAsync(item));
            }
            finally
            {
                inFlight.TryRemove(item, out _);
                Interlocked.Increment(ref version);
                room.Set();
                done.SetResult();
            }
        });
    }

    /// <summary>Runs the function on a message; gives what is then to be done with it.</summary>
    private async Task<Func<Task>> RunAsync(InFlightMessage item)
    {
        var message = item.Message;
        if (stopping.IsCancellationRequested)
        {
            return () => ReleaseAsync(item, TimeSpan.Zero);
        }

        if (message.DequeueCount > settings.MaxDequeueCount)
        {
            return () => PoisonAsync(item);
        }

        try
        {
            var decoded = QueueParameter.Decode(message, settings.IsBase64);
            await invoker.InvokeAsync(function, decoded, QueueParameter.Data(decoded), abandon.Token);
            return () => DeleteAsync(item);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            return () => ReleaseAsync(item, TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            Log.MessageFailed(log, exception, function.Name, queue.Name, message.DequeueCount, settings.MaxDequeueCount);
            return message.DequeueCount >= settings.MaxDequeueCount
                ? () => PoisonAsync(item)
                : () => ReleaseAsync(item, settings.VisibilityTimeout);
        }
    }

    /// <summary>Does one thing with a message, at most once, and not while its lease is being renewed.</summary>
    private async Task SettleAsync(InFlightMessage item, Func<Task> settle)
    {
        await item.Gate.WaitAsync();
        try
        {
            if (!item.IsSettled)
            {
                item.IsSettled = true;
                await settle();
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // Deleted meanwhile, or taken by another reader after its lease ran out.
        }
        catch (Exception exception)
        {
            Log.MessageNotSettled(log, item.Message.MessageId, queue.Name, Reason(exception));
        }
        finally
        {
            item.Gate.Release();
        }
    }

    private Task DeleteAsync(InFlightMessage item) => queue.DeleteMessageAsync(item.Message.MessageId, item.PopReceipt);

    private async Task ReleaseAsync(InFlightMessage item, TimeSpan delay)
    {
        await queue.UpdateMessageAsync(item.Message.MessageId, item.PopReceipt, visibilityTimeout: delay);
        wake.Set();
    }

    /// <summary>Keeps the message whole, in the poison queue, before it goes from this one.</summary>
    private async Task PoisonAsync(InFlightMessage item)
    {
        await poison.CreateIfNotExistsAsync();
        await poison.SendMessageAsync(item.Message.MessageText, timeToLive: TimeSpan.FromSeconds(-1));
        await DeleteAsync(item);
        Log.MessagePoisoned(log, item.Message.MessageId, queue.Name, poison.Name);
    }

    private async Task RenewAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(settings.Lease / 8, real, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            foreach (var item in inFlight.Keys.Where(i => real.GetElapsedTime(i.LeasedAt) >= settings.Lease / 2))
            {
                await RenewAsync(item);
            }
        }
    }

    private async Task RenewAsync(InFlightMessage item)
    {
        await item.Gate.WaitAsync();
        try
        {
            if (!item.IsSettled)
            {
                var leasedAt = real.GetTimestamp();
                item.PopReceipt = (await queue.UpdateMessageAsync(item.Message.MessageId, item.PopReceipt, visibilityTimeout: settings.Lease)).Value.PopReceipt;
                item.LeasedAt = leasedAt;
            }
        }
        catch (Exception exception)
        {
            Log.MessageNotSettled(log, item.Message.MessageId, queue.Name, Reason(exception));
        }
        finally
        {
            item.Gate.Release();
        }
    }

    private static string Reason(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 } failed => failed.InnerException?.Message ?? failed.Message.Split('\n')[0],
        RequestFailedException failed => $"{failed.Status} {failed.ErrorCode}",
        AggregateException { InnerException: { } inner } => Reason(inner),
        _ => exception.Message,
    };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>A message that this listener holds the lease of.</summary>
    private sealed class InFlightMessage(QueueMessage message, long leasedAt)
    {
        internal QueueMessage Message { get; } = message;

        internal SemaphoreSlim Gate { get; } = new(1, 1);

        internal string PopReceipt { get; set; } = message.PopReceipt;

        internal long LeasedAt { get; set; } = leasedAt;

        internal bool IsSettled { get; set; }
    }
}
