using LeadFunctions.Access;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>Who is held out of all journeys.</summary>
public sealed class HoldoutFunctions(DefinitionsTable table)
{
    private readonly SettingDocument _setting = new(table, JourneyStore.SettingKind, JourneyStore.HoldoutId, Unset: "{}");

    [Function(nameof(GetHoldoutSetting)), RequiresScope(Scope.Read)]
    public Task<IResult> GetHoldoutSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/settings/holdout")] HttpRequest request, CancellationToken cancellationToken) => _setting.ShowAsync(cancellationToken);

    /// <summary>Holds for who enters a journey from now on.</summary>
    [Function(nameof(PutHoldoutSetting)), RequiresScope(Scope.Admin)]
    public Task<IResult> PutHoldoutSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/settings/holdout")] HttpRequest request, CancellationToken cancellationToken) =>
        _setting.PutAsync(request, body => HoldoutReading.Parse(body).Errors.Select(error => new FieldError(error.Path, error.Message, error.Expected)), cancellationToken);
}
