using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Leads;
using LeadFunctions.Platform;
using LeadFunctions.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys;

/// <summary>Rehearsals: a journey on a clock of its own, without effects.</summary>
public sealed class SimulateFunctions(DefinitionsTable table, JourneyStore journeys, ScoringModelStore scoring, LeadReader leads, TimeProvider time)
{
    private const int MaxLeads = 10_000;
    private const int MaxEvents = 10_000;
    private const int MostDays = 3660;
    private const int BodyLimit = 16 * 1024 * 1024;

    [Function(nameof(SimulateJourney)), RequiresScope(Scope.Marketer)]
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

        if (body is null || (body.Leads is null) == (body.Recorded is null))
        {
            return Problems.Invalid("$", "It does not say who is to be simulated.", "either \"leads\": [{\"traits\": {…}, \"events\": [{\"at\": …, \"name\": …}]}] or \"recorded\": {\"from\": …, \"to\": …}");
        }

        var (journey, refusal) = await JourneyAsync(id, body, cancellationToken);
        if (journey is null)
        {
            return refusal!; // one of the two is always set
        }

        return body.Recorded is { } recorded
            ? await RecordedAsync(journey, recorded, body, cancellationToken)
            : Scripted(journey, body.Leads!, body); // one of the two is given
    }

    private async Task<(Journey? Journey, IResult? Refusal)> JourneyAsync(string id, SimulationRequest body, CancellationToken cancellationToken)
    {
        if (body.Document is { } document)
        {
            var parsed = JourneyDocument.Parse(document);
            return parsed is { Document: { } valid, Errors.Count: 0 }
                ? (new Journey(id, body.Version ?? 0, valid), null)
                : (null, Problems.InvalidDocument([.. parsed.Errors.Select(e => new FieldError("$.document" + e.Path[1..], e.Message, e.Expected))]));
        }

        var pointer = DefinitionId.IsValid(id) ? await table.FindAsync(JourneyStore.Kind, id, cancellationToken) : null;
        var stored = pointer is null ? null : await table.FindVersionAsync(JourneyStore.Kind, id, body.Version ?? pointer.Latest, cancellationToken);
        return stored is null ? (null, Problems.NotFound(JourneyFunctions.TheJourney)) : (JourneyStore.Read(stored), null);
    }

    private IResult Scripted(Journey journey, IReadOnlyList<ScriptedLead> scripts, SimulationRequest body)
    {
        var events = scripts.Sum(script => script.Events?.Count ?? 0);
        if (scripts.Count > MaxLeads || events > MaxLeads * 10)
        {
            return Problems.Invalid("$.leads", $"There are {scripts.Count} leads with {events} events.", $"at most {MaxLeads} leads and {MaxLeads * 10} events");
        }

        var first = scripts.SelectMany(script => script.Events ?? []).Select(e => (DateTimeOffset?)e.At).Min();
        var from = body.From ?? first ?? time.GetUtcNow();
        if (End(from, body) is not { } to)
        {
            return Problems.Invalid(body.To is null ? "$.days" : "$.to", "The period is empty or too long.", "up to ten years, before the year 9000");
        }

        return WebJson.Ok(Simulation.Run(journey, scripts.Select((script, i) => Person(script, i, from)), from, to, scoring.Current, journeys.Current.Zone));
    }

    /// <summary>When the period that begins there ends; null when it is none.</summary>
    private static DateTimeOffset? End(DateTimeOffset from, SimulationRequest body)
    {
        if (from.Year > 9000 || (body.To is null && body.Days is not null and not (> 0 and <= MostDays)))
        {
            return null;
        }

        var to = body.To ?? from + TimeSpan.FromDays(body.Days ?? 90);
        return to > from && to - from <= TimeSpan.FromDays(MostDays) ? to : null;
    }

    private static SimulatedPerson Person(ScriptedLead script, int index, DateTimeOffset from)
    {
        var name = script.Id ?? $"lead-{index + 1}";
        var state = new LeadState { Id = LeadIds.IsValid(script.Id) ? name : Identity.User(name).Hash() };
        var events = new List<(LeadEvent, DateTimeOffset)>();
        if (script.Traits is { ValueKind: JsonValueKind.Object } traits)
        {
            events.Add((new LeadEvent { Id = $"{name}/traits", Type = EventType.Identify, Name = "identify", At = from, UserId = name, Traits = traits }, from));
        }

        foreach (var (e, i) in (script.Events ?? []).Select((e, i) => (e, i)))
        {
            var type = e.Type ?? (e.Name == "page" ? EventType.Page : e.Traits is not null ? EventType.Identify : EventType.Track);
            events.Add((new LeadEvent
            {
                Id = e.Id ?? $"{name}/{i}",
                Type = type,
                Name = e.Name ?? type.ToString().ToLowerInvariant(),
                At = e.At,
                UserId = name,
                LeadId = type is EventType.Stage or EventType.Segment ? state.Id : null,
                Properties = e.Properties ?? default,
                Traits = e.Traits ?? default,
            }, e.At));
        }

        return new(name, state, events);
    }

    /// <summary>Every known lead as it was when the period began, and what it did since.</summary>
    private async Task<IResult> RecordedAsync(Journey journey, RecordedPeriod period, SimulationRequest body, CancellationToken cancellationToken)
    {
        var to = period.To ?? time.GetUtcNow();
        var end = body is { To: null, Days: null } ? to : End(period.From, body);
        var most = Math.Clamp(period.MaxLeads ?? 1000, 1, MaxLeads);
        if (to <= period.From)
        {
            return Problems.Invalid("$.recorded.to", "The period is empty.", "a time after from");
        }

        if (end is not { } until)
        {
            return Problems.Invalid(body.To is null ? "$.days" : "$.to", "The period is empty or too long.", "up to ten years, before the year 9000");
        }

        var people = new List<SimulatedPerson>();
        ListingPosition? after = null;
        do
        {
            var (some, next) = await leads.ListAsync(new ListingQuery(null, null, ListingOrder.LastSeen, 100), after, cancellationToken);
            people.AddRange(await Task.WhenAll(some.Take(most - people.Count).Select(lead => PersonAsync(lead, period.From, to, cancellationToken))));
            after = next;
        }
        while (after is not null && people.Count < most);

        return WebJson.Ok(Simulation.Run(journey, people, period.From, until, scoring.Current, journeys.Current.Zone));
    }

    private async Task<SimulatedPerson> PersonAsync(LeadState lead, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var entries = new List<TimelineEntry>();
        TimelinePosition? position = null;
        do
        {
            var (some, next) = await leads.TimelineAsync(lead, IsOfPeople, 500, position, cancellationToken);
            entries.AddRange(some.Select(entry => entry.Entry));
            position = next;
        }
        while (position is not null && entries.Count < MaxEvents);

        entries.Reverse();
        var state = new LeadState { Id = lead.Id };
        var before = entries.Where(entry => entry.ReceivedAt < from).Select(entry => new Arrival(entry.Event, entry.ReceivedAt, Identity.Of(entry.Event))).ToList();
        state = before.Count > 0 ? Reducer.Apply(state, before, scoring.Current, from).State : state;
        state.Outbox.Clear();
        return new(lead.Id, state, [.. entries.Where(entry => entry.ReceivedAt >= from && entry.ReceivedAt < to).Select(entry => (entry.Event, entry.ReceivedAt))]);
    }

    // What journeys did is left out: the rehearsal does it anew.
    private static bool IsOfPeople(LeadEvent e) => e.Source != Source.Inside && e.Type is not (EventType.Journey or EventType.Merge or EventType.Unmerge);

    /// <param name="Document">A draft that was not saved; else the version, else the latest.</param>
    /// <param name="Days">Length, from the first event; 90 when left out.</param>
    internal sealed record SimulationRequest(
        JsonElement? Document = null, int? Version = null, IReadOnlyList<ScriptedLead>? Leads = null, RecordedPeriod? Recorded = null, DateTimeOffset? From = null, DateTimeOffset? To = null, double? Days = null);

    internal sealed record ScriptedLead(string? Id = null, JsonElement? Traits = null, IReadOnlyList<ScriptedEvent>? Events = null);

    internal sealed record ScriptedEvent(DateTimeOffset At, string? Name = null, EventType? Type = null, JsonElement? Properties = null, JsonElement? Traits = null, string? Id = null);

    /// <param name="To">Now when left out.</param>
    internal sealed record RecordedPeriod(DateTimeOffset From, DateTimeOffset? To = null, int? MaxLeads = null);
}
