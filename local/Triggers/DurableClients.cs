using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace DevHost.Triggers;

/// <summary>What a function gets besides its trigger: of the inputs that a build can name, the durable client, which is where its hub listens. That stays the same while a job host runs.</summary>
internal sealed class DurableClients
{
    private readonly ConcurrentDictionary<(string? Hub, string? Connection), Task<string>> clients = new();
    private volatile TaskCompletionSource<IJobHost> jobs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on this one is asked; what another told before no longer holds.</summary>
    internal void Use(IJobHost host)
    {
        var first = jobs;
        (jobs = new()).SetResult(host);
        first.TrySetResult(host);
        clients.Clear();
    }

    internal async Task AddAsync(Function function, InvocationRequest request, CancellationToken cancellationToken)
    {
        foreach (var binding in function.DurableClients)
        {
            var client = await clients.GetOrAdd((binding["taskHub"], binding["connectionName"]), BindAsync).WaitAsync(cancellationToken);
            request.InputData.Add(new ParameterBinding { Name = binding["name"], Data = new TypedData { String = client } });
        }
    }

    private async Task<string> BindAsync((string? Hub, string? Connection) key)
    {
        var client = "";
        var bind = async (Binder binder) => client = await binder.BindAsync<string>(new DurableClientAttribute { TaskHub = key.Hub, ConnectionName = key.Connection });
        await (await jobs.Task).CallAsync(nameof(InsideJob.Run), new Dictionary<string, object> { ["bind"] = bind });
        return client;
    }
}

/// <summary>A job that nothing triggers: only inside one does the SDK bind.</summary>
public static class InsideJob
{
    /// <summary>Calls what it is given.</summary>
    [NoAutomaticTrigger]
    public static Task Run(Func<Binder, Task<string>> bind, Binder binder) => bind(binder);
}
