using System.Diagnostics;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Queues;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>Runs a function through the app's middleware.</summary>
internal sealed class Invoker(FunctionExecutionDelegate pipeline, IServiceScopeFactory scopes, QueueOutputs outputs)
{
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    /// <summary>The innermost step: the function itself.</summary>
    internal static Task ExecuteAsync(LocalFunctionContext context)
    {
        var call = context.Function.Body.InvokeAsync(context);
        if (call.IsCompletedSuccessfully)
        {
            context.Result = call.Result;
            return Task.CompletedTask;
        }

        return Finish(call, context);

        static async Task Finish(ValueTask<object?> call, LocalFunctionContext context) => context.Result = await call;
    }

    /// <summary>Runs an invocation whose scope exists already, and sends what it put out.</summary>
    internal async Task InvokeAsync(LocalFunctionContext context)
    {
        using var activity = Source.HasListeners() ? StartActivity(context) : null;
        try
        {
            await pipeline(context);
            if (context.Function.Outputs.Queues.Count > 0)
            {
                await outputs.SendAsync(context);
            }
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    /// <summary>Runs an invocation in a scope of its own; gives what the function returned.</summary>
    internal async Task<object?> InvokeAsync(LocalFunction function, object triggerValue, IReadOnlyDictionary<string, object?>? data, CancellationToken cancellationToken)
    {
        function.Enter();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = new LocalFunctionContext(function, triggerValue, data, scope.ServiceProvider, cancellationToken);
            await InvokeAsync(context);
            return context.Result;
        }
        finally
        {
            function.Leave();
        }
    }

    private static Activity? StartActivity(LocalFunctionContext context)
    {
        var kind = context.HttpContext is null ? ActivityKind.Consumer : ActivityKind.Server;
        ActivityContext.TryParse(Activity.Current?.Id ?? context.HttpContext?.Request.Headers.TraceParent, context.HttpContext?.Request.Headers["tracestate"], isRemote: Activity.Current is null, out var parent);
        var activity = Source.StartActivity($"function {context.Function.Name}", kind, parent);
        activity?.SetTag("faas.name", context.Function.Name)
            .SetTag("faas.trigger", LocalBinding.TypeOf(context.Function.Trigger))
            .SetTag("faas.invocation_id", context.InvocationId);
        return activity;
    }
}
