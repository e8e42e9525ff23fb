using LeadFunctions.Access;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>Who is held out of all journeys.</summary>
public sealed class HoldoutFunctions(DefinitionsTable table)
{
    private const string Nobody = "{}";

    [Function(nameof(GetHoldoutSetting)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetHoldoutSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/settings/holdout")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointer = await table.FindAsync(JourneyStore.SettingKind, JourneyStore.HoldoutId, cancellationToken);
        var live = await table.FindLiveAsync(JourneyStore.SettingKind, JourneyStore.HoldoutId, cancellationToken);
        return live is null || pointer is null ? Results.Text(Nobody, "application/json") : Results.Text(live.Json, "application/json").WithETag(pointer.ETag);
    }

    /// <summary>Holds for who enters a journey from now on.</summary>
    [Function(nameof(PutHoldoutSetting)), RequiresScope(Scope.Admin)]
    public async Task<IResult> PutHoldoutSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/settings/holdout")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (HoldoutReading.Parse(body).Errors is [_, ..] errors)
        {
            return Problems.InvalidDocument([.. errors.Select(error => new FieldError(error.Path, error.Message, error.Expected))]);
        }

        var json = DefinitionText.Compact(body);
        return await LivePut.SaveAsync(table, JourneyStore.SettingKind, JourneyStore.HoldoutId, request, json, _ => Results.Text(json, "application/json"), cancellationToken);
    }
}
