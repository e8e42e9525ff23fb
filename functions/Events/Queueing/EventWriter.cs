using System.Collections.Concurrent;
using System.Diagnostics;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Events.Queueing;

/// <summary>
/// Group commit into the queue <see cref="Queues.LeadEvents"/>, without a timer: a few writers each take whatever arrived while they were busy with
/// the write before, so an idle app writes at once and a busy one writes large messages. Callers are answered when their events are durable,
/// and exactly those callers fail whose message was not taken.
/// </summary>
/// <param name="put">Makes one message durable, or throws.</param>
public sealed class EventWriter(Func<string, Task> put, IOptions<IngestOptions> options, IngestMetrics metrics, TimeProvider time, ILogger<EventWriter> logger) : IHostedLifecycleService
{
    /// <summary>So much more must wait before one more writer starts, in bytes of JSON: about what one message holds. Below it, a second writer would only halve the messages.</summary>
    private const int WorthAnotherWriter = 64 * 1024;

    private readonly ConcurrentQueue<WaitingEvents> _waiting = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _capacity = options.Value.MaxWaitingMegabytes * 1024L * 1024L;
    private readonly ConcurrentBag<BatchPacking> _packings = [];
    private long _waitingBytes;
    private long _untakenBytes;
    private int _writing;
    private bool _isStopping;

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
        var stored = TryAdd(waiting) && await waiting.Stored;
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

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now have the servers and triggers stopped, whose last callers still wait for an answer.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isStopping = true;
            if (_writing == 0)
            {
                _drained.TrySetResult();
            }
        }

        return _drained.Task.WaitAsync(cancellationToken);
    }

    /// <summary>False once it is stopping. Starts a writer when none is at work, or more waits than those at work will take next.</summary>
    private bool TryAdd(WaitingEvents waiting)
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return false;
            }

            _waiting.Enqueue(waiting);
            _untakenBytes += waiting.Events.Length;
            if (_writing >= options.Value.Writers || _untakenBytes < (long)_writing * WorthAnotherWriter)
            {
                return true;
            }

            _writing++;
        }

        // A writer serves many callers: it must not run on under the trace of the one who happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(WriteAllAsync);
        }

        return true;
    }

    /// <summary>Runs while there is enough for it to do; every exception reaches the callers whom it concerns.</summary>
    private async Task WriteAllAsync()
    {
        var packing = _packings.TryTake(out var used) ? used : new BatchPacking(time);
        var taken = new List<WaitingEvents>();
        do
        {
            var length = 0;
            while (length < BatchPacking.Enough && _waiting.TryDequeue(out var next))
            {
                taken.Add(next);
                length += next.Events.Length;
            }

            lock (_gate)
            {
                _untakenBytes -= length;
            }

            await WriteAsync(packing, taken);
            taken.Clear();
        }
        while (GoesOn());

        _packings.Add(packing);
    }

    private bool GoesOn()
    {
        lock (_gate)
        {
            if (!_waiting.IsEmpty && _untakenBytes >= (_writing - 1L) * WorthAnotherWriter)
            {
                return true;
            }

            _writing--;
            if (_writing == 0 && _isStopping)
            {
                _drained.TrySetResult();
            }

            return false;
        }
    }

    private async Task WriteAsync(BatchPacking packing, List<WaitingEvents> taken)
    {
        var answered = 0;
        try
        {
            packing.Start(taken);
            while (packing.Next() is { } message)
            {
                await PutAsync(message);
                for (; answered < packing.Done; answered++)
                {
                    taken[answered].Complete();
                }
            }
        }
        // The writer must outlive what cannot be packed: its callers wait for an answer, and others for it.
        catch (Exception exception)
        {
            logger.EventsNotStored(taken.Skip(answered).Sum(left => left.Events.Count), exception.GetType().Name, StorageOutage.Describe(exception));
        }

        // Those whose last events were left out, since an earlier message of theirs had failed; or all that are left.
        foreach (var left in taken.Skip(answered))
        {
            left.Fail();
            left.Complete();
        }
    }

    private async Task PutAsync(Packed message)
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
