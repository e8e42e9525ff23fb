using System.Diagnostics;
using System.Threading.Channels;
using LeadFunctions.Leads;
using LeadFunctions.Platform;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Ingest;

/// <summary>
/// Group commit into the queue <see cref="Queues.LeadEvents"/>, without a timer: a few writers each take whatever arrived while they were busy with
/// the write before, so an idle app writes at once and a busy one writes large messages. Callers are answered when their events are durable,
/// and exactly those callers fail whose message was not taken.
/// </summary>
/// <param name="put">Makes one message durable, or throws.</param>
public sealed class EventWriter(Func<string, Task> put, IOptions<IngestOptions> options, IngestMetrics metrics, TimeProvider time, ILogger<EventWriter> logger) : IHostedLifecycleService
{
    private readonly Channel<WaitingEvents> _waiting = Channel.CreateUnbounded<WaitingEvents>(new UnboundedChannelOptions { SingleReader = false });
    private readonly long _capacity = options.Value.MaxWaitingMegabytes * 1024L * 1024L;
    private Task _writers = Task.CompletedTask;
    private long _waitingBytes;

    /// <summary>
    /// Makes the events durable. False when that did not work, or too much is waiting already: then none, some or all of them may be stored,
    /// and the caller (or its client) sends all of them again with the same ids.
    /// </summary>
    public async Task<bool> TryWriteAsync(EventBuffer events, DateTimeOffset receivedAt)
    {
        if (events.Count == 0)
        {
            return true;
        }

        var waiting = new WaitingEvents(events, receivedAt, Activity.Current?.Id);
        var waitingBytes = Interlocked.Add(ref _waitingBytes, events.Length);
        if (waitingBytes > _capacity && waitingBytes > events.Length)
        {
            Interlocked.Add(ref _waitingBytes, -events.Length);
            return false;
        }

        // Not cancelled with the request: its events are on their way, and the buffer is in use until they have arrived.
        var stored = _waiting.Writer.TryWrite(waiting) && await waiting.Stored;
        Interlocked.Add(ref _waitingBytes, -events.Length);
        return stored;
    }

    /// <summary>For events that come from inside (a merge, a journey step): durable when this returns.</summary>
    /// <exception cref="EventsNotStoredException">They are not, or not all: do it again with the same event ids.</exception>
    public async Task EnqueueAsync(IReadOnlyList<LeadEvent> events)
    {
        var buffer = EventBuffer.Rent();
        foreach (var leadEvent in events)
        {
            if (!buffer.TryAdd(leadEvent))
            {
                throw new ArgumentException($"The event {leadEvent.Id} is too large for a queue message.", nameof(events));
            }
        }

        var stored = await TryWriteAsync(buffer, time.GetUtcNow());
        buffer.Return();
        if (!stored)
        {
            throw new EventsNotStoredException();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writers = Task.WhenAll(Enumerable.Range(0, options.Value.Writers).Select(_ => Task.Run(WriteAllAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now have the servers and triggers stopped, whose last callers still wait for an answer.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return _writers.WaitAsync(cancellationToken);
    }

    private async Task WriteAllAsync()
    {
        var packing = new BatchPacking(time);
        var taken = new List<WaitingEvents>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var length = 0;
            while (length < BatchPacking.Enough && _waiting.Reader.TryRead(out var next))
            {
                taken.Add(next);
                length += next.Events.Length;
            }

            await WriteAsync(packing, taken);
            taken.Clear();
        }
    }

    private async Task WriteAsync(BatchPacking packing, List<WaitingEvents> taken)
    {
        packing.Start(taken);
        var answered = 0;
        while (packing.Next() is { } message)
        {
            var started = time.GetTimestamp();
            try
            {
                await put(message.Text);
                metrics.Written(message.Events, time.GetElapsedTime(started));
            }
            // Whatever it was, these callers must hear that it failed, and the next ones must be served: a writer that dies leaves them waiting for ever.
            catch (Exception exception)
            {
                logger.EventsNotStored(message.Events, exception.GetType().Name, StorageOutage.Describe(exception));
                message.Fail();
            }

            while (answered < taken.Count && packing.IsDoneWith(taken[answered]))
            {
                taken[answered++].Complete();
            }
        }

        // Those whose last events were left out, because an earlier message of theirs had failed.
        while (answered < taken.Count)
        {
            taken[answered++].Complete();
        }
    }
}

/// <summary>Storage did not take the events.</summary>
public sealed class EventsNotStoredException() : Exception("The events could not be stored.");

/// <summary>The events of one caller that waits for them to be durable.</summary>
internal sealed class WaitingEvents(EventBuffer events, DateTimeOffset receivedAt, string? traceParent)
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventBuffer Events => events;

    public DateTimeOffset ReceivedAt => receivedAt;

    public string? TraceParent => traceParent;

    public bool HasFailed { get; private set; }

    public Task<bool> Stored => _stored.Task;

    public void Fail() => HasFailed = true;

    /// <summary>All its messages are written, or one of them failed.</summary>
    public void Complete() => _stored.SetResult(!HasFailed);
}
