using LeadFunctions.Access;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

/// <summary>Which documents name a document.</summary>
public sealed class UsesFunctions(DocumentReferrers referrers)
{
    [Function(nameof(ListUses)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListUses(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/uses")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "kind", "id").ToList() is [_, ..] errors)
        {
            return Problems.Invalid(errors);
        }

        var (kind, id) = (request.Query["kind"].ToString(), request.Query["id"].ToString());
        if (!DocumentUses.Kinds.Contains(kind))
        {
            return Problems.Invalid("kind", "Documents name none of this kind.", $"one of {string.Join(", ", DocumentUses.Kinds)}");
        }

        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", "No document bears this id.", DefinitionId.Rule);
        }

        return WebJson.Ok(new Page<Use>(await referrers.FindAsync(kind, id, cancellationToken)));
    }
}
