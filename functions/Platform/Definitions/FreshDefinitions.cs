using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Definitions;

/// <summary>
/// Before any function runs, sees to it that the definitions in memory are not older than they may be: that is why slices can read them
/// synchronously. While storage is out of reach an HTTP function goes on with what is at hand, since its own write decides the answer;
/// anything else is left to the host's retries. Orchestrators read no definitions.
/// </summary>
public sealed class FreshDefinitions(IEnumerable<IFreshness> definitions, ILogger<FreshDefinitions> logger) : IFunctionsWorkerMiddleware
{
    private readonly IFreshness[] _definitions = [.. definitions];

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.IsOrchestration())
        {
            await next(context);
            return;
        }

        try
        {
            await FreshAsync(context.CancellationToken);
        }
        catch (Exception exception) when (context.GetHttpContext() is not null && StorageOutage.Is(exception) && !context.CancellationToken.IsCancellationRequested)
        {
            logger.RequestGoesOn(context.FunctionDefinition.Name, StorageOutage.Describe(exception));
        }

        await next(context);
    }

    // Nearly always all are young, and nothing is allocated; after a pause they are looked after side by side.
    private Task FreshAsync(CancellationToken cancellationToken)
    {
        List<Task>? waits = null;
        foreach (var definitions in _definitions)
        {
            var fresh = definitions.FreshAsync(cancellationToken);
            if (!fresh.IsCompletedSuccessfully)
            {
                (waits ??= []).Add(fresh.AsTask());
            }
        }

        return waits is null ? Task.CompletedTask : Task.WhenAll(waits);
    }
}
