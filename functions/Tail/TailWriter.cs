using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tail;

/// <summary>
/// Writes down what comes in while somebody looks on, after it was answered and beside it: nothing waits for this, and nothing fails by it. At most so many events a second on each instance; what goes
/// beyond, or cannot be stored, is a number.
/// </summary>
/// <param name="areWatched">Whether somebody looks on, or did at a moment of late.</param>
public sealed class TailWriter(TailTable table, Func<DateTimeOffset, bool> areWatched, TimeProvider time, ILogger<TailWriter> logger)
{
    internal const int EventsPerSecond = 50;

    /// <summary>After the last look: what came in while somebody looked may be applied somewhat later. What comes later still, as of a message that was played again, would be left behind by the sweep for good.</summary>
    internal static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>Of requests whose key is nobody's: whoever knocks at the door with wrong ones must not crowd out what comes in.</summary>
    private const int UnknownPerSecond = 5;

    private const int MostWaiting = 500;

    /// <summary>Between two writes, by each instance: the page looks every two seconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What takes longer is given up: whoever reads looks back only somewhat further than that.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TokenBucket _known = new();
    private readonly TokenBucket _unknown = new();
    private readonly Lock _gate = new();
    private List<TailRow> _waiting = [];
    private int _notShown;
    private bool _isWriting;

    /// <summary>Whether an event is to be told of. One that is not is counted.</summary>
    internal bool TryTake(bool isUnknown = false, int events = 1)
    {
        var (bucket, rate) = isUnknown ? (_unknown, UnknownPerSecond) : (_known, EventsPerSecond);
        if (bucket.TryTake(1, rate, rate, 0, time.GetElapsedTime(0), out _))
        {
            return true;
        }

        lock (_gate)
        {
            _notShown += events;
        }

        return false;
    }

    /// <summary>What became of events that were told of as they came in: of no use once nobody looks any more.</summary>
    internal void AddApplied(IReadOnlyCollection<TailRow> rows)
    {
        if (rows.Count > 0 && areWatched(time.GetUtcNow() - Late))
        {
            Add(rows);
        }
    }

    /// <summary>Returns at once.</summary>
    internal void Add(IReadOnlyCollection<TailRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            var room = Math.Max(0, MostWaiting - _waiting.Count);
            _waiting.AddRange(rows.Take(room));
            _notShown += Math.Max(0, rows.Count - room);
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        // The loop serves many callers: it must not run on under the trace of the one who happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(WriteAllAsync);
        }
    }

    /// <summary>Runs while there is something to write.</summary>
    private async Task WriteAllAsync()
    {
        while (Next() is var (rows, notShown))
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                await table.AddAsync(rows, notShown, time.GetUtcNow(), patience.Token);
            }
            // Whatever it was, the next ones are to be written: and nobody else would hear of it.
            catch (Exception exception)
            {
                logger.TailNotWritten(rows.Count, StorageOutage.Is(exception) ? StorageOutage.Describe(exception) : exception.GetType().Name);
                lock (_gate)
                {
                    _notShown += rows.Count + notShown;
                }
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private (IReadOnlyList<TailRow> Rows, int NotShown)? Next()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            var next = (_waiting, _notShown);
            (_waiting, _notShown) = ([], 0);
            return next;
        }
    }
}
