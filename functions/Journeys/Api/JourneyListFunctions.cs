using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>All journeys, and on request how each does: from sums that are kept with its runs, so that no run is read.</summary>
public sealed class JourneyListFunctions(DefinitionsTable table, RunsTable runs, JourneyStore journeys, TemplateStore templates, FormStore forms, TimeProvider time)
{
    private const string Activity = "activity";

    /// <summary>Of which more than a row is read at the same time.</summary>
    private const int AtOnce = 8;

    [Function(nameof(ListJourneys)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListJourneys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "with")];
        if (request.Query.TryGetValue("with", out var with) && with != Activity)
        {
            errors.Add(new FieldError("with", "This cannot be told of journeys.", Activity));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var states = (await table.ReadLiveAsync(JourneyStore.StateKind, cancellationToken)).ToDictionary(state => state.Id, state => state.Read<JourneyStateDocument>());
        var shown = await table.ReadShownAsync(JourneyStore.Kind, cancellationToken);
        var listed = new ListedJourney[shown.Count];
        await Parallel.ForAsync(0, shown.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (place, cancel) =>
        {
            var (pointer, version) = shown[place];
            var state = JourneyFunctions.StateOf(pointer, states.GetValueOrDefault(pointer.Id));
            listed[place] = new(
                pointer.Id, JourneyFunctions.NameIn(version), state, pointer.Live, pointer.Latest, pointer.UpdatedAt,
                with.Count > 0 && pointer.Live is not null ? await ActivityAsync(pointer.Id, state, JourneyFunctions.WarningsOf(version, templates, forms), cancel) : null);
        });
        return WebJson.Ok(new Page<ListedJourney>(listed));
    }

    private async Task<JourneyActivity> ActivityAsync(string id, JourneyState state, IReadOnlyList<DocumentError> warnings, CancellationToken cancellationToken)
    {
        var (now, rules) = (time.GetUtcNow(), journeys.Current);
        var sums = await runs.SumsAsync(id, DateOnly.MinValue, cancellationToken);
        var days = DayCounts.In(sums);
        if (days.Keys.DefaultIfEmpty().Max() is var last && last > DateOnly.MinValue)
        {
            await runs.ForgetDaysAsync(id, last.AddDays(1 - DayCounts.Kept), cancellationToken); // the last one stays, however long ago
        }

        return JourneyActivity.Of(id, sums, days, rules, state == JourneyState.Live, warnings, now);
    }
}

/// <summary>How a journey does.</summary>
/// <param name="Failed">How often a step failed, or what it sent came back.</param>
/// <param name="Skipped">How often a step was left out.</param>
/// <param name="NextSends">By template: people whose next step is this message, once what they wait for is over.</param>
/// <param name="Lift">Null where nobody was held out.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record JourneyActivity(
    long Inside, long Entered, long Goals, long Sent, long Failed, long Skipped, IReadOnlyDictionary<string, long> NextSends, Silence Silence, LiftAnswer? Lift, IReadOnlyList<DocumentError> Warnings)
{
    private const double UsualMinimum = 0.01;

    /// <param name="sums">By part.</param>
    /// <param name="days">Those of them that are of days.</param>
    public static JourneyActivity Of(string id, IReadOnlyDictionary<string, Counters> sums, IReadOnlyDictionary<DateOnly, Counters> days, JourneyRules rules, bool isLive, IReadOnlyList<DocumentError> warnings, DateTimeOffset now)
    {
        var stats = JourneyStats.Of(sums);
        var next = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (version, inside) in stats.Versions ?? new Dictionary<string, JourneyStats>())
        {
            if (rules.Find(id, int.Parse(version, System.Globalization.CultureInfo.InvariantCulture)) is { } journey)
            {
                foreach (var (step, count) in inside.Inside)
                {
                    if (journey.NextSend(step) is { } send)
                    {
                        next[send.Template] = next.GetValueOrDefault(send.Template) + count;
                    }
                }
            }
        }

        var document = rules.Published(id)?.Document;
        return new(
            stats.Active, stats.Entered, stats.Goals, stats.Sent,
            stats.Steps.Values.Sum(step => step.Left.GetValueOrDefault("failed") + step.Left.GetValueOrDefault("runFailed") + step.Left.GetValueOrDefault("bounced")),
            stats.Steps.Values.Sum(step => step.Skipped.Values.Sum()), next, Silence.Of(days, DayCounts.Day(now), isLive, stats.Entered > 0),
            stats.HeldOut == 0 ? null : LiftAnswer.Of(
                [.. sums.SelectMany(part => RunCounts.MonthOf(part.Key) is { } month ? Cohorts.In(month, part.Value) : [])], document?.Holdout, rules.Holdout, document?.Goal is not null,
                document?.Holdout is null && rules.Holdout is not null ? LiftAnswer.ByWorkspace : LiftAnswer.ByJourney, UsualMinimum, now),
            warnings);
    }
}
