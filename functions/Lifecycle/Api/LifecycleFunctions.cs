using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Segments.Fill;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>The lifecycle: saved as drafts, published, read. What was saved once never changes.</summary>
public sealed class LifecycleFunctions(DefinitionsTable table, SecondPersons persons, Fills fills, PublicationEffects effects)
{
    private static readonly DocumentSchema Schema = new("lifecycle");

    [Function(nameof(PutLifecycle)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutLifecycle([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/lifecycle")] HttpRequest request, CancellationToken cancellationToken) =>
        Lifecycle().PutAsync(request, LifecycleStore.Id, cancellationToken);

    /// <summary>Puts a version into effect, or, with <c>?dryRun=true</c>, says what that would do.</summary>
    [Function(nameof(PublishLifecycle)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PublishLifecycle(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/lifecycle/publish")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await Lifecycle().PublishAsync(request, LifecycleStore.Id, new(
            async published =>
            {
                // Also when nothing changed: it may be the repetition of a publication after which the app died.
                await fills.StartAsync(client, Fills.Lifecycle, $"{await table.RevisionAsync(LifecycleStore.Kind, cancellationToken)}", cancellationToken);
                return WebJson.Ok(new PublishedLifecycle(published.Pointer.Live!.Value, published.IsChanged)).WithETag(published.Pointer.ETag); // just published
            },
            Rehearse: async version => WebJson.Ok(await effects.OfAsync(
                known => known with { Lifecycle = new LifecycleRules(known.Lifecycle.Revision + 1, LifecycleStore.Read(version)) }, journey: null, cancellationToken)),
            By: await persons.ForAsync(request, Approvable.Lifecycle, cancellationToken)), cancellationToken);

    [Function(nameof(DeclineLifecycle)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeclineLifecycle(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/lifecycle/decline")] HttpRequest request, CancellationToken cancellationToken) =>
        Lifecycle().DeclineAsync(request, LifecycleStore.Id, SecondPersons.PersonOf(request), cancellationToken);

    [Function(nameof(GetLifecycle)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetLifecycle(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/lifecycle")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await table.FindAsync(LifecycleStore.Kind, LifecycleStore.Id, cancellationToken) is null
            ? WebJson.Ok(new ShownLifecycle(0, DefinitionState.BuiltIn, null, 0, null, LifecycleRules.BuiltInJson, null))
            : await Lifecycle(client).GetAsync(LifecycleStore.Id, cancellationToken);

    [Function(nameof(ListLifecycleVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListLifecycleVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/lifecycle/versions")] HttpRequest request, CancellationToken cancellationToken) =>
        Lifecycle().ListVersionsAsync(LifecycleStore.Id, cancellationToken);

    [Function(nameof(GetLifecycleVersion)), RequiresScope(Scope.Read)]
    public Task<IResult> GetLifecycleVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/lifecycle/versions/{version:int}")] HttpRequest request, int version, CancellationToken cancellationToken) =>
        Lifecycle().GetVersionAsync(LifecycleStore.Id, version, cancellationToken);

    [Function(nameof(GetLifecycleSchema)), RequiresScope(Scope.Read)]
    public IResult GetLifecycleSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/lifecycle.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);

    /// <param name="client">Where it is to be shown how far a publication is.</param>
    private DefinitionRequests<ShownLifecycle> Lifecycle(DurableTaskClient? client = null) => new(
        table, LifecycleStore.Kind, "lifecycle", "/api",
        body => LifecycleDocument.Parse(body).Errors,
        async (pointer, stored, token) => new(
            stored.Version, pointer.StateOf(stored.Version), pointer.Live, pointer.Latest, stored.CreatedAt, stored.ToElement(), client is null ? null : await Fills.FindAsync(client, Fills.Lifecycle, token)));
}

/// <summary>One version of the lifecycle with its document.</summary>
/// <param name="Live">The version that decides; absent when the one that comes with the app does.</param>
/// <param name="Fill">How far all leads have been looked at since it was last published; absent when it never was.</param>
internal sealed record ShownLifecycle(int Version, DefinitionState State, int? Live, int Latest, DateTimeOffset? CreatedAt, JsonElement Document, FillProgress? Fill);

/// <param name="Changed">False when this version was live already.</param>
internal sealed record PublishedLifecycle(int Version, bool Changed);
