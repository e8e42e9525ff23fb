using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>Rehearsals: a journey on a clock of its own, without effects.</summary>
public sealed class SimulateFunctions(DefinitionsTable table, RulesInEffect rules, LeadReader leads, NamedSegments segments, TemplateStore templates, TimeProvider time)
{
    private const int MaxEvents = 10_000;
    private const int BodyLimit = 16 * 1024 * 1024;
    private const int ReadAtOnce = 20;

    /// <summary>Events of a lead's past that are read, and then applied, before the budget is asked again and the caller may have gone.</summary>
    private const int PastAtOnce = 500;

    [Function(nameof(SimulateJourney)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> SimulateJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/simulate")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (bytes, problem) = await RequestBody.ReadAsync(request, BodyLimit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        SimulationRequest? body;
        try
        {
            body = JsonSerializer.Deserialize<SimulationRequest>(bytes, WebJson.Options);
        }
        catch (JsonException exception)
        {
            return Problems.Invalid([RequestBody.JsonError(exception)]);
        }

        body ??= new();
        if (body.FindFault() is { } fault)
        {
            return Problems.Invalid([fault]);
        }

        var (journey, refusal) = await JourneyAsync(id, body, cancellationToken);
        if (journey is null)
        {
            return refusal!; // one of the two is always set
        }

        // The caller's leaving is told by the request alone.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        try
        {
            var began = time.GetTimestamp();
            var budget = new SimulationBudget(SimulationBudget.Steps, SimulationBudget.Time, () => time.GetElapsedTime(began), left.Token);
            return body.Recorded is { } recorded ? await RecordedAsync(journey, recorded, body, budget, left.Token) : Scripted(journey, body.Leads!, body, budget); // one of the two is given
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
    }

    private async Task<(Journey? Journey, IResult? Refusal)> JourneyAsync(string id, SimulationRequest body, CancellationToken cancellationToken)
    {
        if (body.Document is { } document)
        {
            var parsed = ParsedJourney.Of(document);
            return parsed is { Document: { } valid, Errors.Count: 0 }
                ? (new Journey(id, body.Version ?? 0, valid), null)
                : (null, Problems.InvalidDocument([.. parsed.Errors.Select(error => error with { Path = "$.document" + error.Path[1..] })]));
        }

        var pointer = DefinitionId.IsValid(id) ? await table.FindAsync(JourneyStore.Kind, id, cancellationToken) : null;
        var stored = pointer is null ? null : await table.FindVersionAsync(JourneyStore.Kind, id, body.Version ?? pointer.Latest, cancellationToken);
        return stored is null ? (null, Problems.NotFound(JourneyFunctions.TheJourney)) : (JourneyStore.Read(stored), null);
    }

    private IResult Scripted(Journey journey, IReadOnlyList<ScriptedLead?> scripts, SimulationRequest body, SimulationBudget budget)
    {
        if (body.ScriptedPeriod(time.GetUtcNow()) is not { } period)
        {
            return Problems.Invalid(body.To is null ? "$.days" : "$.to", "The period is empty or too long.", "up to ten years, before the year 9000");
        }

        var known = rules.Current;
        return WebJson.Ok(Simulation.Run(
            journey, scripts.OfType<ScriptedLead>().Select((script, i) => script.ToPerson(i, period.From)), period.From, period.To, known.Scoring, known.Journeys.Zone, budget, known.Segments, Sending(known), known.Journeys.Holdout));
    }

    /// <summary>Every known lead as it was when the period began, and what it did since.</summary>
    private async Task<IResult> RecordedAsync(Journey journey, RecordedPeriod recorded, SimulationRequest body, SimulationBudget budget, CancellationToken cancellationToken)
    {
        var to = recorded.To ?? time.GetUtcNow();
        var most = Math.Clamp(recorded.MaxLeads ?? 1000, 1, SimulationRequest.MaxLeads);
        if (body.Period(recorded.From, to - recorded.From) is not { } period || to <= recorded.From)
        {
            return Problems.Invalid("$.recorded.to", "The period is empty or too long.", "a time after from, within ten years");
        }

        if (recorded.Segment is { } segment && await segments.RefuseAsync(segment, anonymous: false, cancellationToken) is { } unknown)
        {
            return unknown;
        }

        var known = rules.Current;
        var whom = recorded.Segment is { } named ? new ListingFilter(Segment: named) : ListingFilter.None;
        var simulation = new Simulation(journey, period.From, period.To, known.Scoring, known.Journeys.Zone, budget, known.Segments, Sending(known), known.Journeys.Holdout);
        var (read, goesOn, after) = (0, true, (ListingPosition?)null);
        do
        {
            var (some, next) = await leads.ListAsync(new ListingQuery(whom, ListingOrder.LastSeen, ReadAtOnce), after, cancellationToken);
            foreach (var row in some.Take(most - read).TakeWhile(_ => goesOn))
            {
                // One after the other: what a lead did before the period may cost more than the period itself.
                goesOn = await leads.FindAsync(row.Lead.Id, cancellationToken) is not { } lead
                    || (await PersonAsync(lead, known with { Journeys = JourneyRules.None }, recorded.From, to, budget, cancellationToken) is { } person && simulation.TryAdd(person));
            }

            (read, after) = (read + some.Count, next);
        }
        while (goesOn && after is not null && read < most);

        return WebJson.Ok(simulation.Answer());
    }

    /// <summary>As it was when the period began, and what it did since; null when the budget is spent before that is known.</summary>
    private async Task<SimulatedPerson?> PersonAsync(LeadState lead, LeadRules known, DateTimeOffset from, DateTimeOffset to, SimulationBudget budget, CancellationToken cancellationToken)
    {
        var entries = new List<TimelineEntry>();
        TimelinePosition? position = null;
        do
        {
            var (some, next) = await leads.TimelineAsync(lead, IsOfPeople, PastAtOnce, position, cancellationToken);
            entries.AddRange(some.Select(entry => entry.Entry));
            position = next;
        }
        while (budget.TrySpend(0) && position is not null && entries.Count < MaxEvents);

        entries.Reverse();
        var state = new LeadState { Id = lead.Id };
        foreach (var some in entries.Where(entry => entry.ReceivedAt < from).Chunk(PastAtOnce))
        {
            if (!budget.TrySpend(some.Length))
            {
                return null;
            }

            state = Reducer.Apply(state, [.. some.Select(entry => new Arrival(entry.Event, entry.ReceivedAt, Identity.Of(entry.Event)))], known, from).State;
        }

        // What time alone will do is noted by the first look of the rehearsal.
        state.ForgetMoments();
        state.Outbox.Clear();
        return budget.Reason is not null ? null : new(lead.Id, state, [.. entries.Where(entry => entry.ReceivedAt >= from && entry.ReceivedAt < to).Select(entry => (entry.Event, entry.ReceivedAt))], lead.Whole.Name ?? lead.Whole.Email);
    }

    private RehearsedSending Sending(LeadRules known) => new(known.Messages, templates.TopicOf);

    // What journeys and segments did, and what became of their messages, is left out: the rehearsal does it anew. What readers chose stays.
    private static bool IsOfPeople(LeadEvent e) => e.Source != LeadEvent.Inside && e.Source?.StartsWith(LeadEvent.Carrier, StringComparison.Ordinal) != true && !SegmentEvents.AreOf(e) && !e.IsOrder && e.Type is not (EventType.Merge or EventType.Unmerge);
}
