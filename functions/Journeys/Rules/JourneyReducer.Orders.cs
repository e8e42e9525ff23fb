using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>What runs, people and the clock ask of a lead.</summary>
internal sealed partial class JourneyReducer
{
    private void Obey(LeadEvent e)
    {
        var order = e.Properties.ValueKind == JsonValueKind.Object ? e.Properties.Deserialize(JourneysJson.Default.RunOrder) ?? new() : new();
        var run = order.Run is { } id ? _state.Find(id) : null;
        switch (e.Name)
        {
            case RunOrder.Waits when run is not null && order.Step is { } step:
                // It also tells of a move whose own event was lost with the process that made it.
                _state = _state.With((order.Version is { } current && current != run.Version ? Moved(run, current, order.Bound) : run) with { Waiting = step, WaitsUntil = order.Until });
                Wake(run, run.Heard.TryGetValue(step, out var heard) && heard > (order.After ?? 0));
                break;
            case RunOrder.Ended when run is not null && order.Until is { } until:
                _state = _state.With(run with { WatchedUntil = until, Waiting = null, WaitsUntil = null });
                break;
            case RunOrder.Ended when run is not null:
                _state = _state with { Runs = [.. _state.Runs.Where(other => other.Id != run.Id)] };
                break;
            case RunOrder.NoStart when run is not null:
                _state = _state.Without(run, order.After ?? 0);
                break;
            case RunOrder.Stop when run is not null:
                _state = _state.With(run with { Ended = order.Reason ?? "It was cancelled." });
                Wake(run, true);
                break;
            case RunOrder.Move when run is not null && order.Version is { } version:
                _state = _state.With(Moved(run, version, order.Bound));
                Wake(run, true);
                break;
            case RunOrder.Start when order.Journey is { } journeyId && _rules.Live(journeyId) is { } journey:
                TryEnter(journey, order.Key ?? e.Id, e, _now, order.Data ?? Empty, order.Reason ?? "By the API.", mayComeAgain: order.Key is not null);
                break;
        }
    }

    /// <summary>What it heard stays heard where the new version listens for the same. Where it waits is left as it is: it may have told already.</summary>
    private LeadRun Moved(LeadRun run, int version, IReadOnlyDictionary<string, JsonElement>? bound)
    {
        var (from, to) = (_rules.Find(run.Journey, run.Version), _rules.Find(run.Journey, version));
        return run with
        {
            Version = version,
            Bound = bound ?? run.Bound,
            Heard = run.Heard.Where(heard => IsSame((from?.Find(heard.Key) as Step.WaitFor)?.When, (to?.Find(heard.Key) as Step.WaitFor)?.When)).ToDictionary(),
            GoalAt = IsSame(from?.Document.Goal, to?.Document.Goal) ? run.GoalAt : null,
            ExitAt = IsSame(from?.Document.Exit, to?.Document.Exit) ? run.ExitAt : null,
        };

        static bool IsSame(JourneyCondition? a, JourneyCondition? b) => a is not null && b is not null && JsonElement.DeepEquals(a.Json, b.Json);
    }
}
