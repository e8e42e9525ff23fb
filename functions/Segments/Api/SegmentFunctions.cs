using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Segments.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Api;

/// <summary>Segments: saved as drafts, published, read, deleted. What was saved once never changes.</summary>
public sealed class SegmentFunctions(DefinitionsTable table, SecondPersons persons, SegmentStore segments, Fills fills, PublicationEffects effects, TimeProvider time)
{
    internal static readonly string TheSegment = "The segment";

    private static readonly IReadOnlyList<string> Taken = ["compare", "preview"];

    /// <summary>Live ones: each is looked at for each new lead.</summary>
    private const int MostLive = 500;

    /// <summary>Each is kept in every lead's row, a thousand events at most: together they must leave it room for the rest.</summary>
    private const int MostTallies = 30;

    private static readonly DocumentSchema Schema = new("segment");

    [Function(nameof(PutSegment)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/segments/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Segments().PutAsync(request, id, cancellationToken);

    [Function(nameof(PublishSegment)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PublishSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/segments/{id}/publish")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => await Segments().PublishAsync(request, id, new(
            async published =>
            {
                // Also when nothing changed: it may be the repetition of a publication after which the app died.
                await fills.StartAsync(client, id, cancellationToken);
                if (await AsksRfmAsync(id, cancellationToken))
                {
                    await fills.EnsureCountAsync(client, time.GetUtcNow(), cancellationToken);
                }

                return WebJson.Ok(new PublishedSegment(id, published.Pointer.Live!.Value, published.IsChanged)).WithETag(published.Pointer.ETag); // just published
            },
            Refuse: version => FaultAsync(SegmentStore.Read(version), cancellationToken),
            Rehearse: async version => WebJson.Ok(await effects.OfAsync(
                known => known with { Segments = known.Segments.With(SegmentStore.Read(version) with { QuietSince = request.Query["quiet"] == "true" ? time.GetUtcNow() : null }) }, journey: null, cancellationToken)),
            By: await persons.ForAsync(request, Approvable.Segments, cancellationToken), MayBeQuiet: true), cancellationToken);

    [Function(nameof(DeclineSegment)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeclineSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/segments/{id}/decline")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Segments().DeclineAsync(request, id, SecondPersons.PersonOf(request), cancellationToken);

    [Function(nameof(DeleteSegment)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/segments/{id}")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var asking = (await LiveAsync(cancellationToken)).Where(segment => segment.Id != id && segment.Document.Asks.Contains(id)).Select(segment => segment.Id).ToList();
        if (asking.Count > 0)
        {
            return Problems.Conflict("Other segments ask for this one.", $"Change or delete these first: {string.Join(", ", asking)}.");
        }

        if (DefinitionId.IsValid(id) && await table.FindAsync(SegmentStore.Kind, id, cancellationToken) is { Live: not null })
        {
            // Before it is deleted, which may be the last that this app does. It waits, and finds it gone.
            await fills.StartDeletedAsync(client, id, cancellationToken);
        }

        return await Segments().DeleteAsync(request, id, () => Task.FromResult(Results.NoContent()), cancellationToken, await persons.ForAsync(request, Approvable.Segments, cancellationToken));
    }

    [Function(nameof(GetSegment)), RequiresScope(Scope.Read)]
    public Task<IResult> GetSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/{id}")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => Segments(client).GetAsync(id, cancellationToken);

    [Function(nameof(ListSegmentVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListSegmentVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        Segments().ListVersionsAsync(id, cancellationToken);

    [Function(nameof(GetSegmentVersion)), RequiresScope(Scope.Read)]
    public Task<IResult> GetSegmentVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/{id}/versions/{version:int}")] HttpRequest request, string id, int version, CancellationToken cancellationToken) =>
        Segments().GetVersionAsync(id, version, cancellationToken);

    [Function(nameof(GetSegmentSchema)), RequiresScope(Scope.Read)]
    public IResult GetSegmentSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/segment.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);

    /// <param name="client">Where it is to be shown how far a publication is.</param>
    private DefinitionRequests<ShownSegment> Segments(DurableTaskClient? client = null) => new(
        table, SegmentStore.Kind, "segment", "/api/segments",
        body => SegmentDocument.Parse(body).Errors,
        async (pointer, stored, token) =>
        {
            var document = stored.ToElement();
            DocumentError[] warnings = [.. SegmentDocument.Parse(document).Errors, .. PatternsGivenUp.In(document)];
            return new(
                pointer.Id, stored.Version, pointer.StateOf(stored.Version), pointer.Live, pointer.Latest, stored.CreatedAt, document,
                client is null ? null : await Fills.FindAsync(client, pointer.Id, token), warnings.Length > 0 ? warnings : null);
        },
        (id, body) => Taken.Contains(id) ? [new("id", "A segment cannot bear this id: it is an address of its own.", "another one")]
            : SegmentDocument.Parse(body).Document is { } document && SegmentRules.CircleOf(new(id, 0, document), segments.Current.All) is { } circle
            ? [new("$.when", $"This segment would ask for itself: {Shown(circle)}.", "segments that do not lead back to it")]
            : []);

    /// <summary>Why it cannot be published beside those that are live; null when it can.</summary>
    private async Task<IResult?> FaultAsync(Segment draft, CancellationToken cancellationToken)
    {
        var live = await LiveAsync(cancellationToken);
        var tallies = live.Where(segment => segment.Id != draft.Id).Append(draft).SelectMany(segment => segment.Document.When.Tallies).DistinctBy(tally => tally.Key).Count();
        return tallies > MostTallies ? Problems.Conflict(
                "The live segments would ask too many different questions about past events.", $"With this one {tallies}; at most {MostTallies} of events with \"where\", \"sum\", \"distinct\", \"first\", \"last\" or \"then\" are kept of each lead.")
            : SegmentRules.CircleOf(draft, live) is { } circle ? Problems.Conflict("This segment would ask for itself.", $"{Shown(circle)}.")
            : live.Count >= MostLive && live.All(segment => segment.Id != draft.Id) ? Problems.Conflict("There are too many live segments.", $"At most {MostLive}.")
            : null;
    }

    private async Task<bool> AsksRfmAsync(string id, CancellationToken cancellationToken) =>
        await table.FindLiveAsync(SegmentStore.Kind, id, cancellationToken) is { } live && SegmentStore.Read(live).Document.When.Tallies.Contains(RfmAtom.Orders);

    private async Task<IReadOnlyList<Segment>> LiveAsync(CancellationToken cancellationToken) =>
        [.. (await table.ReadLiveAsync(SegmentStore.Kind, cancellationToken)).Select(SegmentStore.Read)];

    private static string Shown(IEnumerable<string> circle) => string.Join(" → ", circle);
}
