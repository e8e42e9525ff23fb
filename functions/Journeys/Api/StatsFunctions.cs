using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>What became of the people in a journey, from sums that are kept with each of their steps.</summary>
public sealed class StatsFunctions(RunsTable runs, DefinitionsTable table, JourneyStore journeys, TimeProvider time)
{
    private const double UsualMinimum = 0.01;

    /// <summary>With <c>exact=true</c> from all runs, added up again; what the kept sums say otherwise is put right.</summary>
    [Function(nameof(GetJourneyStats)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetJourneyStats(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/stats")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "exact", "days").ToList() is [_, ..] errors)
        {
            return Problems.Invalid(errors);
        }

        var isExact = false;
        if (request.Query.TryGetValue("exact", out var exact) && !bool.TryParse(exact, out isExact))
        {
            return Problems.Invalid("exact", "This is neither a yes nor a no.", "true or false");
        }

        DateOnly? since = null;
        if (request.Query.TryGetValue("days", out var asked))
        {
            if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days is < 1 or > DayCounts.Kept)
            {
                return Problems.Invalid("days", "So many days are not known.", $"1 to {DayCounts.Kept}");
            }

            since = DayCounts.Day(time.GetUtcNow()).AddDays(1 - days);
        }

        if (!await ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        var recount = isExact ? await runs.RecountAsync(id, cancellationToken) : null;
        var sums = await runs.SumsAsync(id, since, cancellationToken);
        var stats = JourneyStats.Of(sums) with { Recount = recount };
        return WebJson.Ok(since is { } from ? stats with { Recent = DayCounts.Since(from, DayCounts.In(sums)) } : stats);
    }

    [Function(nameof(GetJourneyLift)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetJourneyLift(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/lift")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "holdout", "minimum").ToList() is [_, ..] errors)
        {
            return Problems.Invalid(errors);
        }

        var minimum = UsualMinimum;
        if (request.Query.TryGetValue("minimum", out var asked) && !(double.TryParse(asked, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out minimum) && minimum is >= 0.0001 and <= 0.5))
        {
            return Problems.Invalid("minimum", "This is no difference of two shares that could matter.", "a number from 0.0001 to 0.5: 0.01 is one of a hundred people");
        }

        if (!await ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        var (rules, document) = (journeys.Current, journeys.Current.Published(id)?.Document);
        var holdout = request.Query.TryGetValue("holdout", out var given) ? given.ToString() : document?.Holdout is null && rules.Holdout is not null ? LiftAnswer.ByWorkspace : LiftAnswer.ByJourney;
        if (holdout is not (LiftAnswer.ByJourney or LiftAnswer.ByWorkspace))
        {
            return Problems.Invalid("holdout", "There is no such hold-out.", $"{LiftAnswer.ByJourney} or {LiftAnswer.ByWorkspace}");
        }

        var cohorts = (await runs.SumsAsync(id, null, cancellationToken)).SelectMany(part => RunCounts.MonthOf(part.Key) is { } month ? Cohorts.In(month, part.Value) : []).ToList();
        return WebJson.Ok(LiftAnswer.Of(cohorts, document?.Holdout, rules.Holdout, document?.Goal is not null, holdout, minimum, time.GetUtcNow()));
    }

    private async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) && await table.FindAsync(JourneyStore.Kind, id, cancellationToken) is not null;
}
