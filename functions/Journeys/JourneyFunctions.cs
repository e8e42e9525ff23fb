using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys;

/// <summary>Journeys: saved as drafts, published, read. What was saved once never changes.</summary>
public sealed class JourneyFunctions(DefinitionsTable table)
{
    internal const string TheJourney = "The journey";
    private const string TheVersion = "This version of the journey";

    [Function(nameof(PutJourney)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/journeys/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", "A journey cannot bear this id.", DefinitionId.Rule);
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var parsed = JourneyDocument.Parse(body);
        if (parsed.Document is null)
        {
            return Problems.InvalidDocument([.. parsed.Errors.Select(e => new FieldError(e.Path, e.Message, e.Expected))]);
        }

        var current = await table.FindAsync(JourneyStore.Kind, id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var expected = Preconditions.Expected(request, current?.ETag);
            var saved = await table.SaveDraftAsync(JourneyStore.Kind, id, DefinitionText.Compact(body), expected, cancellationToken);
            var shown = await ShowAsync(saved.Pointer, saved.Pointer.Latest, cancellationToken);
            return (saved.IsNew ? WebJson.Created($"/api/journeys/{id}", shown) : WebJson.Ok(shown)).WithETag(saved.Pointer.ETag);
        }
        catch (DefinitionChangedException changed)
        {
            return Problems.PreconditionFailed(changed.CurrentETag);
        }
        catch (TextTooLongException)
        {
            return Problems.TooLarge(RequestBody.Limit);
        }
    }

    [Function(nameof(ListJourneys)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListJourneys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointers = await table.ListAsync(JourneyStore.Kind, cancellationToken);
        var states = (await table.ReadLiveAsync(JourneyStore.StateKind, cancellationToken)).ToDictionary(state => state.Id, state => state.Read<JourneyStateDocument>());
        var listed = await Task.WhenAll(pointers.Select(async pointer => new ListedJourney(
            pointer.Id, NameIn(await table.FindVersionAsync(JourneyStore.Kind, pointer.Id, pointer.Live ?? pointer.Latest, cancellationToken)),
            StateOf(pointer, states.GetValueOrDefault(pointer.Id)), pointer.Live, pointer.Latest, pointer.UpdatedAt)));
        return WebJson.Ok(new Page<ListedJourney>(listed));
    }

    [Function(nameof(GetJourney)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var pointer = await FindAsync(id, cancellationToken);
        return pointer is null
            ? Problems.NotFound(TheJourney)
            : WebJson.Ok(await ShowAsync(pointer, pointer.Live ?? pointer.Latest, cancellationToken)).WithETag(pointer.ETag);
    }

    [Function(nameof(ListJourneyVersions)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListJourneyVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var pointer = await FindAsync(id, cancellationToken);
        return pointer is null
            ? Problems.NotFound(TheJourney)
            : WebJson.Ok(new Page<ListedJourneyVersion>([.. (await table.ListVersionsAsync(JourneyStore.Kind, id, cancellationToken))
                .Select(v => new ListedJourneyVersion(v.Version, v.Version == pointer.Live, pointer.Published.Contains(v.Version), v.CreatedAt))
                .Reverse()]));
    }

    [Function(nameof(GetJourneyVersion)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetJourneyVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/versions/{version:int}")] HttpRequest request, string id, int version, CancellationToken cancellationToken)
    {
        var pointer = await FindAsync(id, cancellationToken);
        return pointer is null ? Problems.NotFound(TheJourney)
            : version < 1 || version > pointer.Latest ? Problems.NotFound(TheVersion)
            : WebJson.Ok(await ShowAsync(pointer, version, cancellationToken));
    }

    [Function(nameof(GetJourneySchema)), RequiresScope(Scope.Read)]
    public IResult GetJourneySchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/journey.json")] HttpRequest request) =>
        Results.Bytes(JourneySchema.Json, "application/schema+json");

    internal static JourneyState StateOf(DefinitionPointer pointer, JourneyStateDocument? document) =>
        pointer.Live is null ? JourneyState.Draft : document is null ? JourneyState.Live : JourneyStore.ParseState(document.State);

    private async Task<DefinitionPointer?> FindAsync(string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) ? await table.FindAsync(JourneyStore.Kind, id, cancellationToken) : null;

    private async Task<ShownJourney> ShowAsync(DefinitionPointer pointer, int version, CancellationToken cancellationToken)
    {
        var stored = await table.FindVersionAsync(JourneyStore.Kind, pointer.Id, version, cancellationToken)
            ?? throw new InvalidDataException($"Version {version} of {pointer.Id} is missing though its pointer counts it.");
        var state = await table.FindLiveAsync(JourneyStore.StateKind, pointer.Id, cancellationToken);
        return new ShownJourney(
            pointer.Id, version, StateOf(pointer, state?.Read<JourneyStateDocument>()), pointer.Live, pointer.Latest, stored.CreatedAt, stored.ToElement(),
            JourneyDocument.Parse(Encoding.UTF8.GetBytes(stored.Json)).Warnings);
    }

    private static string NameIn(DefinitionVersion? version)
    {
        if (version is null)
        {
            return "";
        }

        using var json = JsonDocument.Parse(version.Json);
        return json.RootElement.GetProperty("name").GetString() ?? "";
    }
}
