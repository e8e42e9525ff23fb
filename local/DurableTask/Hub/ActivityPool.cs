using System.Threading.Channels;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Runs activities, a limited number at once, and answers the instances that asked for them.</summary>
internal sealed class ActivityPool(DurableHub hub, ITaskCatalog catalog)
{
    private readonly Channel<(Shard Shard, ActivityWork Work)> _waiting = Channel.CreateUnbounded<(Shard, ActivityWork)>();
    private readonly List<Task> _runners = [];

    public void Start()
    {
        for (var runner = 0; runner < hub.Options.ActivitiesAtOnce; runner++)
        {
            _runners.Add(Task.Run(RunAllAsync));
        }
    }

    public void Run(Shard shard, ActivityWork work)
    {
        hub.Work.Begin();
        shard.ActivityStarted();
        if (!_waiting.Writer.TryWrite((shard, work)))
        {
            End(shard);
        }
    }

    public async Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_runners);
    }

    private async Task RunAllAsync()
    {
        await foreach (var (shard, work) in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                // A shard that has moved meanwhile runs its activities elsewhere.
                if (shard.IsOwned && await RunAsync(work) is { } answer)
                {
                    shard.TryPost(new Mail(work.InstanceId, work.Entry is { } entry ? new InstanceMessage.Delivered([entry]) : answer));
                }
            }
            finally
            {
                End(shard);
            }
        }
    }

    /// <summary>Null when it gave way to this process's end: it runs again elsewhere.</summary>
    private async Task<InstanceMessage.Answer?> RunAsync(ActivityWork work)
    {
        var task = work.Task;
        if (catalog.FindActivity(task.Name) is not { } activity)
        {
            var missing = new TaskMissingException("activity", task.Name);
            return Failed(FailureRecord.Of(TaskFailureDetails.FromException(missing)) with { IsFinal = true });
        }

        try
        {
            var result = await activity(new ActivityCall(work.InstanceId, task.Name, task.Id, task.Input, hub.Cancelling));
            return new InstanceMessage.Answer(work.ExecutionId, task.Id, result, null);
        }
        catch (OperationCanceledException) when (hub.Cancelling.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // Whatever an activity throws is its orchestrator's to handle.
            Log.ActivityFailed(hub.Logger, exception, task.Name, work.InstanceId);
            return Failed(FailureRecord.Of(TaskFailureDetails.FromException(exception)));
        }

        InstanceMessage.Answer Failed(FailureRecord failure) => new(work.ExecutionId, task.Id, null, failure);
    }

    private void End(Shard shard)
    {
        shard.ActivityEnded();
        hub.Work.End();
    }
}
