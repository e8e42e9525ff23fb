using System.Collections.Concurrent;
using DevHost.Rpc;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace DevHost.Triggers;

/// <summary>What a function gets besides its trigger: of the inputs that a build can name, the durable client, which is where its hub listens. It stays the same while the job host runs.</summary>
internal sealed class InputBindings
{
    /// <summary>A function that nothing triggers: only inside one does the SDK bind.</summary>
    internal const string Function = "BindDurableClient";

    private TaskCompletionSource<IJobHost> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<(string? Hub, string? Connection), Lazy<Task<string>>> clients = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> asked = new();

    /// <summary>From now on there is something to bind with; what another job host told before no longer holds.</summary>
    internal void Start(IJobHost host)
    {
        if (!started.TrySetResult(host))
        {
            var next = new TaskCompletionSource<IJobHost>();
            next.SetResult(host);
            started = next;
        }

        clients.Clear();
        asked.Clear();
    }

    internal async Task AddAsync(Function function, InvocationRequest request, CancellationToken cancellationToken)
    {
        foreach (var binding in function.Bindings)
        {
            if (binding.Type == "durableClient")
            {
                var client = clients.GetOrAdd((binding.Find("taskHub"), binding.Find("connectionName")), key => new Lazy<Task<string>>(() => BindAsync(key.Hub, key.Connection)));
                request.InputData.Add(new ParameterBinding { Name = binding.Name, Data = new TypedData { String = await client.Value.WaitAsync(cancellationToken) } });
            }
        }
    }

    /// <summary>Called inside <see cref="Function"/>.</summary>
    internal async Task<object?> BindAsync(string key, Binder binder, CancellationToken cancellationToken)
    {
        var parts = key.Split('|');
        var attribute = new DurableClientAttribute { TaskHub = parts[0].Length > 0 ? parts[0] : null, ConnectionName = parts[1].Length > 0 ? parts[1] : null };
        asked[key].TrySetResult(await binder.BindAsync<string>(attribute, cancellationToken));
        return null;
    }

    private async Task<string> BindAsync(string? hub, string? connection)
    {
        var host = await started.Task;
        var key = $"{hub}|{connection}";
        var answer = asked.GetOrAdd(key, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        await host.CallAsync(Function, new Dictionary<string, object> { ["key"] = key });
        return await answer.Task;
    }
}
