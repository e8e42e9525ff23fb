using System.Diagnostics;
using LeadFunctions.Events;

namespace LeadFunctions.Reports.Stored;

/// <summary>
/// The facts in this instance's memory, brought up to date for whoever asks: what was committed before is in. Read whole for the first, then by what is new, one query a shard. Who asks while it is being read waits for
/// the next reading, together with all others who do.
/// </summary>
/// <param name="patience">So long a request waits for the first reading: 10 s when nothing is said.</param>
public sealed class FactReader(FactStore store, TimeSpan? patience = null)
{
    /// <summary>A row is there so long after its stamp at the latest, as good as always; storage's answers give their time in whole seconds.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>Or so long, when storage is as slow as it can be: then it gives up. That far it is looked back every so often.</summary>
    private static readonly TimeSpan SlowestWrite = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Lock _gate = new();
    private readonly FactBook _book = new();
    private readonly Dictionary<string, (DateTimeOffset Read, DateTimeOffset Thoroughly, long Ticks)> _asOf = [];
    private Task? _next;
    private volatile bool _isRead;

    /// <summary>How far this instance has read, by storage's clock, without reading on; null while nobody has asked, or the first reading is not done.</summary>
    internal DateTimeOffset? ReadThrough
    {
        get
        {
            lock (_gate)
            {
                return _isRead && _asOf.Count > 0 ? _asOf.Values.Min(shard => shard.Read) : null;
            }
        }
    }

    /// <summary>As of now.</summary>
    internal async Task<T> ReadAsync<T>(Func<FactBook, T> read, CancellationToken cancellationToken)
    {
        Task fresh;
        lock (_gate)
        {
            fresh = _next ??= Task.Run(RefreshAsync, CancellationToken.None); // on its own: it is to be noted before it says that it has begun
        }

        await fresh.WaitAsync(cancellationToken);
        lock (_gate)
        {
            return read(_book);
        }
    }

    /// <summary>How far the first reading is, which takes as long as there are facts; null once it is done. It goes on whether or not somebody waits.</summary>
    internal Task<FactReading?> FirstAsync(CancellationToken cancellationToken) => FirstAsync(patience ?? UsualPatience, cancellationToken);

    /// <inheritdoc cref="FirstAsync(CancellationToken)"/>
    internal async Task<FactReading?> FirstAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_isRead)
        {
            var reading = ReadAsync(book => book.Count, cancellationToken);
            if (await Task.WhenAny(reading, Task.Delay(patience, TimeProvider.System, cancellationToken)) != reading)
            {
                cancellationToken.ThrowIfCancellationRequested();
                lock (_gate)
                {
                    return _isRead ? null : new(_asOf.Count, LeadIds.Shards, _book.Count);
                }
            }

            await reading;
        }

        return null;
    }

    /// <summary>To the end even if who asked gives up: a first reading may take longer than a request.</summary>
    private async Task RefreshAsync()
    {
        await _reading.WaitAsync(CancellationToken.None);
        try
        {
            lock (_gate)
            {
                _next = null; // who asks from here on is to see what is written from here on
            }

            await Task.WhenAll(LeadIds.AllShards.Select(FollowAsync));
            _isRead = true;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task FollowAsync(string shard)
    {
        (DateTimeOffset Read, DateTimeOffset Thoroughly, long Ticks)? known;
        lock (_gate)
        {
            known = _asOf.TryGetValue(shard, out var found) ? found : null;
        }

        // After a long pause what was not read yet may have been gathered.
        var ticks = Stopwatch.GetTimestamp();
        var isThorough = known is null || known.Value.Read - known.Value.Thoroughly >= SlowestWrite || Stopwatch.GetElapsedTime(known.Value.Ticks) >= FactStore.KeptAfter / 2;
        var since = known is null ? (DateTimeOffset?)null : isThorough ? known.Value.Thoroughly - SlowestWrite : known.Value.Read - Settling;
        DateTimeOffset? asOf = null;
        await foreach (var (time, facts) in store.ReadAsync(shard, since, isThorough, CancellationToken.None))
        {
            asOf ??= time;
            lock (_gate)
            {
                _book.Add(facts);
            }
        }

        if (asOf is { } read)
        {
            lock (_gate)
            {
                _asOf[shard] = (read, isThorough ? read : known!.Value.Thoroughly, ticks); // not null: it is thorough where nothing is known
            }
        }
    }
}

/// <summary>How much of the facts an instance has read that has just begun.</summary>
/// <param name="Shards">Parts that are read.</param>
/// <param name="Of">Parts in all, about equally large.</param>
/// <param name="Facts">In memory so far.</param>
internal sealed record FactReading(int Shards, int Of, int Facts);
