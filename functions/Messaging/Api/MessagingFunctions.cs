using LeadFunctions.Access;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Messaging.Api;

/// <summary>The rules for all messages, and what was decided of a lead's.</summary>
public sealed class MessagingFunctions(DefinitionsTable table, LeadReader leads)
{
    private readonly SettingDocument _setting = new(table, MessagingStore.Kind, MessagingStore.Id, Unset: """{"consent":"required"}""");

    [Function(nameof(GetMessagingSetting)), RequiresScope(Scope.Read)]
    public Task<IResult> GetMessagingSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/settings/messaging")] HttpRequest request, CancellationToken cancellationToken) => _setting.ShowAsync(cancellationToken);

    /// <summary>In effect at once.</summary>
    [Function(nameof(PutMessagingSetting)), RequiresScope(Scope.Admin)]
    public Task<IResult> PutMessagingSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/settings/messaging")] HttpRequest request, CancellationToken cancellationToken) =>
        _setting.PutAsync(request, body => MessagingDocument.Parse(body).Errors.Select(error => new FieldError(error.Path, error.Message, error.Expected)), cancellationToken);

    /// <summary>What was sent to a lead, is held, or was not sent and why; the newest first.</summary>
    [Function(nameof(ListLeadMessages)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListLeadMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/messages")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] errors)
        {
            return Problems.Invalid(errors);
        }

        return await leads.FindAsync(id, cancellationToken) is not { } lead
            ? Problems.NotFound("The lead")
            : WebJson.Ok(new Page<LeadMessageAnswer>(LeadMessageAnswer.Of(lead.Messages)));
    }
}
