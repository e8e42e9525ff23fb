using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Integrations.Api;

public sealed class EventSchemaFunctions
{
    private static readonly DocumentSchema Schema = new("events", hasConditions: false);

    [Function(nameof(GetEventsSchema)), RequiresScope(Scope.Read)]
    public IResult GetEventsSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/events.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);
}
