using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Segments;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// The journeys' part of the reducer: who enters, and what the runs of this lead have been waiting for. Pure. Because the lead has one writer at a time, an
/// event counts for a run whether it came before, with or after the wait for it.
/// </summary>
internal sealed partial class JourneyReducer
{
    private readonly JourneyRules _rules;
    private readonly LeadChange _change;
    private readonly DateTimeOffset _now;
    private readonly long _ms;
    private readonly List<JourneyNews> _news = [];
    private readonly HashSet<string> _woken = [];
    private LeadJourneys _state;
    private ILeadFacts _facts;

    /// <summary>When what may let the lead in now was.</summary>
    private DateTimeOffset _accepted;

    private JourneyReducer(LeadJourneys before, JourneyRules rules, LeadChange change, DateTimeOffset now) =>
        (_state, _missed, _rules, _change, _facts, _now, _accepted, _ms) = (before, [.. before.Missed ?? []], rules, change, change.Facts, now, now, now.ToUnixTimeMilliseconds());

    public static (LeadJourneys After, IReadOnlyList<JourneyNews> News) Apply(LeadJourneys before, JourneyRules rules, LeadChange change, DateTimeOffset now)
    {
        if (rules.AreNone && before.Runs.Count == 0)
        {
            return (before, []);
        }

        var reducer = new JourneyReducer(before, rules, change, now);
        reducer.Run();
        return (reducer._state, reducer._news);
    }

    private void Run()
    {
        for (var i = 0; i < _change.Events.Count; i++)
        {
            var e = _change.Events[i];
            (_facts, _accepted) = (FactsWith(i), _change.Accepted[i]);
            if (e.Type == EventType.Journey)
            {
                Obey(e);
                continue;
            }

            foreach (var run in _state.Runs)
            {
                Hear(run, e);
            }

            HearMissed(e);
            foreach (var journey in IsQuiet(e) ? [] : _rules.TriggeredBy(e.Name))
            {
                var trigger = (Trigger.Event)journey.Document.Trigger; // only those are indexed by event
                if (trigger.When.Holds(e, _facts, NoValues, _now))
                {
                    Enter(journey, e, trigger);
                }
            }
        }

        (_facts, _accepted) = (_change.Facts, _change.Accepted.Count > 0 ? _change.Accepted.Max() : _now);
        var (from, stage) = (_change.Before.Trait(ProfileFacts.Stage).Text ?? "", _change.Facts.Trait(ProfileFacts.Stage).Text ?? "");
        foreach (var journey in from == stage || IsQuietly(stage) ? [] : _rules.Staged.Where(journey => ((Trigger.Stage)journey.Document.Trigger).Stages.Contains(stage)))
        {
            TryEnter(journey, KeyOfChange("stage"), Cause, _now, Data(new { stage, from }), $"The stage became {stage}.");
        }

        foreach (var journey in _rules.Segmented)
        {
            var (segment, enters) = (Trigger.Segment)journey.Document.Trigger; // only those are
            if (_change.Quiet?.Contains(segment) != true && IsIn(_change.Before, segment) != enters && IsIn(_change.Facts, segment) == enters)
            {
                TryEnter(journey, KeyOfChange("segment"), Cause, _now, Data(new { segment }), $"The lead {(enters ? "entered" : "left")} the segment \"{segment}\".");
            }
        }

        foreach (var run in _state.Runs)
        {
            Look(run);
        }

        LookAtTime();
        LookAtMissed();
        WatchTime(); // also of who has just entered
        ForgetWatched();
    }

    private bool IsQuiet(LeadEvent e) => _change.Quiet is { Count: > 0 } && (SegmentEvents.IsQuiet(e) || StageEvents.IsQuiet(e));

    /// <summary>Nothing but a publication that was to start nothing brought the lead there.</summary>
    private bool IsQuietly(string stage) => _change.Quiet is { Count: > 0 }
        && _change.Events.Where(e => e.Type == EventType.Stage && EventText.Of(e.Properties, "stage") == stage).ToList() is [_, ..] moves && moves.TrueForAll(StageEvents.IsQuiet);

    private void Hear(LeadRun run, LeadEvent e)
    {
        if (_rules.Find(run.Journey, run.Version) is not { } journey || IsPast(run))
        {
            return;
        }

        var changed = run;
        foreach (var wait in run.IsInside ? journey.Waits : [])
        {
            if (Hears(wait.When, run, e))
            {
                changed = changed with { Heard = new Dictionary<string, long>(changed.Heard) { [wait.Id] = _ms } };
                Wake(run, changed.Waiting == wait.Id);
            }
        }

        if (run.GoalAt is null && Hears(journey.Document.Goal, run, e))
        {
            changed = changed with { GoalAt = _ms };
            Wake(run, true);
        }

        if (run is { IsInside: true, ExitAt: null } && Hears(journey.Document.Exit, run, e))
        {
            changed = changed with { ExitAt = _ms };
            Wake(run, true);
        }

        if (changed != run)
        {
            _state = _state.With(changed);
        }
    }

    private bool Hears(JourneyCondition? condition, LeadRun run, LeadEvent e) =>
        condition is not null && (condition.Compiled.Events is not { } names || names.Contains(e.Name)) && condition.IsAboutEvents && condition.Holds(e, _facts, run.Bound, _now);

    /// <summary>Conditions about what the lead is, not about what it did.</summary>
    private void Look(LeadRun run)
    {
        if (_rules.Find(run.Journey, run.Version) is not { } journey || IsPast(run))
        {
            return;
        }

        var changed = run;
        if (run.GoalAt is null && Holds(journey.Document.Goal, run))
        {
            changed = changed with { GoalAt = _ms };
            Wake(run, true);
        }

        if (run is { IsInside: true, ExitAt: null } && Holds(journey.Document.Exit, run))
        {
            changed = changed with { ExitAt = _ms };
            Wake(run, true);
        }

        if (WaitOf(run, journey) is { } wait && Holds(wait.When, run))
        {
            // Once: the run finds it so and goes on.
            changed = changed with { Heard = new Dictionary<string, long>(changed.Heard) { [wait.Id] = _ms }, Waiting = null };
            Wake(run, true);
        }

        if (journey.Find(run.Waiting) is Step.Send send && Addresses.Of(send.Channel, _change.Facts).Length > 0)
        {
            changed = changed with { Waiting = null };
            Wake(run, true);
        }

        if (changed != run)
        {
            _state = _state.With(changed);
        }
    }

    private bool Holds(JourneyCondition? condition, LeadRun run) => condition is { IsEvent: false } && condition.Holds(null, _change.Facts, run.Bound, _now);

    private void Enter(Journey journey, LeadEvent e, Trigger.Event trigger)
    {
        if (_now - e.At > trigger.MaxAge.Length)
        {
            return; // history: it is not the moment any more
        }

        var key = e.Id;
        if (trigger.Key is { } path)
        {
            var value = RunView.Inside(e.Properties, path);
            if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            {
                return; // without the property that tells runs apart there is no run
            }

            key = Value.From(value).ToString();
        }

        TryEnter(journey, key, e, _now, e.Properties.ValueKind == JsonValueKind.Object ? e.Properties : Empty, $"The event \"{e.Name}\" ({e.Id}).", mayComeAgain: trigger.Key is not null);
    }

    /// <param name="cause">The event that starts it; null: time does.</param>
    /// <param name="mayComeAgain">The key is chosen outside, and not made of an event's id. One that ran before is no start, however long ago.</param>
    private bool TryEnter(Journey journey, string key, LeadEvent? cause, DateTimeOffset due, JsonElement data, string reason, bool mayComeAgain = false)
    {
        var document = journey.Document;
        var past = _state.Past.GetValueOrDefault(journey.Id);
        var runId = RunId.Of(journey.Id, _change.LeadId, key);
        var mayEnter = _state.Find(runId) is null
            && past?.Knows(key) != true
            && (document.Reentry is Reentry.Concurrent || _state.Runs.All(run => run.Journey != journey.Id || !run.Occupies(_ms)))
            && document.Reentry switch
            {
                Reentry.Never => past is null,
                Reentry.After after => past is null || _ms - past.EnteredAt >= (long)after.Period.Length.TotalMilliseconds,
                _ => true,
            };
        var hops = cause?.Hops ?? 0;
        if (mayEnter && !Holds(journey, _now))
        {
            Miss(journey, key, hops, due, data, reason, mayComeAgain);
            return false;
        }

        var trial = mayEnter ? Drawn(journey, isFirst: past is null) : null;
        var isHeldOut = trial is { Arm: not Arm.Treated };
        if (!mayEnter || (!isHeldOut && cause is not null && IsRefused(journey, cause.Id, hops)))
        {
            return false;
        }

        var entered = new JourneyPast(_ms, (past?.Times ?? 0) + 1, past?.Keys);
        _state = _state with
        {
            Runs = [.. _state.Runs, new LeadRun(runId, journey.Id, journey.Version, key, _ms, journey.BoundBy(data))
            {
                After = past?.EnteredAt,
                WatchedUntil = isHeldOut ? trial?.Until.ToUnixTimeMilliseconds() : null,
                IsHeldOut = isHeldOut,
            }],
            Past = new Dictionary<string, JourneyPast>(_state.Past) { [journey.Id] = mayComeAgain ? entered.With(key) : entered },
            Caused = hops > 0 && !isHeldOut ? CausedStarts.After(_state.Caused, _ms) : _state.Caused,
        };
        _news.Add(new JourneyNews.Entered(new(runId, journey.Id, journey.Version, _change.LeadId, key, _now, due, data.Clone(), reason, hops, trial)));
        return true;
    }

    private bool IsRefused(Journey journey, string eventId, int hops)
    {
        if (Chain.Refuse(journey.Id, hops, _state.Caused, _ms) is not { } reason)
        {
            return false;
        }

        _news.Add(new JourneyNews.Refused(eventId, reason));
        return true;
    }

    /// <summary>Of what changed the lead, the event that is furthest down a chain; null when only time passed.</summary>
    private LeadEvent? Cause => _change.Events.Where(e => e is not { Type: EventType.Journey, Name: RunOrder.Tick }).MaxBy(e => e.Hops ?? 0);

    private void Wake(LeadRun run, bool isDue)
    {
        if (isDue && _woken.Add(run.Id))
        {
            _news.Add(new JourneyNews.Woken(run.Id));
        }
    }

    private static bool IsIn(ILeadFacts lead, string segment) => lead.Trait(ProfileFacts.Segment + segment).Truth == true;

    private string KeyOfChange(string what) => $"{what}/{(_change.Events.Count > 0 ? _change.Events[^1].Id : _now.ToString("O"))}";

    private static JsonElement Data<T>(T value) => JsonSerializer.SerializeToElement(value);
    private static readonly JsonElement Empty = JsonSerializer.SerializeToElement(new { });

    private static readonly IReadOnlyDictionary<string, JsonElement> NoValues = new Dictionary<string, JsonElement>();
}
