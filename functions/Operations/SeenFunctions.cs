using LeadFunctions.Access;
using LeadFunctions.Events.Seen;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

/// <summary>What editors suggest beside what schemas say.</summary>
public sealed class SeenFunctions(SeenWatch seen)
{
    [Function(nameof(GetSeenNames)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetSeenNames(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/seen")] HttpRequest request, CancellationToken cancellationToken) =>
        WebJson.Ok(await seen.ReadAsync(cancellationToken));
}
