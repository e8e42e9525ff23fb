using System.Diagnostics.Metrics;
using Azure;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Operations.Meters;

/// <summary>
/// Listens to the meter of the front door and to that of the storage clients, and writes down what they counted three times an hour, and as the app stops: two transactions each time, and none for an event as such.
/// What an instance that is killed had not written yet is lost: these are figures to look after an app by, and no accounts.
/// </summary>
public sealed class MeterWatch : BackgroundService
{
    private const int Attempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly StorageCounts _storage;
    private readonly StorageLayout _layout;
    private readonly MeterTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger<MeterWatch> _logger;
    private readonly MeterListener _listener = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _lock = new();
    private Dictionary<DateOnly, DayMeter> _pending = [];

    public MeterWatch(StorageClients storage, StorageLayout layout, IMeterFactory meters, TimeProvider time, ILogger<MeterWatch> logger)
    {
        (_storage, _layout, _table, _time, _logger) = (storage.Counts, layout, new(storage), time, logger);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == IngestMetrics.Events && ReferenceEquals(instrument.Meter.Scope, meters)) // and not of another app in this process
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Hear);
        _listener.Start();
    }

    /// <summary>All days since then: what is stored, with what this instance has counted since.</summary>
    internal async Task<IReadOnlyDictionary<DateOnly, DayMeter>> ReadSinceAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken); // what is on its way is neither here nor there
        try
        {
            var days = (await _table.ReadSinceAsync(day, cancellationToken)).ToDictionary(one => one.Key, one => one.Value.Meter);
            TakeStorage();
            lock (_lock)
            {
                foreach (var (pending, meter) in _pending.Where(one => one.Key >= day))
                {
                    MeterOf(days, pending).Join(meter);
                }
            }

            return days;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Writes down what there is, which may fail without harm: then it stays for the next time.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        using var brief = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        brief.CancelAfter(Patience);
        var left = new Dictionary<DateOnly, DayMeter>();
        await _writing.WaitAsync(cancellationToken);
        try
        {
            TakeStorage();
            lock (_lock)
            {
                (left, _pending) = (_pending, []);
            }

            // Of a clock that is moved there may be many days; else there are one or two.
            var taken = left.OrderByDescending(one => one.Key).Take(MeterTable.MostDays).ToList();
            await WriteAsync(taken, brief.Token);
            taken.ForEach(one => left.Remove(one.Key));
        }
        // Whatever it was: nothing depends on it.
        catch (Exception exception)
        {
            _logger.MetersNotStored(StorageOutage.Is(exception) ? StorageOutage.Describe(exception) : exception.GetType().Name);
        }
        finally
        {
            lock (_lock)
            {
                foreach (var (day, meter) in left)
                {
                    MeterOf(_pending, day).Join(meter);
                }
            }

            _writing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _layout.Ready.WaitAsync(stoppingToken);
            while (true)
            {
                await Task.Delay(Pause, TimeProvider.System, stoppingToken);
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(CancellationToken.None);
    }

    public override void Dispose()
    {
        _listener.Dispose();
        _writing.Dispose();
        base.Dispose();
    }

    private async Task WriteAsync(IReadOnlyList<KeyValuePair<DateOnly, DayMeter>> counted, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts && counted.Count > 0; attempt++)
        {
            var stored = await _table.ReadSinceAsync(counted[^1].Key, cancellationToken);
            if (await _table.WriteAsync([.. counted.Select(one => stored.TryGetValue(one.Key, out var found) ? (one.Key, DayMeter.Sum(found.Meter, one.Value), found.ETag) : (one.Key, one.Value, (ETag?)null))], cancellationToken))
            {
                return;
            }
        }

        if (counted.Count > 0)
        {
            throw new TimeoutException("Other instances wrote each time.");
        }
    }

    private void Hear(Instrument instrument, long events, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var (source, outcome, now) = (IngestMetrics.NoSource, "", _time.GetUtcNow());
        foreach (var (name, value) in tags)
        {
            (source, outcome) = (name == IngestMetrics.SourceTag ? (string)value! : source, name == IngestMetrics.OutcomeTag ? (string)value! : outcome); // the front door sets both
        }

        lock (_lock)
        {
            At(now).Add(source, outcome, events, outcome == Outcome.Accepted.Name() ? now : null);
        }
    }

    private void TakeStorage()
    {
        var (used, now) = (_storage.Take(), _time.GetUtcNow());
        lock (_lock)
        {
            foreach (var (service, use) in used.Where(one => one.Value.Transactions > 0))
            {
                At(now).Add(service, use);
            }
        }
    }

    private HourMeter At(DateTimeOffset now) => MeterOf(_pending, DateOnly.FromDateTime(now.UtcDateTime)).At(now.UtcDateTime.Hour);

    private static DayMeter MeterOf(Dictionary<DateOnly, DayMeter> days, DateOnly day)
    {
        if (!days.TryGetValue(day, out var found))
        {
            days[day] = found = DayMeter.Empty;
        }

        return found;
    }
}
