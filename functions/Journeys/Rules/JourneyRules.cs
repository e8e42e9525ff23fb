using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using NodaTime;

namespace LeadFunctions.Journeys.Rules;

internal enum JourneyState
{
    /// <summary>Never published.</summary>
    Draft,
    Live,

    /// <summary>Leads may enter; nobody goes on.</summary>
    Paused,

    /// <summary>Over: nobody enters, and those inside leave.</summary>
    Archived,
}

/// <summary>All journeys at one moment, compiled: those that leads may enter, and every version that somebody may be in.</summary>
internal sealed class JourneyRules
{
    public static readonly JourneyRules None = new([], [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc);

    private readonly Dictionary<(string Id, int Version), Journey> _versions;
    private readonly Dictionary<string, Journey> _live;
    private readonly IReadOnlyDictionary<string, JourneyState> _states;
    private readonly ILookup<string, Journey> _byEvent;

    /// <param name="live">The versions that leads enter.</param>
    /// <param name="others">Versions that were live once.</param>
    /// <param name="states">Paused and archived ones, by id.</param>
    /// <param name="zone">The workspace's.</param>
    public JourneyRules(IReadOnlyList<Journey> live, IReadOnlyList<Journey> others, IReadOnlyDictionary<string, JourneyState> states, DateTimeZone zone)
    {
        (_states, Zone) = (states, zone);
        _live = live.ToDictionary(journey => journey.Id);
        _versions = live.Concat(others).DistinctBy(journey => (journey.Id, journey.Version)).ToDictionary(journey => (journey.Id, journey.Version));
        Counted = _versions.Values.SelectMany(journey => journey.Counted).ToHashSet(StringComparer.Ordinal);
        Open = [.. live.Where(journey => StateOf(journey.Id) != JourneyState.Archived)];
        _byEvent = Open.SelectMany(journey => ((journey.Document.Trigger as Trigger.Event)?.When.Compiled.Events ?? []).Select(name => (name, journey))).ToLookup(pair => pair.name, pair => pair.journey);
        Dated = [.. Open.Where(journey => journey.Document.Trigger is Trigger.Date)];
        Staged = [.. Open.Where(journey => journey.Document.Trigger is Trigger.Stage)];
        Segmented = [.. Open.Where(journey => journey.Document.Trigger is Trigger.Segment)];
        Scored = [.. Open.Where(journey => journey.Document.Trigger is Trigger.Engagement)];
    }

    /// <summary>As they would be were this version published.</summary>
    public JourneyRules With(Journey draft) => new([.. _live.Values.Where(journey => journey.Id != draft.Id), draft], [.. _versions.Values], _states, Zone) { Holdout = Holdout };

    /// <summary>Of all journeys; null: nobody is.</summary>
    public Holdout? Holdout { get; init; }

    public DateTimeZone Zone { get; }

    /// <summary>Of all that somebody may have been in, whatever became of them.</summary>
    public IEnumerable<string> Ids => _versions.Keys.Select(version => version.Id).Distinct();

    /// <summary>Names of the events whose history a condition of some version asks for.</summary>
    public IReadOnlySet<string> Counted { get; }

    /// <summary>Those that leads may enter now.</summary>
    public IReadOnlyList<Journey> Open { get; }

    public IReadOnlyList<Journey> Dated { get; }

    public IReadOnlyList<Journey> Staged { get; }

    public IReadOnlyList<Journey> Segmented { get; }

    public IReadOnlyList<Journey> Scored { get; }

    /// <summary>Whether scores let leads in somewhere, and the journeys in some version of which somebody may be waiting for one.</summary>
    public (bool LetIn, IReadOnlyList<string> Within) WatchingScores => (
        Open.Any(journey => journey.IsStartedByScores),
        [.. _versions.Values.Where(journey => journey.WaitsForScores && StateOf(journey.Id) != JourneyState.Archived).Select(journey => journey.Id).Distinct().Order(StringComparer.Ordinal)]);

    public bool AreNone => _versions.Count == 0;

    public IEnumerable<Journey> TriggeredBy(string eventName) => _byEvent[eventName];

    public Journey? Live(string id) => StateOf(id) == JourneyState.Archived ? null : _live.GetValueOrDefault(id);

    /// <summary>The version that leads enter, or did until it was archived.</summary>
    public Journey? Published(string id) => _live.GetValueOrDefault(id);

    public Journey? Find(string id, int version) => _versions.GetValueOrDefault((id, version));

    public JourneyState StateOf(string id) => _states.TryGetValue(id, out var state) ? state : _live.ContainsKey(id) ? JourneyState.Live : JourneyState.Draft;

    /// <summary>Whether runs of this journey may be side by side for one lead.</summary>
    public bool MaySideBySide(LeadRun run) => Find(run.Journey, run.Version)?.Document.Reentry is Reentry.Concurrent;

    /// <summary>The lead's own zone, else the journey's, else the workspace's.</summary>
    public DateTimeZone ZoneOf(Conditions.ILeadFacts lead, Journey? journey) => LeadZone.Of(lead).Zone ?? TimeZones.Find(journey?.Document.Zone) ?? Zone;
}
