using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Interests;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.OnSite.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.OnSite.Api;

/// <summary>Contents and pop-ups of pages: saved as drafts, published, read, deleted. What was saved once never changes.</summary>
public sealed class ContentFunctions(DefinitionsTable table, ContentStore contents, LeadScan everybody, RulesInEffect rules, TimeProvider time)
{
    /// <summary>Live ones: each is looked at for each page of each visitor.</summary>
    private const int MostLive = 200;

    private const int MostNamed = 20;

    private static readonly DocumentSchema Schema = new("content");

    private readonly DefinitionRequests<ShownContent> _contents = new(
        table, ContentStore.Kind, "content", "/api/content",
        body => ContentDocument.Parse(body).Errors,
        (pointer, stored, _) =>
        {
            var document = stored.ToElement();
            DocumentError[] warnings = [.. ContentWarnings.Of(document)];
            return Task.FromResult(new ShownContent(
                pointer.Id, stored.Version, pointer.StateOf(stored.Version), pointer.Live, pointer.Latest, stored.CreatedAt, document, warnings.Length > 0 ? warnings : null));
        });

    [Function(nameof(PutContent)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/content/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _contents.PutAsync(request, id, cancellationToken);

    [Function(nameof(PublishContent)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PublishContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/content/{id}/publish")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _contents.PublishAsync(request, id, new(
            published => Task.FromResult(WebJson.Ok(new PublishedContent(id, published.Pointer.Live!.Value, published.IsChanged)).WithETag(published.Pointer.ETag)), // just published
            Refuse: version => Task.FromResult<IResult?>(contents.Live.Count >= MostLive && contents.Live.All(live => live.Id != version.Id) ? Problems.Conflict("There are too many live contents.", $"At most {MostLive}.") : null),
            Rehearse: async version => WebJson.Ok(await ReachAsync(ContentStore.Read(version).Document, cancellationToken))), cancellationToken);

    [Function(nameof(DeleteContent)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeleteContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/content/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _contents.DeleteAsync(request, id, () => Task.FromResult(Results.NoContent()), cancellationToken);

    [Function(nameof(ListContent)), RequiresScope(Scope.Read)]
    public Task<IResult> ListContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/content")] HttpRequest request, CancellationToken cancellationToken) => _contents.ListAsync(
            (pointer, shown) =>
            {
                var document = ContentStore.Read(shown).Document;
                return new ListedContent(pointer.Id, document.Name, document.Slot, document.Kind, pointer.StateOf(pointer.Live ?? pointer.Latest), pointer.Live, pointer.Latest, pointer.UpdatedAt);
            }, cancellationToken);

    [Function(nameof(GetContent)), RequiresScope(Scope.Read)]
    public Task<IResult> GetContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/content/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _contents.GetAsync(id, cancellationToken);

    [Function(nameof(ListContentVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListContentVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/content/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _contents.ListVersionsAsync(id, cancellationToken);

    [Function(nameof(GetContentVersion)), RequiresScope(Scope.Read)]
    public Task<IResult> GetContentVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/content/{id}/versions/{version:int}")] HttpRequest request, string id, int version, CancellationToken cancellationToken) =>
        _contents.GetVersionAsync(id, version, cancellationToken);

    [Function(nameof(GetContentSchema)), RequiresScope(Scope.Read)]
    public IResult GetContentSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/content.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);

    private async Task<ContentReach> ReachAsync(ContentDocument content, CancellationToken cancellationToken)
    {
        var (known, now, scan) = (rules.Current, time.GetUtcNow(), new BriefScan(everybody, time));
        var (fitting, refused, some) = (0, 0, new List<ReachedLead>());
        var asked = content.When is null ? new AskedHistory([], InterestRules.None) : AskedHistory.Of(content.When, known.Scoring.Interests);
        await foreach (var lead in scan.ReadAsync(null, asked, cancellationToken))
        {
            if (!ContentChoice.IsFor(content, LeadProfile.Of(lead, known, now), now))
            {
                continue;
            }

            fitting++;
            if (Visitors.Refuses(lead))
            {
                refused++;
            }
            else if (some.Count < MostNamed)
            {
                some.Add(new(lead.Id, lead.Whole.Name, lead.Whole.Email));
            }
        }

        return new(scan.Looked, scan.StoppedAt is not null, fitting, refused, some);
    }
}
