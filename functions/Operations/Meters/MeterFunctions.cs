using LeadFunctions.Access;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Operations.Meters;

/// <summary>Whether sources send, and what storage is asked.</summary>
public sealed class MeterFunctions(MeterWatch meters, IOptions<PricesOptions> prices, TimeProvider time)
{
    [Function(nameof(GetSourceMeters)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetSourceMeters(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/meters/sources")] HttpRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return WebJson.Ok(SourceMeters.Of(await meters.ReadSinceAsync(First(now), cancellationToken), now));
    }

    [Function(nameof(GetStorageMeters)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetStorageMeters(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/meters/storage")] HttpRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return WebJson.Ok(StorageMeters.Of(await meters.ReadSinceAsync(First(now), cancellationToken), prices.Value, now));
    }

    private static DateOnly First(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - SourceMeters.Days);
}
