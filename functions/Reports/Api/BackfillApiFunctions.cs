using LeadFunctions.Access;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Backfill;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Reports.Api;

/// <summary>Facts of what happened before they were kept: has them made, and tells how far that is.</summary>
public sealed class BackfillApiFunctions(TimeProvider time)
{
    [Function(nameof(StartBackfill)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> StartBackfill(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/reports/backfill")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        WebJson.Accepted(await BackfillFunctions.StartAsync(client, time.GetUtcNow(), cancellationToken));

    [Function(nameof(GetBackfill)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetBackfill(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/backfill")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await BackfillFunctions.FindAsync(client, cancellationToken) is { } progress ? WebJson.Ok(progress) : Problems.NotFound("A backfill");
}
