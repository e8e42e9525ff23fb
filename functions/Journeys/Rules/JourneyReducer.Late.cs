using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// What was accepted counts for whatever was accepted after it, also when it is applied later: it was in the hands of a host that was lost, or another instance was quicker. So a start that
/// only the entry condition refused is remembered, and the first time that the condition holds decides: if that is due to something that had been accepted before, the run begins.
/// Until then it hears what it would have heard as a run: who has reached the goal meanwhile does not begin.
/// </summary>
internal sealed partial class JourneyReducer
{
    /// <summary>Those from before these events, and those that come of them.</summary>
    private List<MissedStart> _missed, _missedNow = [];

    private void Miss(Journey journey, string key, int hops, DateTimeOffset due, JsonElement data, string reason, bool mayComeAgain) =>
        _missedNow.Add(new(journey.Id, key, _ms, _accepted.ToUnixTimeMilliseconds(), due.ToUnixTimeMilliseconds(), data.Clone(), reason, mayComeAgain, hops));

    private void HearMissed(LeadEvent e) => (_missed, _missedNow) = (Heard(_missed, e), Heard(_missedNow, e));

    private List<MissedStart> Heard(List<MissedStart> missed, LeadEvent e) => missed.Count == 0 ? missed : missed.ConvertAll(one => Heard(one, e)).OfType<MissedStart>().ToList();

    private MissedStart? Heard(MissedStart one, LeadEvent e)
    {
        if (_rules.Live(one.Journey) is not { } journey)
        {
            return one;
        }

        var run = AsRun(journey, one);
        if (Hears(journey.Document.Goal, run, e) || Hears(journey.Document.Exit, run, e))
        {
            return null;
        }

        foreach (var wait in journey.Waits.Where(wait => Hears(wait.When, run, e)))
        {
            one = one with { Heard = new Dictionary<string, long>(one.Heard ?? LeadRun.NothingHeard) { [wait.Id] = _ms } };
        }

        return one;
    }

    private LeadRun AsRun(Journey journey, MissedStart one) => new(RunId.Of(journey.Id, _change.LeadId, one.Key), journey.Id, journey.Version, one.Key, one.At, journey.BoundBy(one.Trigger));

    private void LookAtMissed()
    {
        if (_missed.Count + _missedNow.Count == 0)
        {
            _state = _state.Missed is null ? _state : _state with { Missed = null };
            return;
        }

        var first = _change.Accepted.Count > 0 ? _change.Accepted.Min().ToUnixTimeMilliseconds() : _ms;
        IReadOnlyList<MissedStart> left = [.. _missed.Where(one => !IsDecided(one, first)).Select(one => one.IsOwed ? one with { IsOwed = false } : one)]; // what comes next is something else
        foreach (var one in _missedNow)
        {
            left = MissedStart.With(left, one, _rules.Live(one.Journey)?.Document.Reentry is Reentry.Concurrent);
        }

        _state = _state with { Missed = left.Count > 0 ? left : null };
    }

    /// <param name="first">When the first of these events was accepted, Unix ms.</param>
    private bool IsDecided(MissedStart one, long first)
    {
        if (one.IsOver(_ms) || _rules.Live(one.Journey) is not { } journey || (journey.Document.Trigger is Trigger.Event { MaxAge: var most } && _ms - one.Due > most.Length.TotalMilliseconds))
        {
            return true;
        }

        var run = AsRun(journey, one);
        if (Holds(journey.Document.Goal, run) || Holds(journey.Document.Exit, run))
        {
            return true;
        }

        // As of then: what only time has changed since is no news.
        if (!Holds(journey, DateTimeOffset.FromUnixTimeMilliseconds(one.At)))
        {
            return false;
        }

        if ((one.IsOwed || first < one.Accepted) && Holds(journey, _now))
        {
            var cause = _change.Events.Count > 0 ? _change.Events[^1] with { Hops = one.Hops == 0 ? null : one.Hops } : null;
            var reason = $"{one.Reason} What made the entry condition hold had been accepted before it, and came late.";
            if (TryEnter(journey, one.Key, cause, DateTimeOffset.FromUnixTimeMilliseconds(one.Due), one.Trigger, reason, one.MayComeAgain) && one.Heard is { } heard)
            {
                _state = _state.With(_state.Find(run.Id)! with { Heard = heard }); // it was just added
            }
        }

        return true;
    }

    private bool Holds(Journey journey, DateTimeOffset at) => journey.Document.EntryWhen?.Holds(null, _facts, NoValues, at) != false;
}
