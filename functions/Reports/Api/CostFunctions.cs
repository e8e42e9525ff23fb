using System.Text;
using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Reports.Api;

/// <summary>What was spent on winning leads: created or replaced, listed, deleted; in the next report that is asked for.</summary>
public sealed class CostFunctions(DefinitionsTable table, FilterValues values)
{
    internal const string Kind = "cost";

    private const string TheCost = "The cost";

    [Function(nameof(PutCost)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutCost(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/costs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await LiveRequests.ReadAsync(request, id, "A cost", cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (cost, errors) = Cost.Parse(body);
        IReadOnlyList<FieldError> all = cost?.Target is { } target ? [.. errors, .. await values.UnknownAsync([target], "$.", cancellationToken)] : errors;
        if (all.Count > 0)
        {
            return Problems.InvalidDocument(all);
        }

        var text = DefinitionText.Compact(body);
        return await LiveRequests.SaveAsync(
            table, Kind, id, request, text,
            saved => ShownCost.Of(saved.Pointer, Read(id, text)) is var shown && saved.IsNew ? WebJson.Created($"/api/costs/{id}", shown) : WebJson.Ok(shown), cancellationToken);
    }

    [Function(nameof(GetCost)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetCost([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/costs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.ShowAsync(table, Kind, id, TheCost, (pointer, json) => Task.FromResult(ShownCost.Of(pointer, Read(id, json))), cancellationToken);

    [Function(nameof(ListCosts)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListCosts([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/costs")] HttpRequest request, CancellationToken cancellationToken) =>
        await LiveRequests.ListAsync(table, Kind, (pointer, json) => ShownCost.Of(pointer, Read(pointer.Id, json)), cancellationToken);

    [Function(nameof(DeleteCost)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteCost([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/costs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.DeleteAsync(table, Kind, id, request, TheCost, cancellationToken);

    /// <summary>All of them.</summary>
    internal static async Task<IReadOnlyList<Cost>> ReadAsync(DefinitionsTable table, CancellationToken cancellationToken) =>
        [.. (await table.ReadLiveAsync(Kind, cancellationToken)).Select(version => Read(version.Id, version.Json))];

    private static Cost Read(string id, string json) => Cost.Parse(Encoding.UTF8.GetBytes(json)) is { Cost: { } cost } ? cost : throw new InvalidDataException($"The stored cost {id} cannot be read.");
}

internal sealed record ShownCost(string Id, string? Name, string From, string To, double Amount, string Currency, string? Kind, string? Source, string? FirstCampaign, string? Journey, DateTimeOffset UpdatedAt)
{
    public static ShownCost Of(DefinitionPointer pointer, Cost cost) => new(
        pointer.Id, cost.Name, NodaTime.Text.LocalDatePattern.Iso.Format(cost.From), NodaTime.Text.LocalDatePattern.Iso.Format(cost.To), cost.Amount, cost.Currency, cost.Kind,
        For(cost, Dimensions.Source), For(cost, Dimensions.FirstCampaign), For(cost, Dimensions.Journey), pointer.UpdatedAt);

    private static string? For(Cost cost, string target) => cost.Target is { } named && named.Key == target ? named.Value : null;
}
