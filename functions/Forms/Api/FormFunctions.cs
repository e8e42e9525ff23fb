using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Forms.Confirming;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Forms.Api;

/// <summary>Forms: saved as drafts, published, read, deleted. What was saved once never changes, so that whoever agreed to a text agreed to that text.</summary>
public sealed class FormFunctions(DefinitionsTable definitions, FormsTable table, FormCounts counts, FormsOptions options, TemplateStore templates, FormFiles files, TimeProvider time)
{
    // Its address is where people confirm.
    private const string Taken = "confirm";

    private static readonly DocumentSchema Schema = new("form", hasConditions: false);

    [Function(nameof(PutForm)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/forms/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Forms().PutAsync(request, id, cancellationToken);

    [Function(nameof(PublishForm)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PublishForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/forms/{id}/publish")] HttpRequest request, string id, CancellationToken cancellationToken) => Forms().PublishAsync(request, id, new(
            published => Task.FromResult(WebJson.Ok(new PublishedForm(id, published.Pointer.Live!.Value, published.IsChanged)).WithETag(published.Pointer.ETag)), // just published
            Refuse: version => Task.FromResult<IResult?>(Fault(FormStore.Read(version).Document)),
            Rehearse: _ => Task.FromResult(WebJson.Ok(PublicationEffect.None))), cancellationToken);

    [Function(nameof(DeleteForm)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeleteForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/forms/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Forms().DeleteAsync(request, id, async () =>
        {
            await table.ForgetAsync(id, cancellationToken);
            await files.ForgetAsync(id, submission: null, cancellationToken);
            return Results.NoContent();
        }, cancellationToken);

    [Function(nameof(ListForms)), RequiresScope(Scope.Read)]
    public Task<IResult> ListForms(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms")] HttpRequest request, CancellationToken cancellationToken) => Forms().ListAsync(
            (pointer, shown) => new ListedForm(pointer.Id, FormStore.Read(shown).Document.Name, pointer.StateOf(pointer.Live ?? pointer.Latest), pointer.Live, pointer.Latest, pointer.UpdatedAt), cancellationToken);

    [Function(nameof(GetForm)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        await counts.FlushAsync(cancellationToken);
        return await Forms(withStats: true).GetAsync(id, cancellationToken);
    }

    [Function(nameof(ListFormVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListFormVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Forms().ListVersionsAsync(id, cancellationToken);

    [Function(nameof(GetFormVersion)), RequiresScope(Scope.Read)]
    public Task<IResult> GetFormVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}/versions/{version:int}")] HttpRequest request, string id, int version, CancellationToken cancellationToken) =>
        Forms().GetVersionAsync(id, version, cancellationToken);

    [Function(nameof(GetFormSchema)), RequiresScope(Scope.Read)]
    public IResult GetFormSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/form.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);

    private DefinitionRequests<ShownForm> Forms(bool withStats = false) => new(
        definitions, FormStore.Kind, "form", "/api/forms",
        body => FormDocument.Parse(body).Errors,
        async (pointer, stored, token) =>
        {
            var document = stored.ToElement();
            DocumentError[] warnings = [.. FormDocument.Parse(document).Errors, .. PatternsGivenUp.In(document)];
            return new(
                pointer.Id, stored.Version, pointer.StateOf(stored.Version), pointer.Live, pointer.Latest, stored.CreatedAt, document,
                withStats ? FormStats.Of(await table.CountsAsync(pointer.Id, token)) : null, warnings.Length > 0 ? warnings : null);
        },
        (id, _) => id == Taken ? [new("id", "A form cannot bear this id: it is an address of its own.", "another one")] : []);

    private ProblemResult? Fault(FormDocument form) => form.DoubleOptIn?.Template is { } named && Unusable(named) is { } why
        ? Problems.Conflict("Nobody could confirm by this template.", why)
        : form.DoubleOptIn is { } optIn && MailAddresses.Find(optIn.From ?? options.From) is null
        ? Problems.Conflict("Nobody could send the mail that asks to confirm.", $"Say whom it is from, in doubleOptIn.from or, for all forms, in the setting LeadFunctions__Forms__From: {MailAddresses.Expected}.")
        : null;

    private string? Unusable(string template) =>
        templates.FindLive(template) is not { } live ? $"doubleOptIn.template: there is no published template \"{template}\"."
        : live.Template.Document.Kind != TemplateDocument.Email ? $"doubleOptIn.template: \"{template}\" is a push message, and this one is mailed."
        : ConfirmMails.Render(live, new("example", "example", 1, "en", "Example", "somebody@example.com", "https://example.com/f/confirm/example", template, null, time.GetUtcNow())) is null
            ? $"doubleOptIn.template: the HTML and the text of \"{template}\" need {{{{ data.{ConfirmMails.UrlName} }}}}, where it is confirmed."
        : null;
}
