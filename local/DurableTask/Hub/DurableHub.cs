using Azure.Data.Tables;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// One process's part in a task hub. The hub's instances are spread over shards; each shard has one owner at a time, which keeps its
/// instances' code in memory and alone writes them. Processes share the shards evenly and take over those of one that is gone.
/// </summary>
internal sealed partial class DurableHub : IAsyncDisposable
{
    private readonly ITaskCatalog _catalog;
    private readonly ILoggerFactory _loggers;
    private readonly Shard[] _shards;
    private static readonly TimeSpan AfterCancellation = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancelling = new();
    private readonly ActivityPool _activities;
    private readonly Courier _courier;
    private readonly InstanceWatch _watch = new();
    private readonly Membership _membership;
    private readonly IDisposable _clockwork;
    private bool _isStarted;
    private int _isStopped;

    public DurableHub(
        TableServiceClient tables, HubOptions options, TimeProvider clock, ITaskCatalog catalog, DataConverter converter, ILoggerFactory loggers)
    {
        Options = options;
        Clock = clock;
        Converter = converter;
        Logger = loggers.CreateLogger("LeadFunctions.Local.DurableTask");
        Instances = tables.GetTableClient(options.Name + "Instances");
        Control = tables.GetTableClient(options.Name + "Control");
        _catalog = catalog;
        _loggers = loggers;
        _shards = [.. Enumerable.Range(0, options.Shards).Select(number => new Shard(number, this))];
        _activities = new ActivityPool(this, catalog);
        _courier = new Courier(this);
        _membership = new Membership(this, _shards);
        _clockwork = DueClock.Attach(clock, this);
    }

    public string WorkerId { get; } = Guid.NewGuid().ToString("N");

    public HubOptions Options { get; }

    public TimeProvider Clock { get; }

    public DataConverter Converter { get; }

    public ILogger Logger { get; }

    public TableClient Instances { get; }

    public TableClient Control { get; }

    public WorkCount Work { get; } = new();

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>What activities are told of.</summary>
    public CancellationToken Cancelling => _cancelling.Token;

    /// <summary>When the next timer of this process's instances is due.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var shard in _shards)
            {
                next = shard.Due.Next is { } due && !(due >= next) ? due : next;
            }

            return next;
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _isStarted = true;
        await Instances.CreateIfNotExistsAsync(cancellationToken);
        await Control.CreateIfNotExistsAsync(cancellationToken);
        Log.Joined(Logger, Options.Name, WorkerId);
        _activities.Start();
        await _membership.StartAsync(cancellationToken);
    }

    /// <summary>Hands the shards over. Activities under way may end within the time given; then they are cancelled, before others may start them again.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        _clockwork.Dispose();
        await _membership.StopAsync();
        _cancelling.CancelAfter(grace);
        await Task.WhenAll(_shards.Select(shard => shard.ReleaseAsync(grace + AfterCancellation)));
        await _cancelling.CancelAsync();
        await _stopping.CancelAsync();
        await _activities.StopAsync();
        await _membership.LeaveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStarted)
        {
            _clockwork.Dispose();
            _stopping.Dispose();
            _cancelling.Dispose();
            return;
        }

        await StopAsync(TimeSpan.FromSeconds(5));
        _stopping.Dispose();
        _cancelling.Dispose();
    }

    public Shard ShardOf(string instanceId) => _shards[DeterministicGuid.ShardOf(instanceId, _shards.Length)];

    /// <summary>Gives a message to its instance, wherever that lives, and returns once it is stored.</summary>
    public async Task<Reply> SendAsync(string instanceId, InstanceMessage message, CancellationToken cancellationToken)
    {
        await _membership.Ready.WaitAsync(cancellationToken);
        while (true)
        {
            var waiter = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
            var shard = ShardOf(instanceId);
            if (!shard.TryPost(new Mail(instanceId, message, waiter)))
            {
                if (!_membership.AreOthersAlive && _isStopped == 0)
                {
                    // Lost a moment ago, and soon taken again: nobody else would read the inbox.
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
                    continue;
                }

                if (await _membership.Inbox.TryPutAsync(instanceId, message, cancellationToken))
                {
                    return Reply.Done;
                }

                continue;
            }

            try
            {
                return await waiter.Task.WaitAsync(cancellationToken);
            }
            catch (ShardMovedException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Whether a message to the instance would be acted on by this process.</summary>
    public bool Owns(string instanceId) => ShardOf(instanceId).IsOwned;

    /// <summary>Has all that is due by now go on.</summary>
    public void RunDue(DateTimeOffset now)
    {
        Work.Begin();
        foreach (var shard in _shards)
        {
            foreach (var instanceId in shard.Due.Take(now))
            {
                shard.TryPost(new Mail(instanceId, new InstanceMessage.Due()));
            }
        }

        Work.End();
    }

    /// <summary>Raised with a due time that may be earlier than any known before.</summary>
    public event Action<DateTimeOffset>? DueEarlier;

    /// <summary>Notes when an instance is next due.</summary>
    public void SetDue(Shard shard, string instanceId, DateTimeOffset? due, bool isNewOnly = false)
    {
        if (shard.Due.Set(instanceId, due, isNewOnly) && due is { } earlier)
        {
            DueEarlier?.Invoke(earlier);
        }
    }

    /// <summary>A shard was lost without being given up.</summary>
    public void ShardLost() => _membership.Nudge();

    public void RunActivity(Shard shard, ActivityWork work) => _activities.Run(shard, work);

    public void Changed(string instanceId) => _watch.Changed(instanceId);

    public Task ChangeOf(string instanceId) => _watch.ChangeOf(instanceId);

    public void Deliver(Shard shard, string instanceId, OutboxEntry entry) => _courier.Deliver(shard, instanceId, entry);

    /// <summary>Removes rows that nothing refers to. Should the process end meanwhile they stay behind, unused.</summary>
    public void Remove(string partition, string instanceId, (int From, int To) rows) => _ = RemoveAsync(partition, instanceId, rows);

    public async Task<Instance> LoadAsync(string partition, string instanceId, CancellationToken cancellationToken)
    {
        var instance = new Instance(instanceId, NewRun);
        var row = await Instances.GetEntityIfExistsAsync<TableEntity>(partition, InstanceRows.KeyOf(instanceId), null, cancellationToken);
        if (row.HasValue)
        {
            var values = new LargeValues(Instances, partition, instanceId, cancellationToken);
            var state = await InstanceRows.ReadAsync(row.Value!, values);
            instance.IsStored = true;
            instance.Load(state);
            if (!state.HasEnded)
            {
                (state.Log, var history) = await values.ReadHistoryAsync(row.Value!);
                state.Started = (HistoryEvent.ExecutionStarted)history[0];
                instance.Resume(history);
            }
        }

        return instance;
    }

    private OrchestrationRun NewRun(Instance instance)
    {
        var started = instance.State!.Started;
        var (code, scope) = _catalog.FindOrchestrator(started.Name) ?? (_ => throw new TaskMissingException("orchestrator", started.Name), null);
        return new OrchestrationRun(
            instance.Id, started, code, Converter, _loggers, () => ShardOf(instance.Id).TryPost(new Mail(instance.Id, new InstanceMessage.Entered())))
        {
            Scope = scope,
        };
    }

    private async Task RemoveAsync(string partition, string instanceId, (int From, int To) rows)
    {
        try
        {
            for (var row = rows.From; row < rows.To; row++)
            {
                await Instances.DeleteEntityAsync(partition, InstanceRows.KeyOf(instanceId, row), default, Stopping);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || Outage.IsBehind(exception))
        {
            Log.RowsNotRemoved(Logger, exception, instanceId);
        }
    }
}
