using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>What the management API does alike with every kind of versioned document: saves drafts, publishes, shows versions.</summary>
/// <param name="kind">In the table.</param>
/// <param name="name">For messages: "the", then this.</param>
/// <param name="path">Where all of the kind are found.</param>
/// <param name="check">All mistakes of a document.</param>
/// <param name="show">One version as the API shows it.</param>
/// <param name="checkAmong">What is wrong with a faultless document under this id, beside the others of its kind; null: nothing ever is.</param>
public sealed class DefinitionRequests<TShown>(
    DefinitionsTable table, string kind, string name, string path,
    Func<ReadOnlyMemory<byte>, IEnumerable<FieldError>> check,
    Func<DefinitionPointer, DefinitionVersion, CancellationToken, Task<TShown>> show,
    Func<string, ReadOnlyMemory<byte>, IEnumerable<FieldError>>? checkAmong = null)
{
    private readonly ProblemResult _notFound = Problems.NotFound($"The {name}");
    private readonly ProblemResult _noVersion = Problems.NotFound($"This version of the {name}");

    /// <summary>Saves a draft, with who saves it and what <c>?note=</c> says; with <c>?dryRun=true</c> answers as if it had, and saves nothing.</summary>
    public async Task<IResult> PutAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (PutQuery.Faults(request.Query) is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", $"A {name} cannot bear this id.", DefinitionId.Rule);
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (check(body).ToList() is [_, ..] errors)
        {
            return Problems.InvalidDocument(errors);
        }

        if (checkAmong?.Invoke(id, body).ToList() is [_, ..] misplaced)
        {
            return Problems.InvalidDocument(misplaced);
        }

        var current = await table.FindAsync(kind, id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        if (request.Query.ContainsKey(PutQuery.DryRun))
        {
            return await RehearseAsync(id, current, DefinitionText.Compact(body), cancellationToken);
        }

        try
        {
            var saved = await table.SaveDraftAsync(kind, id, DefinitionText.Compact(body), Preconditions.Expected(request, current?.ETag), cancellationToken, PutQuery.AuthorOf(request));
            var shown = await ShowAsync(saved.Pointer, saved.Pointer.Latest, cancellationToken);
            return (saved.IsNew ? WebJson.Created($"{path}/{id}", shown) : WebJson.Ok(shown)).WithETag(saved.Pointer.ETag);
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

    /// <summary>Publishes what <c>?version=</c> names, else the latest; with <c>?dryRun=true</c>, where it can be rehearsed, says what that would do.</summary>
    public async Task<IResult> PublishAsync(HttpRequest request, string id, Publication publication, CancellationToken cancellationToken)
    {
        string[] known = ["version", .. publication.Rehearse is null ? Array.Empty<string>() : ["dryRun"], .. publication.MayBeQuiet ? ["quiet"] : Array.Empty<string>()];
        if (KnownQuery.Check(request.Query, known).ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        int? version = null;
        if (request.Query.TryGetValue("version", out var asked))
        {
            if (!int.TryParse(asked, out var number) || number < 1)
            {
                return Problems.Invalid("version", "This is not a version.", "a whole number from 1, or nothing for the latest");
            }

            version = number;
        }

        if (request.Query.TryGetValue("dryRun", out var dry) && dry != "true")
        {
            return Problems.Invalid("dryRun", "This is no rehearsal.", "true, or nothing, to publish");
        }

        if (request.Query.TryGetValue("quiet", out var quiet) && quiet != "true" && quiet != "false")
        {
            return Problems.Invalid("quiet", "This says neither.", "true or false; or nothing, which is as it was proposed");
        }

        var current = await FindAsync(id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        if (current is null || await table.FindVersionAsync(kind, id, version ?? current.Latest, cancellationToken) is not { } wanted)
        {
            return version is null ? _notFound : _noVersion;
        }

        if (publication.Refuse is { } refuse && await refuse(wanted) is { } fault)
        {
            return fault;
        }

        if (dry.Count > 0)
        {
            return await publication.Rehearse!(wanted); // else the query would not be known
        }

        return await table.PublishAsync(kind, id, wanted.Version, publication.IsExclusive, cancellationToken, publication.By, isQuiet: quiet.Count > 0 ? quiet == "true" : null) switch
        {
            null => _notFound,
            { IsProposed: true } proposed => WebJson.Accepted(new Proposed(id, proposed.Pointer.Live, proposed.Pointer.Proposal!, proposed.IsChanged)).WithETag(proposed.Pointer.ETag), // just proposed
            var published => await publication.Answer(published),
        };
    }

    /// <summary>Puts aside what is proposed, with the reason in the body.</summary>
    public async Task<IResult> DeclineAsync(HttpRequest request, string id, Person by, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<DeclinedProposal>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        if (body.Reason?.Length > DeclinedProposal.MaxReason)
        {
            return Problems.Invalid("$.reason", "This reason is too long.", $"at most {DeclinedProposal.MaxReason} characters");
        }

        return DefinitionId.IsValid(id) && await table.DeclineAsync(kind, id, by, body.Reason?.Trim(), cancellationToken) is { } declined
            ? WebJson.Ok(declined.Decisions[0])
            : Problems.NotFound($"A proposal for the {name}");
    }

    /// <summary>Deletes it with all its versions.</summary>
    /// <param name="answer">What follows from it, and the answer.</param>
    /// <param name="by">Who asks for it, where a second person has to agree; null: one suffices.</param>
    /// <param name="refuse">Why it cannot be deleted as it stands; null, or an answer of null: nothing stands in the way. If it changes after that, it is not deleted.</param>
    public async Task<IResult> DeleteAsync(HttpRequest request, string id, Func<Task<IResult>> answer, CancellationToken cancellationToken, Person? by = null, Func<DefinitionPointer, Task<IResult?>>? refuse = null)
    {
        var current = await FindAsync(id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        if (current is null)
        {
            return _notFound;
        }

        if (refuse is not null && await refuse(current) is { } fault)
        {
            return fault;
        }

        try
        {
            return await table.DeleteAsync(kind, id, refuse is null ? Preconditions.Expected(request, current.ETag) : current.ETag, by, cancellationToken) switch
            {
                (true, _) => await answer(),
                (_, { } proposed) => WebJson.Accepted(new Proposed(id, proposed.Pointer.Live, proposed.Pointer.Proposal!, proposed.IsChanged)).WithETag(proposed.Pointer.ETag), // just proposed
                _ => _notFound,
            };
        }
        catch (DefinitionChangedException changed)
        {
            return Problems.PreconditionFailed(changed.CurrentETag);
        }
    }

    /// <summary>All of the kind, by id.</summary>
    public async Task<IResult> ListAsync<TListed>(Func<DefinitionPointer, TListed> list, CancellationToken cancellationToken) =>
        WebJson.Ok(new Page<TListed>([.. (await table.ListAsync(kind, cancellationToken)).Select(list)]));

    /// <summary>As above, where part of what is listed stands in the document: the live version, else the latest.</summary>
    public async Task<IResult> ListAsync<TListed>(Func<DefinitionPointer, DefinitionVersion, TListed> list, CancellationToken cancellationToken) =>
        WebJson.Ok(new Page<TListed>([.. (await table.ReadShownAsync(kind, cancellationToken)).Select(one => list(one.Pointer, one.Version))]));

    /// <summary>The live version, else the latest.</summary>
    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } pointer
            ? WebJson.Ok(await ShowAsync(pointer, pointer.Live ?? pointer.Latest, cancellationToken)).WithETag(pointer.ETag)
            : _notFound;

    public async Task<IResult> GetVersionAsync(string id, int version, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is not { } pointer ? _notFound
        : version < 1 || version > pointer.Latest ? _noVersion
        : WebJson.Ok(await ShowAsync(pointer, version, cancellationToken));

    /// <summary>Newest first.</summary>
    public async Task<IResult> ListVersionsAsync<TListed>(string id, Func<DefinitionPointer, (int Version, DateTimeOffset CreatedAt, Authorship? Author), TListed> list, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } pointer
            ? WebJson.Ok(new Page<TListed>([.. (await table.ListVersionsAsync(kind, id, cancellationToken)).Select(v => list(pointer, v)).Reverse()]))
            : _notFound;

    /// <inheritdoc cref="ListVersionsAsync{TListed}"/>
    public Task<IResult> ListVersionsAsync(string id, CancellationToken cancellationToken) =>
        ListVersionsAsync(id, (pointer, one) => new ListedVersion(one.Version, pointer.StateOf(one.Version), one.CreatedAt, one.Author?.By.Name, one.Author?.Note), cancellationToken);

    private async Task<IResult> RehearseAsync(string id, DefinitionPointer? current, string json, CancellationToken cancellationToken)
    {
        var (pointer, version) = await table.RehearseDraftAsync(kind, id, current, json, cancellationToken);
        var shown = WebJson.Ok(await show(pointer, version, cancellationToken));
        return current is null ? shown : shown.WithETag(current.ETag);
    }

    private async Task<DefinitionPointer?> FindAsync(string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) ? await table.FindAsync(kind, id, cancellationToken) : null;

    private async Task<TShown> ShowAsync(DefinitionPointer pointer, int version, CancellationToken cancellationToken)
    {
        var stored = await table.FindVersionAsync(kind, pointer.Id, version, cancellationToken)
            ?? throw new InvalidDataException($"Version {version} of {pointer.Id} is missing though its pointer counts it.");
        return await show(pointer, stored, cancellationToken);
    }
}

/// <summary>What is particular about publishing one kind of document.</summary>
/// <param name="Answer">What follows from it, and the answer.</param>
/// <param name="IsExclusive">Only one document of the kind is in effect.</param>
/// <param name="Refuse">Why this version cannot be published as things are; null, or an answer of null: nothing stands in the way.</param>
/// <param name="Rehearse">What publishing it would do; null: nobody can say.</param>
/// <param name="By">Who asks for it, where a second person has to agree; null: one suffices.</param>
/// <param name="MayBeQuiet"><c>?quiet=true</c> means something: what follows from the publication alone starts nothing.</param>
public sealed record Publication(
    Func<PublishedDefinition, Task<IResult>> Answer, bool IsExclusive = false, Func<DefinitionVersion, Task<IResult?>>? Refuse = null, Func<DefinitionVersion, Task<IResult>>? Rehearse = null, Person? By = null,
    bool MayBeQuiet = false);

/// <param name="Live">What is in effect until somebody else publishes the same version.</param>
/// <param name="Changed">False when the same person had proposed it before.</param>
internal sealed record Proposed(string Id, int? Live, Proposal Proposal, bool Changed);

internal sealed record DeclinedProposal(string? Reason = null)
{
    public const int MaxReason = 500;
}
