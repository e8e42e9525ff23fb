using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>A PUT of what is in effect as soon as it is saved: sources, webhooks, settings. Drafts are saved by <see cref="DefinitionRequests{TShown}"/>.</summary>
internal static class LivePut
{
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
