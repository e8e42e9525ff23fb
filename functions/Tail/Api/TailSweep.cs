using LeadFunctions.Access;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tail.Api;

/// <summary>
/// Removes what the last look left, since it names people: as soon as all of it is too old, by every instance that knew of the look; and at its start by one that did not. Whoever looks removes what is
/// old meanwhile. Asks storage for nothing while nobody has looked.
/// </summary>
public sealed class TailSweep(TailTable table, Sources sources, StorageLayout layout, TimeProvider time, ILogger<TailSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTimeOffset _sweptOf;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await layout.Ready.WaitAsync(stoppingToken);
            await TryRemoveAsync(stoppingToken);
            while (true)
            {
                await Task.Delay(Pause, TimeProvider.System, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Once for each time that somebody looked.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (sources.Watch is { } watch && watch.Until > _sweptOf && watch.Until + TailWriter.Late + TailTable.Age < time.GetUtcNow() && await TryRemoveAsync(cancellationToken))
        {
            _sweptOf = watch.Until;
        }
    }

    private async Task<bool> TryRemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.RemoveOlderAsync(time.GetUtcNow() - TailTable.Age, cancellationToken);
            return true;
        }
        catch (Exception exception) when (StorageOutage.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            logger.TailNotSwept(StorageOutage.Describe(exception));
            return false;
        }
    }
}
