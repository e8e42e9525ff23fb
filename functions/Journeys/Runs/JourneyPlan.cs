using System.Text.Json;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;

namespace LeadFunctions.Journeys.Runs;

/// <summary>What a run needs from the outside to go on.</summary>
internal abstract record Next
{
    private Next()
    {
    }

    /// <summary>Do the pending step, then tell <see cref="JourneyPlan.Acted"/>.</summary>
    public sealed record Act(PendingAct Pending) : Next;

    /// <summary>Ask again at that time, or when something happened that concerns the run, whichever comes first. Null: only then.</summary>
    public sealed record Wait(DateTimeOffset? Until) : Next;

    public sealed record Done : Next;
}

/// <summary>
/// How a run goes on: given the definition, what has happened in the run and what is known of the lead, what next? Pure, so that running, replaying and
/// simulating take the same path.
/// </summary>
internal static class JourneyPlan
{
    /// <summary>A run this far behind starts afresh from now: what follows keeps its distance instead of arriving in a heap.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromHours(1);

    private const int DecisionLimit = 10_000;
    private const int LogLimit = 1_000;

    public static RunState Enter(Journey journey, RunStart start) => start.Trial is { Arm: not Arm.Treated } ? Watching.HeldOut(journey, start) :
        new(start.RunId, journey.Id, journey.Version, start.LeadId, start.Key, start.At, start.Trigger)
        {
            Step = journey.Document.Steps.Count > 0 ? journey.Document.Steps[0].Id : null,
            Due = start.Due,
            Hops = start.Hops,
            Trial = start.Trial,
            Log = [new(start.At, null, "entered", journey.Reference, start.Reason, start.Due)],
        };

    /// <summary>Decides until something must be done or waited for.</summary>
    public static (RunState Run, Next Next) Decide(Journey journey, RunState run, RunFacts facts, DateTimeOffset now)
    {
        using var budget = PatternBudget.Of(1);
        run = Returned(run, facts);
        for (var decisions = 0; decisions < DecisionLimit; decisions++)
        {
            if (run.Status != RunStatus.Active)
            {
                return (run, new Next.Done());
            }

            if (Interrupted(run, facts, now) is { } ended)
            {
                run = ended;
                continue;
            }

            if (facts.IsPaused)
            {
                return (run.IsPaused ? run : Logged(run, now, run.Step, "paused") with { IsPaused = true, Pending = null }, new Next.Wait(null));
            }

            if (run.IsPaused)
            {
                run = Logged(run, now, run.Step, "resumed") with { IsPaused = false };
            }

            if (run.Step is null)
            {
                run = End(run, RunStatus.Completed, "The end was reached.", Later(run.Due, now));
                continue;
            }

            if (journey.Find(run.Step) is not { } step)
            {
                run = End(run, RunStatus.Failed, $"Version {journey.Version} has no step {run.Step}.", now);
                continue;
            }

            var (after, next) = At(journey, step, run, facts, now);
            run = after;
            if (next is not null)
            {
                return (run, next);
            }
        }

        return (End(run, RunStatus.Failed, "The journey goes in circles without waiting.", now), new Next.Done());
    }

    /// <summary>The pending step was done (or could not be), and the run stands after it.</summary>
    public static RunState Acted(Journey journey, RunState run, ActResult result, DateTimeOffset now)
    {
        if (run.Pending is not { } pending || journey.Find(pending.Step) is not { } step)
        {
            return run;
        }

        if (result.Until is { } until)
        {
            // Its number stays: whenever it is done, it is this.
            return WaitSteps.Held(run with { Pending = null }, step, HoldKind.Arbiter, Base(run, now), until, result.Reason ?? "", now);
        }

        var saved = run.Saved;
        if (result.Saved is { } answer && step is Step.Webhook { SaveAs: { } name })
        {
            saved = new Dictionary<string, JsonElement>(saved) { [name] = answer };
        }

        run = step is Step.Send ? WithOutcome(run, step, result.What) : run;
        run = Logged(run with { Pending = null, Acts = run.Acts + 1, Saved = saved }, now, step.Id, result.What, result.Detail, result.Reason, pending.Due);
        return result.Ends is { } reason ? End(run, RunStatus.Failed, reason, now) : Move(journey, run, step.Id, pending.Due);
    }

    /// <summary>What became of a message: <c>sent</c>, <c>skipped</c>, <c>bounced</c> or <c>failed</c>.</summary>
    internal static RunState WithOutcome(RunState run, Step step, string what) =>
        run with { Outcomes = new Dictionary<string, string>(run.Outcomes ?? NoOutcomes) { [step.Id] = what == "not sent" ? "skipped" : what } };

    /// <summary>What counted as sent has come back since.</summary>
    private static RunState Returned(RunState run, RunFacts facts) => facts.Returned is { Count: > 0 } returned && run.Outcomes is { } outcomes
        ? run with { Outcomes = outcomes.ToDictionary(one => one.Key, one => one.Value == "sent" && returned.Contains(one.Key) ? "bounced" : one.Value) }
        : run;

    private static readonly IReadOnlyDictionary<string, string> NoOutcomes = new Dictionary<string, string>();

    public static RunState End(RunState run, RunStatus status, string reason, DateTimeOffset at) =>
        Logged(run with { Status = status, Hold = null, Pending = null, EndedAt = at, EndReason = reason }, at, run.Step, "ended", status.ToString().ToLowerInvariant(), reason);

    /// <summary>The base that waits are reckoned from.</summary>
    public static DateTimeOffset Base(RunState run, DateTimeOffset now) => now - run.Due <= Behind ? run.Due : now;

    private static RunState? Interrupted(RunState run, RunFacts facts, DateTimeOffset now) =>
        facts.Ended is { } reason ? End(run, RunStatus.Cancelled, reason, now)
        : facts.GoalAt is { } goal && !(facts.ExitAt < goal) ? Watching.Reached(End(run, RunStatus.Goal, "The goal was reached.", Later(goal, run.EnteredAt)), Later(goal, run.EnteredAt))
        : facts.ExitAt is { } exit ? End(run, RunStatus.Exited, "The exit condition was fulfilled.", Later(exit, run.EnteredAt))
        : null;

    private static (RunState Run, Next? Next) At(Journey journey, Step step, RunState run, RunFacts facts, DateTimeOffset now)
    {
        if (run.Hold is null && run.Pending is null && step.Late is { } late && now - run.Due > late.After.Length)
        {
            var reason = $"It is {(now - run.Due).TotalHours:0.#} h late; more than {late.After} is too late.";
            switch (late.Do)
            {
                case WhenLate.Skip:
                    run = step is Step.Send ? WithOutcome(run, step, "skipped") : run;
                    return (Move(journey, Logged(run, now, step.Id, "skipped", null, reason, run.Due), step.Id, run.Due), null);
                case WhenLate.Exit:
                    return (End(run, RunStatus.Exited, reason, now), null);
            }
        }

        var view = new RunView(run, facts.Lead);
        switch (step)
        {
            case Step.Wait wait:
                return WaitSteps.Wait(journey, wait, run, facts, now);
            case Step.WaitFor wait:
                return WaitSteps.WaitFor(journey, wait, run, facts, now);
            case Step.Send when run.Hold is { Kind: HoldKind.Arbiter, Until: { } until }:
                return now < until ? (run, new Next.Wait(until)) : (Chain.After(run, run.Hold, until) with { Hold = null, Due = until }, null);
            case Step.Send { Urgent: false } send when WaitSteps.Defer(journey, send, run, facts, now) is { } deferred:
                return deferred;
            case Step.Send send when WaitSteps.AwaitAddress(send, run, facts, now) is { } wait:
                return wait;
            case Step.Branch branch:
                var path = branch.Paths.FirstOrDefault(path => path.When.Holds(null, view, Bound(path.When, view), now));
                var reason = path is null ? "No condition held." : $"The condition of \"{path.Name}\" held.";
                return (Into(journey, run, step, path?.Name ?? "else", path?.Steps ?? branch.Else, reason, now), null);
            case Step.Split split:
                var chosen = Choose(journey.Id, run.LeadId, split);
                return (Into(journey, run, step, chosen.Name, chosen.Steps, "By the hash of journey, lead and salt.", now), null);
            case Step.Repeat repeat:
                return (Again(journey, repeat, run, view, now), null);
            case Step.Exit exit:
                return (End(Logged(run, now, step.Id, "done"), RunStatus.Exited, exit.Reason ?? "An exit step was reached.", Later(run.Due, now)), null);
            default:
                if (run.Pending is { } pending && pending.Step == step.Id)
                {
                    return (run, new Next.Act(pending));
                }

                var act = new PendingAct($"{run.Id}/{step.Id}/{run.Acts}", step.Id, run.Due, now);
                return (run with { Hold = null, Pending = act }, new Next.Act(act));
        }
    }

    public static SplitPath Choose(string journey, string leadId, Step.Split split)
    {
        var point = StableHash.Fraction(journey, leadId, split.Salt ?? split.Id) * split.Paths.Sum(path => path.Weight);
        foreach (var path in split.Paths)
        {
            if (point < path.Weight)
            {
                return path;
            }

            point -= path.Weight;
        }

        return split.Paths.Last(path => path.Weight > 0);
    }

    internal static IReadOnlyDictionary<string, JsonElement> Bound(JourneyCondition condition, RunView view) =>
        condition.Placeholders.Count == 0 ? NoValues : condition.Placeholders.ToDictionary(path => path, view.Find);

    private static readonly IReadOnlyDictionary<string, JsonElement> NoValues = new Dictionary<string, JsonElement>();

    private static RunState Again(Journey journey, Step.Repeat repeat, RunState run, RunView view, DateTimeOffset now)
    {
        var round = run.Rounds.GetValueOrDefault(repeat.Id);
        var stops = round >= repeat.Max ? $"{round} rounds are the most."
            : repeat.While is { } condition && !condition.Holds(null, view, Bound(condition, view), now) ? "The condition did not hold."
            : null;
        var rounds = new Dictionary<string, int>(run.Rounds);
        if (stops is not null)
        {
            rounds.Remove(repeat.Id);
            return Move(journey, Logged(run, now, repeat.Id, "left", null, stops) with { Rounds = rounds }, repeat.Id, run.Due);
        }

        rounds[repeat.Id] = round + 1;
        return Into(journey, run with { Rounds = rounds }, repeat, $"round {round + 1}", repeat.Steps, null, now);
    }

    internal static RunState Into(Journey journey, RunState run, Step step, string path, IReadOnlyList<Step> steps, string? reason, DateTimeOffset now)
    {
        run = Logged(run, now, step.Id, "path", path, reason);
        return steps.Count > 0 ? run with { Step = steps[0].Id, Hold = null } : Move(journey, run, step.Id, run.Due);
    }

    internal static RunState Move(Journey journey, RunState run, string from, DateTimeOffset due) =>
        run with { Step = journey.After(from)?.Id, Due = due, Hold = null, Pending = null };

    internal static RunState Logged(RunState run, DateTimeOffset at, string? step, string what, string? detail = null, string? reason = null, DateTimeOffset? due = null) =>
        run.Log.Count < LogLimit ? run with { Log = [.. run.Log, new(at, step, what, detail, reason, due)] } : run;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
