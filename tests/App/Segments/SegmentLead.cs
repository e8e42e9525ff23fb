using System.Text;
using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Tests.Segments;

/// <summary>One lead on a clock that jumps, with a list of the minutes in which it is to be looked at: the reducer as in earnest, without storage.</summary>
internal sealed class SegmentLead(LeadRules rules, string id = "lead")
{
    /// <summary>A Monday, 10:00 in UTC.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly SortedSet<DateTimeOffset> _due = [];
    private int _events;

    public SegmentLead(params IReadOnlyList<Segment> segments)
        : this(Rules(segments))
    {
    }

    public DateTimeOffset Now { get; private set; } = Start;

    public LeadRules Known { get; set; } = rules;

    public LeadState State { get; private set; } = new() { Id = id };

    public List<TimelineEntry> Timeline { get; } = [];

    public List<LeadEffect> Effects { get; } = [];

    /// <summary>What was told of it, as it was told: events, without those that time and the product bring.</summary>
    public List<LeadEvent> Told { get; } = [];

    /// <summary>How often the lead's row was written, and how often because time had passed.</summary>
    public (int All, int Ticks) Writes { get; private set; }

    public IReadOnlyList<string> In => [.. (State.Segments?.In.Keys ?? []).Order(StringComparer.Ordinal)];

    /// <summary>Each move as "06-01 10:00:30 +warm", with the time that it was noticed where that is another.</summary>
    public IReadOnlyList<string> Moves =>
    [
        .. Timeline.Where(entry => SegmentEvents.AreOf(entry.Event)).Select(entry =>
            $"{entry.Event.At:MM-dd HH:mm:ss.fff} {(entry.Event.Name == SegmentEvents.Entered ? '+' : '-')}{entry.Event.Properties.GetProperty("segment").GetString()}"
            + (entry.Event.Properties.TryGetProperty("noticedAt", out var noticed) ? $" ({noticed.GetDateTimeOffset():HH:mm:ss})" : "")),
    ];

    public static LeadRules Rules(IReadOnlyList<Segment> segments, ScoringModels? scoring = null, long revision = 1, RfmBoundaries? rfm = null) =>
        new(scoring ?? ScoringModels.None, JourneyRules.None, new SegmentRules(revision, segments, rfm));

    public static Segment Parse(string id, string when, int version = 1)
    {
        var (document, errors) = SegmentDocument.Parse(Encoding.UTF8.GetBytes($$"""{"name":"{{id}}","when":{{when}}}"""));
        Assert.True(errors.Count == 0, $"{when}: {string.Join("; ", errors)}");
        return new(id, version, document!);
    }

    public SegmentLead Track(string name, object? properties = null, TimeSpan ago = default) => Apply(
        new LeadEvent { Id = $"e{_events++}", Type = name == "page" ? EventType.Page : EventType.Track, Name = name, At = Now - ago, UserId = "ann", Properties = JsonSerializer.SerializeToElement(properties ?? new { }) });

    public SegmentLead Identify(object traits) => Apply(
        new LeadEvent { Id = $"e{_events++}", Type = EventType.Identify, Name = "identify", At = Now, UserId = "ann", Traits = JsonSerializer.SerializeToElement(traits) });

    public SegmentLead Apply(params IReadOnlyList<LeadEvent> events)
    {
        Told.AddRange(events);
        return Apply([.. events.Select(e => new Arrival(e, Now, Identity.Of(e)))], isTick: false);
    }

    /// <summary>The other, at the same time, becomes a part of this one.</summary>
    public void Absorb(SegmentLead other)
    {
        other.Apply([new Arrival(Merges.Freeze(other.State.Id, State.Id, 0, Now), Now, [])], isTick: false);
        Apply([new Arrival(Merges.Absorb(State.Id, other.State.Id, "e", Now), Now, [], other.State)], isTick: false);
    }

    /// <summary>That is taken back.</summary>
    public void LetGo(SegmentLead other)
    {
        Apply([new Arrival(Merges.LetGo(State.Id, other.State.Id, "r", Now), Now, [])], isTick: false);
        other.Apply([new Arrival(Merges.Release(other.State.Id, State.Id, "e2", Now), Now, [])], isTick: false);
    }

    /// <summary>From minute to minute in which somebody is to look, and on to the end.</summary>
    public SegmentLead Advance(TimeSpan by)
    {
        var end = Now + by;
        while (_due.Count > 0 && _due.Min <= end)
        {
            Now = _due.Min;
            _due.Remove(Now);
            Apply([new Arrival(RunFunctions.Tick(State.Id, Now.ToString("O"), Now), Now, [])], isTick: true);
        }

        Now = end;
        return this;
    }

    public SegmentLead Tick(string name = "by hand") => Apply([new Arrival(RunFunctions.Tick(State.Id, name, Now), Now, [])], isTick: true);

    private SegmentLead Apply(IReadOnlyList<Arrival> arrivals, bool isTick)
    {
        var reduced = Reducer.Apply(State, arrivals, Known, Now);
        Writes = ReferenceEquals(reduced.State, State) ? Writes : (Writes.All + 1, Writes.Ticks + (isTick ? 1 : 0));
        State = reduced.State;
        Timeline.AddRange(reduced.Timeline);
        foreach (var due in State.Outbox.Where(effect => effect.Kind == EffectKind.LeadDue))
        {
            var (_, begins) = DueTable.MinuteOf(DateTimeOffset.Parse(due.To!, System.Globalization.CultureInfo.InvariantCulture));
            _due.Add(begins > Now ? begins : Now);
        }

        Effects.AddRange(State.Outbox);
        State.Outbox.Clear();
        return this;
    }
}
