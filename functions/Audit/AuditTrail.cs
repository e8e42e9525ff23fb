using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Audit;

/// <summary>
/// Puts down every management request that changes something, exports people, or shows them, before its answer leaves: what could not be put down is not shown. What was refused is not there. The same
/// view by the same person is put down once in a while, not at each look: pages look often.
/// </summary>
public sealed class AuditTrail(RouteScopes routes, AuditTable table, TimeProvider time) : IFunctionsWorkerMiddleware
{
    private const int Remembered = 20_000;

    private static readonly TimeSpan OneLook = TimeSpan.FromMinutes(10);

    private readonly RecentCache<TimeSpan> _looks = new(Remembered);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition.Name;
        if (context.GetHttpContext() is not { } http || !routes.IsManagement(function, out _) || AuditRules.KindOf(http.Request.Method, http.Request.Query, routes.Shows(function)) is not { } kind)
        {
            await next(context);
            return;
        }

        var changes = RequestChanges.Listen();
        try
        {
            await next(context);
        }
        catch (Exception) when (changes.Count > 0)
        {
            await PutDownAsync(http.Request, function, kind, changes); // what was changed before it failed is changed
            throw;
        }

        if (context.GetInvocationResult().Value is not ProblemResult || changes.Count > 0)
        {
            await PutDownAsync(http.Request, function, kind, changes);
        }
    }

    // A caller who hangs up meanwhile is put down all the same.
    private Task PutDownAsync(HttpRequest request, string function, AuditKind kind, IReadOnlyList<RequestChange> changes)
    {
        var caller = Caller.Of(request);
        if (kind == AuditKind.View && IsAnotherLook($"{caller.KeyId} {request.Method} {request.Path} {request.QueryString}"))
        {
            return Task.CompletedTask;
        }

        var now = time.GetUtcNow();
        var target = AuditRules.TargetOf(request.Path, request.Query);
        return table.AddAsync(new(AuditTable.NewId(now), now, new(caller.KeyId, caller.Name), kind, function, target, AuditRules.LeadIn(request.Path), [.. changes]), CancellationToken.None);
    }

    /// <summary>By this machine's own time: a clock that was moved makes nobody look again.</summary>
    private bool IsAnotherLook(string look)
    {
        var now = TimeProvider.System.GetElapsedTime(0);
        if (_looks.TryFind(look, out var at) && now - at < OneLook)
        {
            return true;
        }

        _looks.Keep(look, now);
        return false;
    }
}
