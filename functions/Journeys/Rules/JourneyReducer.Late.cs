using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// What was accepted counts for whatever was accepted after it, also when it is applied later: it was in the hands of a host that was lost, or another instance was quicker. So a start that
/// only the entry condition refused is remembered, and the first time that the condition holds decides: if that is due to something that had been accepted before, the run begins.
/// </summary>
internal sealed partial class JourneyReducer
{
    private void Miss(Journey journey, string key, int hops, DateTimeOffset due, JsonElement data, string reason, bool mayComeAgain) => _state = _state with
    {
        Missed = MissedStart.With(
            _state.Missed,
            new(journey.Id, key, _ms, _accepted.ToUnixTimeMilliseconds(), due.ToUnixTimeMilliseconds(), data.Clone(), reason, mayComeAgain, hops),
            journey.Document.Reentry is Reentry.Concurrent),
    };

    /// <summary>Those from before these events: of events that come together none is late.</summary>
    private void LookAtMissed(IReadOnlyList<MissedStart> missed)
    {
        var (first, decided) = (_change.Accepted.Count > 0 ? _change.Accepted.Min().ToUnixTimeMilliseconds() : _ms, new List<MissedStart>());
        foreach (var one in missed)
        {
            if (one.IsOver(_ms) || _rules.Live(one.Journey) is not { } journey)
            {
                decided.Add(one);
            }
            else if (journey.Document.EntryWhen?.Holds(null, _facts, NoValues, _now) != false)
            {
                decided.Add(one);
                if (one.IsOwed || first < one.Accepted)
                {
                    var cause = _change.Events.Count > 0 ? _change.Events[^1] with { Hops = one.Hops == 0 ? null : one.Hops } : null;
                    TryEnter(journey, one.Key, cause, DateTimeOffset.FromUnixTimeMilliseconds(one.Due), one.Trigger, $"{one.Reason} What made the entry condition hold had been accepted before it, and came late.", one.MayComeAgain);
                }
            }
        }

        if (decided.Count > 0)
        {
            _state = _state with { Missed = (_state.Missed ?? []).Except(decided).ToList() is { Count: > 0 } left ? left : null };
        }
    }
}
