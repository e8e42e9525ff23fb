using LeadFunctions.Platform.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Storage;

/// <summary>A table that a slice owns: registering it makes it exist. See <see cref="PlatformSetup.AddTable"/>.</summary>
public sealed record OwnedTable(string Name);

/// <summary>A queue that a slice reads; its poison twin is created with it.</summary>
public sealed record OwnedQueue(string Name)
{
    /// <summary>Where the host puts what failed at every delivery.</summary>
    public string Poison => Name + "-poison";
}

/// <summary>A container of files that a slice owns.</summary>
public sealed record OwnedContainer(string Name);

/// <summary>
/// Creates the tables, queues and containers before the app takes its first request. Storage that is down at start must not keep the app down:
/// it goes on trying in the background, and answers 503 meanwhile.
/// </summary>
public sealed class StorageLayout(
    StorageClients storage,
    IEnumerable<OwnedTable> tables,
    IEnumerable<OwnedQueue> queues,
    IEnumerable<OwnedContainer> containers,
    TimeProvider time,
    ILogger<StorageLayout> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _retries = Task.CompletedTask;

    /// <summary>Completes once everything exists.</summary>
    public Task Ready => _ready.Task;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(FirstAttempt);
        if (!await TryCreateAsync(attempt.Token))
        {
            _retries = Task.Run(() => KeepTryingAsync(_stopping.Token), CancellationToken.None);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _retries;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task KeepTryingAsync(CancellationToken stopping)
    {
        try
        {
            while (!await TryCreateAsync(stopping))
            {
                await Task.Delay(Pause, time, stopping);
            }

            logger.StorageIsBack();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                tables.Select(t => t.Name).Distinct().Select(name => (Task)storage.Table(name).CreateIfNotExistsAsync(cancellationToken))
                    .Concat(queues.Distinct().SelectMany(queue => new[] { queue.Name, queue.Poison })
                        .Select(name => (Task)storage.Queue(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)))
                    .Concat(containers.Select(c => c.Name).Distinct().Select(name => storage.Files(name).CreateAsync(cancellationToken))));
            _ready.TrySetResult();
            return true;
        }
        catch (Exception exception) when (StorageOutage.Is(exception) && !_stopping.IsCancellationRequested)
        {
            logger.StorageNotReachable(StorageOutage.Describe(exception));
            return false;
        }
    }
}
