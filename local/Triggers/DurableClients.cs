using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace DevHost.Triggers;

/// <summary>What a function gets besides its trigger: of the inputs that a build can name, the durable client, which is where its hub listens. That stays the same while the host runs.</summary>
internal sealed class DurableClients(Func<IJobHost> jobs)
{
    private readonly ConcurrentDictionary<(string? Hub, string? Connection), Lazy<Task<string>>> clients = new();

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

    private async Task<string> BindAsync(string? hub, string? connection)
    {
        var client = "";
        await jobs().CallAsync(nameof(InsideJob.Run), new Dictionary<string, object>
        {
            ["bind"] = async (Binder binder) => client = await binder.BindAsync<string>(new DurableClientAttribute { TaskHub = hub, ConnectionName = connection }),
        });
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
