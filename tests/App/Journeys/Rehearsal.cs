using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;
using NodaTime;

namespace LeadFunctions.Tests.Journeys;

/// <summary>One lead in one journey, on a clock that jumps: the same code as in earnest, without storage.</summary>
internal sealed class Rehearsal
{
    /// <summary>A Monday, 10:00 in UTC.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly SimulatedLead _lead;
    private int _events;

    public Rehearsal(params Journey[] journeys)
        : this(new JourneyRules(journeys, [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc))
    {
    }

    public Rehearsal(JourneyRules rules, LeadState? state = null, ScoringModels? scoring = null, MessagingRules? messages = null) =>
        _lead = new SimulatedLead(state ?? new LeadState { Id = Identity.User("ann").Hash() }, new LeadRules(scoring ?? ScoringModels.None, rules) { Messages = messages ?? MessagingRules.Open });

    public Rehearsal(MessagingRules messages, params Journey[] journeys)
        : this(new JourneyRules(journeys, [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc), messages: messages)
    {
    }

    public Rehearsal(ScoringModels scoring, params Journey[] journeys)
        : this(new JourneyRules(journeys, [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc), null, scoring)
    {
    }

    public SimulatedLead Lead => _lead;

    public IReadOnlyList<string> Sent => [.. _lead.Messages.Select(message => $"{message.SentAt:yyyy-MM-dd HH:mm} {message.Template ?? message.Channel}")];

    public IReadOnlyList<RunState> Runs => [.. _lead.Runs.OrderBy(run => run.EnteredAt)];

    public static Journey Sample(string name, int version = 1) => Parse(Repository.Read($"samples/journeys/{name}.json"), name, version);

    public static Journey Parse(string json, string id = "test", int version = 1)
    {
        var parsed = ParsedJourney.Of(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Empty(parsed.Errors);
        return new Journey(id, version, parsed.Document!);
    }

    /// <summary>Something the lead does, after so much time.</summary>
    public Rehearsal Track(string name, TimeSpan after, object? properties = null, string? id = null) =>
        Script(new LeadEvent { Id = id ?? $"e{_events++}", Type = name == "page" ? EventType.Page : EventType.Track, Name = name, At = Start + after, UserId = "ann", Properties = Json(properties) }, after);

    /// <summary>They agree to the newsletter in a form.</summary>
    public Rehearsal Subscribe(TimeSpan after) =>
        Script(new LeadEvent { Id = $"e{_events++}", Type = EventType.Track, Name = "Consent Changed", At = Start + after, UserId = "ann", Properties = Json(new { newsletter = true }), Context = Json(new { form = new { id = "newsletter" } }) }, after);

    public Rehearsal Identify(object traits, TimeSpan after = default) =>
        Script(new LeadEvent { Id = $"e{_events++}", Type = EventType.Identify, Name = "identify", At = Start + after, UserId = "ann", Traits = Json(traits) }, after);

    public Rehearsal Stage(string stage, TimeSpan after) =>
        Script(new LeadEvent { Id = $"e{_events++}", Type = EventType.Stage, Name = "stage", At = Start + after, LeadId = _lead.State.Id, Properties = Json(new { stage }) }, after);

    public Rehearsal Script(LeadEvent e, TimeSpan after)
    {
        _lead.Script(e, Start + after);
        return this;
    }

    public Rehearsal Run(TimeSpan until)
    {
        _lead.RunUntil(Start + until);
        return this;
    }

    public static TimeSpan Days(double days) => TimeSpan.FromDays(days);

    public static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    private static JsonElement Json(object? value) => JsonSerializer.SerializeToElement(value ?? new { });
}
