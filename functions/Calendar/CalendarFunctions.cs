using LeadFunctions.Access;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Calendar;

/// <summary>What goes out to whom on which day: counted when somebody asks, for as long as they wait (ADR 51).</summary>
public sealed class CalendarFunctions(RunsTable runs, CampaignsTable campaigns, LeadScan everybody, RulesInEffect rules, TimeProvider time)
{
    private const int MostDays = 62;
    private const int MostCampaigns = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Function(nameof(GetCalendar)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetCalendar([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calendar")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (known, now) = (rules.Current, time.GetUtcNow());
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        var zone = known.Journeys.Zone;
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "from", "to")];
        var today = Instant.FromDateTimeOffset(now).InZone(zone).Date;
        var (from, to) = (Day("from") ?? new LocalDate(today.Year, today.Month, 1), Day("to") ?? new LocalDate(today.Year, today.Month, 1).PlusMonths(1).PlusDays(-1));
        if (errors.Count == 0 && (to < from || Period.DaysBetween(from, to) >= MostDays))
        {
            errors.Add(new FieldError("to", "These are no days, or too many.", $"a day from {LocalDatePattern.Iso.Format(from)} on, at most {MostDays} days in all"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var (begins, ends) = (LocalTimes.At(from, TimeOnly.MinValue, zone), LocalTimes.At(to.PlusDays(1), TimeOnly.MinValue, zone));
        var within = await WithinAsync(begins, ends, cancellationToken);
        var count = new CalendarCount(known, now, ends);
        var isPartial = !await CountAsync(count, within, known, now, ends, left.Token);
        var days = count.Days(within).Where(day => day.Day >= from.ToDateOnly() && day.Day <= to.ToDateOnly());
        return WebJson.Ok(new CalendarAnswer(from.ToDateOnly(), to.ToDateOnly(), zone.Id, now, isPartial, count.Runs, count.Leads, [.. days]));

        LocalDate? Day(string name)
        {
            if (request.Query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }

            if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day } && day.Year is > 1900 and < 9000)
            {
                return day;
            }

            errors.Add(new FieldError(name, "This is no day.", "a day such as 2026-03-31"));
            return null;
        }
    }

    /// <summary>Exactly those whom one of its numbers counts, counted once more.</summary>
    [Function(nameof(ListPlannedPeople)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListPlannedPeople([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/calendar/people")] HttpRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        var limit = LeadsRequest.Limit(request.Query, errors);
        if (AskedPlan.Parse(request.Query, errors) is not { } asked)
        {
            return Problems.Invalid(errors);
        }

        PersonPosition? after = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        var (known, now) = (rules.Current, time.GetUtcNow());
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        var month = new LocalDate(asked.Day.Year, asked.Day.Month, 1); // whole, as it is shown: what was to begin on a day that is over, and is paused, has its recipients counted
        var (begins, ends) = (LocalTimes.At(month, TimeOnly.MinValue, known.Journeys.Zone), LocalTimes.At(month.PlusMonths(1), TimeOnly.MinValue, known.Journeys.Zone));
        var count = new CalendarCount(known, now, ends, asked);
        var isPartial = !await CountAsync(count, await WithinAsync(begins, ends, cancellationToken), known, now, ends, left.Token);
        var page = count.People.Where(person => after is null || string.CompareOrdinal(person.Key, after.LeadId) > 0).Take(limit + 1).ToList();
        return WebJson.Ok(new PlannedPeople(
            [.. page.Take(limit).Select(person => new PlannedPerson(person.Key, person.Value))], count.People.Values.Sum(), isPartial, page.Count > limit ? Cursor.Encode(new PersonPosition(page[limit - 1].Key)) : null));
    }

    private async Task<IReadOnlyList<CampaignState>> WithinAsync(DateTimeOffset begins, DateTimeOffset ends, CancellationToken cancellationToken) =>
        [.. (await campaigns.LatestAsync(MostCampaigns, cancellationToken)).Where(campaign => campaign.At >= begins && campaign.At < ends)];

    /// <summary>False when time was up before everybody was looked at.</summary>
    private async Task<bool> CountAsync(CalendarCount count, IReadOnlyList<CampaignState> within, LeadRules known, DateTimeOffset now, DateTimeOffset ends, CancellationToken cancellationToken)
    {
        if (ends <= now)
        {
            return true;
        }

        List<CampaignState> planned = [.. within.Where(campaign => campaign is { IsOver: false, StartedAt: null })];
        var isWhole = await AddRunsAsync(count, ends, cancellationToken);
        if (count.AsksLeads(planned))
        {
            var scan = new BriefScan(everybody, time);
            await foreach (var lead in scan.ReadAsync(null, known.History, cancellationToken))
            {
                count.Add(lead, planned);
            }

            isWhole &= scan.StoppedAt is null;
        }

        return isWhole;
    }

    /// <summary>False when time was up before all were read; also in the midst of it, since of a whole table storage reads many pages that hold none.</summary>
    private async Task<bool> AddRunsAsync(CalendarCount count, DateTimeOffset until, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await foreach (var run in runs.WaitingAsync(until, either.Token))
            {
                if (run is { Run.Step: { } step, IsPaused: false })
                {
                    count.Add(RunId.Parse(run.Run.Id)!.Value.LeadId, run.Run.Journey, run.Version, step, run.Run.At); // a stored run's id is well formed
                }

                if (patience.IsCancellationRequested)
                {
                    return false;
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private sealed record PersonPosition(string LeadId);

    /// <param name="Times">How often they are in the number.</param>
    internal sealed record PlannedPerson(string LeadId, int Times);

    /// <param name="Count">As the calendar counts it now.</param>
    /// <param name="Partial">There are people who were not looked at: time was up.</param>
    internal sealed record PlannedPeople(IReadOnlyList<PlannedPerson> Items, int Count, bool Partial, string? NextCursor);
}
