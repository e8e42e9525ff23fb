using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Kept;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Reports.Api;

/// <summary>What metrics are to come to: created or replaced, listed, deleted; each is shown with how it stands now, by the very reports.</summary>
public sealed class GoalFunctions(DefinitionsTable table, GoalReader goals, FilterValues values)
{
    private const string TheGoal = "The goal";

    /// <summary>Each is two reports.</summary>
    private const int MostOnAPage = 20;

    [Function(nameof(PutGoal)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutGoal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/goals/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await LiveRequests.ReadAsync(request, id, "A goal", cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (goal, errors) = Goal.Parse(body);
        IReadOnlyList<FieldError> all = goal is null ? errors : [.. errors, .. goals.MistakesOf(goal), .. await values.UnknownAsync(goal.Query, "$.query.", cancellationToken)];
        if (all.Count > 0)
        {
            return Problems.InvalidDocument(all);
        }

        var text = DefinitionText.Compact(body);
        return await LiveRequests.SaveAsync(
            table, GoalReader.Kind, id, request, () => Task.FromResult(text),
            async saved => await goals.ShowAsync(saved.Pointer, text, cancellationToken) is var shown && saved.IsNew ? WebJson.Created($"/api/goals/{id}", shown) : WebJson.Ok(shown), cancellationToken);
    }

    /// <summary>With figures, or not yet.</summary>
    [Function(nameof(GetGoal)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetGoal([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/goals/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await goals.FirstAsync(cancellationToken) is { } reading ? new StillReading(reading) : await LiveRequests.ShowAsync(table, GoalReader.Kind, id, TheGoal, (pointer, json) => goals.ShowAsync(pointer, json, cancellationToken), cancellationToken);

    /// <summary>By id.</summary>
    [Function(nameof(ListGoals)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListGoals([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/goals")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "cursor").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var after = "";
        if (request.Query["cursor"].ToString() is { Length: > 0 } text)
        {
            if (!Cursor.TryDecode<GoalPosition>(text, out var position))
            {
                return Problems.InvalidCursor();
            }

            after = position.Id;
        }

        if (await goals.FirstAsync(cancellationToken) is { } reading)
        {
            return new StillReading(reading);
        }

        var pointers = (await table.ListAsync(GoalReader.Kind, cancellationToken)).Where(pointer => pointer.Live is not null && string.CompareOrdinal(pointer.Id, after) > 0)
            .OrderBy(pointer => pointer.Id, StringComparer.Ordinal).Take(MostOnAPage + 1).ToList();
        var shown = new List<ShownGoal>();
        foreach (var pointer in pointers.Take(MostOnAPage))
        {
            if (await table.FindVersionAsync(GoalReader.Kind, pointer.Id, pointer.Live!.Value, cancellationToken) is { } live) // those without are left out above
            {
                shown.Add(await goals.ShowAsync(pointer, live.Json, cancellationToken));
            }
        }

        return WebJson.Ok(new Page<ShownGoal>(shown, pointers.Count > MostOnAPage ? Cursor.Encode(new GoalPosition(pointers[MostOnAPage - 1].Id)) : null));
    }

    [Function(nameof(DeleteGoal)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteGoal([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/goals/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.DeleteAsync(table, GoalReader.Kind, id, request, TheGoal, cancellationToken);

    internal sealed record GoalPosition(string Id);
}
