using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Audit;

/// <summary>
/// Puts down every management request that changes something, exports people, or shows them, before its answer leaves: what could not be put down is not shown. What was refused is not there. The same
/// person's look at the same lead, or the same list, is put down once in a while, not each time: pages look often, and at a lead from seven sides.
/// </summary>
public sealed class AuditTrail(RouteScopes routes, AuditTable table, TimeProvider time) : IFunctionsWorkerMiddleware
{
    private const int Remembered = 20_000;

    /// <summary>Of the text of what is deleted: a longer one would not fit beside the rest.</summary>
    private const int MostCharacters = 300_000;

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
    private async Task PutDownAsync(HttpRequest request, string function, AuditKind kind, IReadOnlyList<RequestChange> changes)
    {
        var (caller, lead, now) = (Caller.Of(request), AuditRules.LeadIn(request.Path), time.GetUtcNow());
        var look = kind == AuditKind.View ? $"{caller.KeyId} {lead ?? AuditRules.ListIn(request)}" : null;
        if (look is not null && IsAnother(look))
        {
            return;
        }

        var target = AuditRules.TargetOf(request.Path, request.Query);
        await table.AddAsync(new(AuditTable.NewId(now), now, new(caller.KeyId, caller.Name), kind, function, target, lead, [.. changes.Select(Kept)]), CancellationToken.None);
        if (look is not null)
        {
            _looks.Keep(look, RealTime());
        }
    }

    private static RequestChange Kept(RequestChange change) =>
        change with { TextBefore = change.TextBefore is { Length: <= MostCharacters } text ? Secrets.Without(text).GetRawText() : null };

    private bool IsAnother(string look) => _looks.TryFind(look, out var at) && RealTime() - at < OneLook;

    /// <summary>This machine's own: a clock that was moved makes nobody look again.</summary>
    private static TimeSpan RealTime() => TimeProvider.System.GetElapsedTime(0);
}
