using LeadFunctions.Conditions;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// Time passing is an event too: here it is noted when it will next concern the lead. What is noted comes back as a tick, and whatever comes looks at all there is and
/// notes the next. A moment that moved later is left noted: its tick finds out. So one that moves with every event (60 days after the last one) is written once.
/// </summary>
internal sealed partial class JourneyReducer
{
    private const long DayMs = 86_400_000;

    private const long Never = long.MaxValue;

    private void LookAtTime()
    {
        foreach (var journey in _rules.Dated)
        {
            WatchDate(journey);
        }

        foreach (var journey in _rules.Scored)
        {
            WatchScore(journey, (Trigger.Engagement)journey.Document.Trigger); // only such journeys are scored
        }
    }

    private void WatchTime()
    {
        WatchRuns();

        // What is long past, or of no journey, belongs to a journey, or a version, that nobody enters any more.
        if (_state.Due.Any(IsOld))
        {
            _state = _state with { Due = _state.Due.Where(due => !IsOld(due)).ToDictionary() };
        }
    }

    private bool IsOld(KeyValuePair<string, long> due) =>
        due.Value < _ms - DayMs || (due.Value == Never && !_rules.Scored.Any(journey => KeyOf(journey, (Trigger.Engagement)journey.Document.Trigger) == due.Key)); // only such journeys are scored

    private static string KeyOf(Journey journey, Trigger.Engagement trigger) => FormattableString.Invariant($"{journey.Id}/{trigger.Level}");

    private void WatchDate(Journey journey)
    {
        if (_state.Due.TryGetValue(journey.Id, out var ms) && ms <= _ms)
        {
            Unnote(journey.Id);

            // The date may have moved since it was noted; only if it still is this one the lead enters.
            var noted = DateTimeOffset.FromUnixTimeMilliseconds(ms);
            if (DueOf(journey, noted.AddTicks(-1)) == noted)
            {
                TryEnter(journey, noted.ToString("O"), null, noted, Data(new { due = noted }), $"Due {LocalTimes.Show(noted, _rules.ZoneOf(_change.Facts, journey))}.");
            }
        }

        Note(journey.Id, DueOf(journey, _now));
    }

    /// <summary>Engagement crosses the level, be it by an event or by decay since the last look: of a lead that may yet cross, it is noted when.</summary>
    private void WatchScore(Journey journey, Trigger.Engagement trigger)
    {
        var key = KeyOf(journey, trigger);
        var engagement = _change.Facts.Trait(ProfileFacts.Engagement).Number ?? 0;
        if (HasCrossed(engagement))
        {
            var wasNoted = _state.Due.TryGetValue(key, out var noted);
            if (!wasNoted && HasCrossed(_change.EngagementBefore.Value))
            {
                return;
            }

            if (wasNoted)
            {
                Unnote(key);
            }

            var due = wasNoted && noted < _ms ? DateTimeOffset.FromUnixTimeMilliseconds(noted) : _now;
            TryEnter(journey, KeyOfChange("engagement"), Cause, due, Data(new { engagement, level = trigger.Level }), $"Engagement went {(trigger.Down ? "under" : "to or over")} {trigger.Level}: it is {engagement:0.##}.");
        }
        else
        {
            Note(key, _change.Facts.NextChange(ProfileFacts.Engagement, [trigger.Level], _now));
            if (!(_state.Due.TryGetValue(key, out var next) && next > _ms))
            {
                // Time alone will not bring it there; another scoring model may, and only this says then that it was not there before.
                _state = _state with { Due = new Dictionary<string, long>(_state.Due) { [key] = Never } };
            }
        }

        bool HasCrossed(double points) => points >= trigger.Level != trigger.Down;
    }

    /// <summary>Goals, exits and waits that time alone can make true.</summary>
    private void WatchRuns()
    {
        DateTimeOffset? next = null;
        foreach (var run in _state.Runs)
        {
            if (!run.IsInside && run is { GoalAt: null } && _ms <= run.WatchedUntil && _rules.Find(run.Journey, run.Version) is { } watched)
            {
                next = Moments.Earliest(next, NextChange(watched.Document.Goal, run));
            }
            else if (run is { IsInside: true, GoalAt: null, ExitAt: null, Ended: null } && _rules.Find(run.Journey, run.Version) is { } journey)
            {
                next = Moments.Earliest(next, Moments.Earliest(NextChange(journey.Document.Goal, run), NextChange(journey.Document.Exit, run)));
                next = NextChange(WaitOf(run, journey)?.When, run) is { } change && !(change.ToUnixTimeMilliseconds() > run.WaitsUntil) ? Moments.Earliest(next, change) : next;
            }
        }

        if (IsNews(_state.Look, next) is { } look)
        {
            _state = _state with { Look = look };
        }
    }

    private DateTimeOffset? NextChange(JourneyCondition? condition, LeadRun run) =>
        condition is { IsEvent: false, Compiled.DependsOnTime: true } ? condition.For(run.Bound)?.NextChange(_change.Facts, _now) : null;

    private Step.WaitFor? WaitOf(LeadRun run, Journey journey) => _ms > run.WaitsUntil ? null : journey.Find(run.Waiting) as Step.WaitFor;

    private void Note(string key, DateTimeOffset? due)
    {
        if (IsNews(_state.Due.TryGetValue(key, out var noted) ? noted : null, due) is { } ms)
        {
            _state = _state with { Due = new Dictionary<string, long>(_state.Due) { [key] = ms } };
        }
    }

    private void Unnote(string key) => _state = _state with { Due = _state.Due.Where(due => due.Key != key).ToDictionary() };

    /// <summary>Null when the moment is none, or the lead will be looked at before it anyhow.</summary>
    private long? IsNews(long? noted, DateTimeOffset? due)
    {
        if (!Moments.IsNews(due, noted, _now, out var at))
        {
            return null;
        }

        _news.Add(new JourneyNews.Due(at));
        return at.ToUnixTimeMilliseconds();
    }

    private DateTimeOffset? DueOf(Journey journey, DateTimeOffset after)
    {
        var rule = ((Trigger.Date)journey.Document.Trigger).Rule; // only such journeys are dated
        return LocalTimes.Due(rule, _change.Facts.Trait(rule.Trait), after, _rules.ZoneOf(_change.Facts, journey)) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due.ToUnixTimeMilliseconds())
            : null;
    }
}
