using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Api;

/// <summary>Journeys: saved as drafts, published, read. What was saved once never changes.</summary>
public sealed class JourneyFunctions(DefinitionsTable table, SecondPersons persons, PublicationEffects effects, TemplateStore templates, FormStore forms)
{
    internal const string TheJourney = "The journey";

    private static readonly DocumentSchema Schema = new("journey");

    private readonly DefinitionRequests<ShownJourney> _journeys = new(
        table, JourneyStore.Kind, "journey", "/api/journeys",
        body => ParsedJourney.Of(body).Errors,
        async (pointer, stored, cancellationToken) =>
        {
            var state = await table.FindLiveAsync(JourneyStore.StateKind, pointer.Id, cancellationToken);
            return new(
                pointer.Id, stored.Version, StateOf(pointer, state?.Read<JourneyStateDocument>()), pointer.Live, pointer.Latest, stored.CreatedAt, stored.ToElement(),
                WarningsOf(stored, templates, forms));
        });

    [Function(nameof(PutJourney)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/journeys/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _journeys.PutAsync(request, id, cancellationToken);

    [Function(nameof(PublishJourney)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PublishJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/publish")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => await _journeys.PublishAsync(request, id, new(async published =>
    {
        // Also when nothing changed: it may be the repetition of a publication after which the app died.
        if (await NeedsLookAsync(table, id, published.Pointer.Live!.Value, cancellationToken)) // just published
        {
            await JourneyStateFunctions.StartWalkAsync(
                client, nameof(ChoreOrchestrations.NoteDates), id, table,
                $"dates.{id}.{published.Pointer.Live}.{published.Pointer.UpdatedAt.ToUnixTimeMilliseconds()}", cancellationToken);
        }

        var state = await table.FindLiveAsync(JourneyStore.StateKind, id, cancellationToken);
        var live = await table.FindVersionAsync(JourneyStore.Kind, id, published.Pointer.Live.Value, cancellationToken); // likewise
        return WebJson.Ok(new ChangedJourney(
            id, StateOf(published.Pointer, state?.Read<JourneyStateDocument>()), published.Pointer.Live, published.IsChanged, live is null ? null : WarningsOf(live, templates, forms))).WithETag(published.Pointer.ETag);
    },
        Rehearse: async version => WebJson.Ok(await effects.OfAsync(known => known with { Journeys = known.Journeys.With(JourneyStore.Read(version)) }, id, cancellationToken)),
        By: await persons.ForAsync(request, Approvable.Journeys, cancellationToken)), cancellationToken);

    [Function(nameof(DeclineJourney)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeclineJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/decline")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _journeys.DeclineAsync(request, id, SecondPersons.PersonOf(request), cancellationToken);

    [Function(nameof(GetJourney)), RequiresScope(Scope.Read)]
    public Task<IResult> GetJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _journeys.GetAsync(id, cancellationToken);

    [Function(nameof(ListJourneyVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListJourneyVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _journeys.ListVersionsAsync(
            id, (pointer, one) => new ListedJourneyVersion(one.Version, one.Version == pointer.Live, pointer.Published.Contains(one.Version), one.CreatedAt, one.Author?.By.Name, one.Author?.Note), cancellationToken);

    [Function(nameof(GetJourneyVersion)), RequiresScope(Scope.Read)]
    public Task<IResult> GetJourneyVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/versions/{version:int}")] HttpRequest request, string id, int version, CancellationToken cancellationToken) =>
        _journeys.GetVersionAsync(id, version, cancellationToken);

    [Function(nameof(GetJourneySchema)), RequiresScope(Scope.Read)]
    public IResult GetJourneySchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/journey.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);

    internal static JourneyState StateOf(DefinitionPointer pointer, JourneyStateDocument? document) =>
        pointer.Live is null ? JourneyState.Draft : document is null ? JourneyState.Live : JourneyStore.ParseState(document.State);

    /// <summary>Also what only templates and forms tell.</summary>
    internal static IReadOnlyList<DocumentError> WarningsOf(DefinitionVersion version, TemplateStore templates, FormStore forms)
    {
        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes(version.Json));
        return parsed.Document is not { } document ? parsed.Warnings :
        [
            .. parsed.Warnings,
            .. UnaskedMessages.Warnings(document, templates.TopicOf),
            .. MessagesWithoutWayOut.Warnings(document, templates.TopicOf, send => send.Channel == Addresses.Mail ? templates.WithoutWayOut(send.Template) : []),
            .. UnconfirmedMessages.Warnings(document, form => forms.Find(form)?.Document.DoubleOptIn is not null, templates.TopicOf),
        ];
    }

    /// <summary>Time starts it: every known lead must note when that may be.</summary>
    internal static async Task<bool> NeedsLookAsync(DefinitionsTable table, string id, int version, CancellationToken cancellationToken) =>
        await table.FindVersionAsync(JourneyStore.Kind, id, version, cancellationToken) is { } stored && JourneyStore.Read(stored).Document.Trigger is Trigger.Date or Trigger.Engagement;

    internal static string NameIn(DefinitionVersion version)
    {
        using var json = JsonDocument.Parse(version.Json);
        return json.RootElement.GetProperty("name").GetString() ?? "";
    }
}
