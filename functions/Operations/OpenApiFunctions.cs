using LeadFunctions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

public sealed class OpenApiFunctions(OpenApiDocument document)
{
    [Function(nameof(GetOpenApi)), RequiresScope(Scope.Read)]
    public IResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Bytes(document.Json, "application/json");
}
