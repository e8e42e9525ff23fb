using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Seen;

/// <summary>
/// Notes the names of events as they are applied: in memory, and now and then in storage, where all instances' are added up. What an instance that is killed had not written yet is lost; names come
/// again. It writes when it has seen many events, or a name that was not known, and as it stops: two transactions then, and none for an event as such.
/// </summary>
public sealed class SeenWatch(StorageClients storage, TimeProvider time, ILogger<SeenWatch> logger) : IHostedService
{
    /// <summary>So many events are worth two transactions: 0.0004 for each.</summary>
    private const int Many = 5_000;

    private const int Attempts = 3;

    /// <summary>Between two writes for the sake of new names, and before the first: most of what comes soon after a start is known, and a short life ends with a write of its own.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SeenTable _table = new(storage);
    private readonly Lock _lock = new();
    private SeenTally _pending = new();
    private SeenTally? _known;
    private long _written = time.GetTimestamp();
    private bool _hasNews;
    private bool _isWriting;
    private bool _hasFailed;

    /// <summary>Notes them; and writes down what is due, which may fail without harm.</summary>
    public async Task NoteAsync(IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var e in events)
            {
                _hasNews |= _pending.Add(e, now) && (_known is null || _known.Add(e, now));
            }

            if (_isWriting || !IsDue)
            {
                return;
            }

            _isWriting = true;
        }

        await WriteAsync(cancellationToken);
    }

    /// <summary>What is stored, with what this instance has seen since.</summary>
    internal async Task<SeenNames> ReadAsync(CancellationToken cancellationToken)
    {
        var (stored, _) = await _table.ReadAsync(cancellationToken);
        var tally = new SeenTally();
        tally.Add(stored);
        lock (_lock)
        {
            tally.Join(_pending);
        }

        return tally.Answer(stored.AsOf);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isWriting || _pending.Seen == 0)
            {
                return;
            }

            _isWriting = true;
        }

        await WriteAsync(cancellationToken);
    }

    /// <summary>After a failure many events are no reason to try it again with each of them.</summary>
    private bool IsDue => time.GetElapsedTime(_written) > Pause ? _hasNews || _pending.Seen >= Many : _pending.Seen >= Many && !_hasFailed;

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        // Whoever waits for the events, or for the end, does not wait for their names.
        using var brief = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        brief.CancelAfter(Patience);
        SeenTally taken;
        bool hadNews;
        lock (_lock)
        {
            (taken, hadNews) = (_pending, _hasNews);
            (_pending, _hasNews, _written) = (new(), false, time.GetTimestamp());
        }

        var isWritten = false;
        try
        {
            for (var attempt = 0; attempt < Attempts && !isWritten; attempt++)
            {
                var (stored, etag) = await _table.ReadAsync(brief.Token);
                var sum = new SeenTally();
                sum.Add(stored);
                sum.Join(taken);
                var names = sum.Answer(time.GetUtcNow());
                isWritten = await _table.WriteAsync(names, etag, brief.Token);
                _known = isWritten ? sum : _known;
            }
        }
        // Whatever it was: the events were applied, and must not come again for the sake of their names.
        catch (Exception exception)
        {
            logger.NamesNotStored(exception.GetType().Name);
        }
        finally
        {
            lock (_lock)
            {
                if (!isWritten)
                {
                    _pending.Join(taken);
                    _hasNews |= hadNews;
                }

                (_isWriting, _hasFailed) = (false, !isWritten);
            }
        }
    }
}
