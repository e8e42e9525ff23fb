using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Templates.Api;

/// <summary>Templates: saved as drafts, published, read. What was saved once never changes.</summary>
public sealed class TemplateFunctions(DefinitionsTable table, SecondPersons persons, TemplateSenders senders)
{
    internal static readonly string TheTemplate = "The template";

    private static readonly DocumentSchema Schema = new("template");

    private readonly DefinitionRequests<ShownTemplate> _templates = new(
        table, TemplateStore.Kind, "template", "/api/templates",
        body => TemplateParser.Parse(body).Errors,
        (pointer, stored, _) => Task.FromResult(new ShownTemplate(
            pointer.Id, stored.Version, pointer.StateOf(stored.Version), pointer.Live, pointer.Latest, stored.CreatedAt, stored.ToElement())));

    [Function(nameof(PutTemplate)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/templates/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _templates.PutAsync(request, id, cancellationToken);

    [Function(nameof(PublishTemplate)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PublishTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/templates/{id}/publish")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await _templates.PublishAsync(request, id, new(
            published => Task.FromResult(WebJson.Ok(new PublishedTemplate(id, published.Pointer.Live!.Value, published.IsChanged)).WithETag(published.Pointer.ETag)), // just published
            Rehearse: _ => Task.FromResult(WebJson.Ok(PublicationEffect.None)),
            By: await persons.ForAsync(request, Approvable.Templates, cancellationToken)), cancellationToken);

    [Function(nameof(DeclineTemplate)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeclineTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/templates/{id}/decline")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _templates.DeclineAsync(request, id, SecondPersons.PersonOf(request), cancellationToken);

    /// <summary>Not while something live names it, somebody is inside a version of a journey that does, or a campaign is still to send it.</summary>
    [Function(nameof(DeleteTemplate)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/templates/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await _templates.DeleteAsync(
            request, id, () => Task.FromResult(Results.NoContent()), cancellationToken, await persons.ForAsync(request, Approvable.Templates, cancellationToken), _ => senders.FaultAsync(id, cancellationToken));

    [Function(nameof(ListTemplates)), RequiresScope(Scope.Read)]
    public Task<IResult> ListTemplates(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/templates")] HttpRequest request, CancellationToken cancellationToken) => _templates.ListAsync(
            (pointer, shown) =>
            {
                var document = TemplateStore.Read(shown).Document;
                return new ListedTemplate(pointer.Id, document.Name, document.Kind, document.Topic, document.Tags, pointer.StateOf(pointer.Live ?? pointer.Latest), pointer.Live, pointer.Latest, pointer.UpdatedAt);
            }, cancellationToken);

    [Function(nameof(GetTemplate)), RequiresScope(Scope.Read)]
    public Task<IResult> GetTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/templates/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _templates.GetAsync(id, cancellationToken);

    [Function(nameof(ListTemplateVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListTemplateVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/templates/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _templates.ListVersionsAsync(id, cancellationToken);

    [Function(nameof(GetTemplateVersion)), RequiresScope(Scope.Read)]
    public Task<IResult> GetTemplateVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/templates/{id}/versions/{version:int}")] HttpRequest request, string id, int version, CancellationToken cancellationToken) =>
        _templates.GetVersionAsync(id, version, cancellationToken);

    [Function(nameof(GetTemplateSchema)), RequiresScope(Scope.Read)]
    public IResult GetTemplateSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/template.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);
}
