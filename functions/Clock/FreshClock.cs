using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Clock;

/// <summary>
/// Before a function runs, has the clock show what all instances' clocks show. Orchestrators go without: they may read no clock. While storage is out of reach an HTTP
/// function goes on, as with definitions; anything else is left to the host's retries.
/// </summary>
public sealed class FreshClock(ClockReader reader, Invocations invocations, ILogger<FreshClock> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition;
        if (context.GetHttpContext() is not null)
        {
            try
            {
                await reader.FreshAsync(context.CancellationToken);
            }
            catch (Exception exception) when (StorageOutage.Is(exception) && !context.CancellationToken.IsCancellationRequested)
            {
                logger.ClockNotRead(function.Name, StorageOutage.Describe(exception));
            }

            await next(context);
            return;
        }

        using var running = invocations.Begin(function.Name);
        if (!context.IsOrchestration())
        {
            await reader.FreshAsync(context.CancellationToken);
        }

        await next(context);
    }
}
