using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.DurableTask;

/// <summary>The app's functions as tasks. Names compare without regard to case.</summary>
internal sealed class FunctionTasks : ITaskCatalog
{
    private readonly Dictionary<string, LocalFunction> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LocalFunction> _activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly IServiceScopeFactory _scopes;
    private readonly Invoker _invoker;
    private readonly DataConverter _converter;

    public FunctionTasks(FunctionCatalog catalog, IServiceScopeFactory scopes, Invoker invoker, DataConverter converter)
    {
        (_scopes, _invoker, _converter) = (scopes, invoker, converter);
        foreach (var function in catalog.Functions)
        {
            switch (function.Trigger)
            {
                case OrchestrationTriggerAttribute trigger:
                    _orchestrators.Add(trigger.Orchestration ?? function.Name, function);
                    break;
                case ActivityTriggerAttribute trigger:
                    _activities.Add(trigger.Activity ?? function.Name, function);
                    break;
            }
        }
    }

    /// <remarks>The app's middleware is not run around orchestrators: it would have to be as deterministic as they are.</remarks>
    public (OrchestratorCode Code, IDisposable? Scope)? FindOrchestrator(string name)
    {
        if (!_orchestrators.TryGetValue(name, out var function))
        {
            return null;
        }

        var scope = _scopes.CreateScope();
        return (context => RunAsync(function, context, scope.ServiceProvider), scope);
    }

    public Func<ActivityCall, Task<string?>>? FindActivity(string name) => _activities.TryGetValue(name, out var function)
        ? async call => _converter.Serialize(await _invoker.InvokeAsync(function, call, Metadata(call), call.CancellationToken))
        : null;

    private static async Task<object?> RunAsync(LocalFunction function, TaskOrchestrationContext context, IServiceProvider services)
    {
        var invocation = new LocalFunctionContext(function, context, null, services, CancellationToken.None);
        return await function.Body.InvokeAsync(invocation);
    }

    /// <summary>What upstream's host lets an activity bind by name.</summary>
    private static Dictionary<string, object?> Metadata(ActivityCall call) => new() { ["instanceId"] = call.InstanceId };
}
