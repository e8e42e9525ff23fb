using LeadFunctions.Access;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Tail.Api;

/// <summary>
/// What comes in just now, for whoever looks. Asking is what has it written down: each question says to all instances that somebody looks on for some minutes more. So there is nothing to begin or to end, and a page
/// that was closed costs nothing after a while.
/// </summary>
public sealed class TailFunctions(TailTable table, Sources sources, DefinitionsTable definitions, TimeProvider time)
{
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>Said anew when less is left: once a minute, however many look however often.</summary>
    private static readonly TimeSpan RenewedAt = TimeSpan.FromMinutes(4);

    [Function(nameof(GetTail)), RequiresScope(Scope.Read), ShowsPeople]
    public async Task<IResult> GetTail([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/tail")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = TailRequest.Of(request.Query);
        if (asked.Errors.Count > 0)
        {
            return Problems.Invalid(asked.Errors);
        }

        var now = time.GetUtcNow();
        var watch = await WatchAsync(now, cancellationToken);
        var since = asked.After is { } after && TailTable.TimeOf(after) - TailPage.Overlap is var seen && seen > now - TailTable.Age ? seen : now - TailTable.Age;
        return WebJson.Ok(await TailPage.OfAsync(table.ReadAsync(since, cancellationToken), asked, watch.Since + definitions.KnownWithin, now, cancellationToken));
    }

    private async Task<Watch> WatchAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = sources.Watch is { } watch && watch.Until > now ? watch : null;
        if (known is not null && known.Until - now > RenewedAt)
        {
            return known;
        }

        var next = new Watch(known?.Since ?? now, now + Lasts);
        await definitions.WatchAsync(Sources.Kind, next, cancellationToken);
        await table.RemoveOlderAsync(now - TailTable.Age, cancellationToken);
        return next;
    }
}
