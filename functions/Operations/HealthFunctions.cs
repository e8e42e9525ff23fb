using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

/// <summary>Whether this instance can do its work: it can when storage answers.</summary>
public sealed class HealthFunctions(StorageClients storage, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    [Function(nameof(Health))]
    public async Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "healthz")] HttpRequest request, CancellationToken cancellationToken)
    {
        var checks = await Task.WhenAll(
            CheckAsync("tables", token => storage.Table(DefinitionsTable.Name).GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: token), cancellationToken),
            CheckAsync("queues", token => storage.Queue(Queues.LeadEvents).GetPropertiesAsync(token), cancellationToken));
        var isReady = checks.All(c => c.Ok);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new Health(isReady ? "ready" : "unavailable", checks), WebJson.Options, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<HealthCheck> CheckAsync(string name, Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        var started = time.GetTimestamp();
        try
        {
            await probe(timeout.Token);
            return new HealthCheck(name, Ok: true, Elapsed());
        }
        catch (Exception exception) when (StorageOutage.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheck(name, Ok: false, Elapsed(), StorageOutage.Describe(exception));
        }

        double Elapsed() => Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 1);
    }
}

public sealed record Health(string Status, IReadOnlyList<HealthCheck> Checks);

/// <param name="Reason">What went wrong; no address and no secret.</param>
public sealed record HealthCheck(string Name, bool Ok, double LatencyMs, string? Reason = null);
