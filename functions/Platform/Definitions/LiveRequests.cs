using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>Requests about what is in effect as soon as it is saved: sources, webhooks, settings, costs. Those about drafts are <see cref="DefinitionRequests{TShown}"/>'.</summary>
internal static class LiveRequests
{
    /// <summary>What a PUT brings, or why it can bring nothing.</summary>
    /// <param name="what">In an answer: "A cost".</param>
    public static async Task<(byte[] Body, IResult? Problem)> ReadAsync(HttpRequest request, string id, string what, CancellationToken cancellationToken) => DefinitionId.IsValid(id)
        ? await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken)
        : ([], Problems.Invalid("id", $"{what} cannot bear this id.", DefinitionId.Rule));

    /// <summary>Null when there is none, or it has been deleted.</summary>
    public static async Task<DefinitionPointer?> FindAsync(DefinitionsTable table, string kind, string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) && await table.FindAsync(kind, id, cancellationToken) is { Live: not null } pointer ? pointer : null;

    /// <param name="what">In an answer: "The cost".</param>
    /// <param name="show">Of its JSON.</param>
    public static async Task<IResult> ShowAsync<TShown>(
        DefinitionsTable table, string kind, string id, string what, Func<DefinitionPointer, string, Task<TShown>> show, CancellationToken cancellationToken) =>
        await FindAsync(table, kind, id, cancellationToken) is { } pointer && await table.FindLiveAsync(kind, id, cancellationToken) is { } live
            ? WebJson.Ok(await show(pointer, live.Json)).WithETag(pointer.ETag)
            : Problems.NotFound(what);

    /// <summary>All of a kind.</summary>
    public static async Task<IResult> ListAsync<TShown>(DefinitionsTable table, string kind, Func<DefinitionPointer, string, TShown> show, CancellationToken cancellationToken)
    {
        var pointers = await table.ListAsync(kind, cancellationToken);
        var live = (await table.ReadLiveAsync(kind, cancellationToken)).ToDictionary(version => version.Id);
        return WebJson.Ok(new Page<TShown>([.. pointers.Where(pointer => live.ContainsKey(pointer.Id)).Select(pointer => show(pointer, live[pointer.Id].Json))]));
    }

    /// <summary>Deletes it unless the request's conditions forbid that.</summary>
    /// <param name="what">In an answer: "The cost".</param>
    /// <param name="then">What goes with it.</param>
    public static async Task<IResult> DeleteAsync(
        DefinitionsTable table, string kind, string id, HttpRequest request, string what, CancellationToken cancellationToken, Func<Task>? then = null)
    {
        var current = await FindAsync(table, kind, id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        if (current is null || !await table.DeleteAsync(kind, id, Preconditions.Expected(request, current.ETag), cancellationToken))
        {
            return Problems.NotFound(what);
        }

        await (then?.Invoke() ?? Task.CompletedTask);
        return Results.NoContent();
    }

    /// <summary>Saves it unless the request's conditions forbid that, also where somebody else was quicker.</summary>
    /// <param name="text">What is to be saved. Asked when the conditions hold: what has to be done before may be done in it.</param>
    /// <param name="answer">Without the ETag.</param>
    public static async Task<IResult> SaveAsync(
        DefinitionsTable table, string kind, string id, HttpRequest request, Func<Task<string>> text, Func<SavedDefinition, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        // Whoever asks for a rehearsal of what knows none must not find it in effect.
        if (request.Query.Keys.FirstOrDefault() is { } unknown)
        {
            return Problems.Invalid(unknown, "This parameter is not known.", "no parameter: what is put is in effect at once");
        }

        var current = await table.FindAsync(kind, id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var saved = await table.SaveLiveAsync(kind, id, await text(), Preconditions.Expected(request, current?.ETag), cancellationToken);
            return (await answer(saved)).WithETag(saved.Pointer.ETag);
        }
        catch (DefinitionChangedException changed)
        {
            return Problems.PreconditionFailed(changed.CurrentETag);
        }
    }

    /// <summary>As above, where nothing has to be done before or looked up after.</summary>
    public static Task<IResult> SaveAsync(
        DefinitionsTable table, string kind, string id, HttpRequest request, string text, Func<SavedDefinition, IResult> answer, CancellationToken cancellationToken) =>
        SaveAsync(table, kind, id, request, () => Task.FromResult(text), saved => Task.FromResult(answer(saved)), cancellationToken);
}
