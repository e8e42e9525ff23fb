using System.Security.Cryptography;
using LeadFunctions.Access;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Erasures;

/// <summary>Erasing somebody, and how far that is. Asked for again, it is the same erasure.</summary>
public sealed class ErasureFunctions(LeadReader leads, ErasuresTable table, ErasureRuns runs, TimeProvider time, ILogger<ErasureFunctions> logger)
{
    [Function(nameof(DeleteLead)), RequiresScope(Scope.Admin)]
    public async Task<IResult> DeleteLead(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/leads/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        if (await leads.FindErasedAsync(id, cancellationToken) is { } erased && await table.FindAsync(erased.Id, cancellationToken) is { State: var before })
        {
            await runs.ReviveAsync(client, before, cancellationToken);
            return Accepted(request, before);
        }

        if (await leads.FindAsync(id, cancellationToken) is null)
        {
            return Problems.NotFound("The lead");
        }

        // By the id that was asked for: should it be parted from others before anybody begins, it is this one that goes.
        var now = time.GetUtcNow();
        var erasure = new ErasureState(Guid.CreateVersion7(now).ToString("N"), id, now, Caller.Of(request).KeyId) { Salt = RandomNumberGenerator.GetHexString(32) };
        await table.AddAsync(erasure, cancellationToken);
        await runs.ScheduleAsync(client, erasure, cancellationToken);
        logger.ErasureAsked(erasure.Id, erasure.By);
        return Accepted(request, erasure);
    }

    [Function(nameof(GetErasure)), RequiresScope(Scope.Admin)]
    public async Task<IResult> GetErasure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/erasures/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { State: var erasure })
        {
            return Problems.NotFound("The erasure");
        }

        await runs.ReviveAsync(client, erasure, cancellationToken);
        return WebJson.Ok(ShownErasure.Of(erasure));
    }

    private static IResult Accepted(HttpRequest request, ErasureState erasure)
    {
        request.HttpContext.Response.Headers.Location = $"/api/erasures/{erasure.Id}";
        return WebJson.Accepted(ShownErasure.Of(erasure));
    }
}
