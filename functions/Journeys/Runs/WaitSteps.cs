using LeadFunctions.Conditions;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Messaging;
using LeadFunctions.Platform;

namespace LeadFunctions.Journeys.Runs;

/// <summary>The parts of <see cref="JourneyPlan"/> that take time.</summary>
internal static class WaitSteps
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    public static (RunState Run, Next? Next) Wait(Journey journey, Step.Wait step, RunState run, RunFacts facts, DateTimeOffset now)
    {
        var hold = run.Hold is { Kind: HoldKind.Wait } ? run.Hold : null;
        if (hold is null)
        {
            var from = JourneyPlan.Base(run, now);
            var (until, why) = Until(step, run, facts, from);
            if (until is null || until <= from)
            {
                return (JourneyPlan.Move(journey, JourneyPlan.Logged(run, now, step.Id, "passed", null, why), step.Id, from), null);
            }

            hold = new(HoldKind.Wait, from, until);
            run = JourneyPlan.Logged(run, now, step.Id, "waits", LocalTimes.Show(until.Value, facts.Zone), null, until) with { Hold = hold };
        }

        return now < hold.Until
            ? (run, new Next.Wait(hold.Until))
            : (JourneyPlan.Move(journey, JourneyPlan.Logged(Chain.After(run, hold, hold.Until ?? now), now, step.Id, "done"), step.Id, hold.Until ?? now), null);
    }

    public static (RunState Run, Next? Next) WaitFor(Journey journey, Step.WaitFor step, RunState run, RunFacts facts, DateTimeOffset now)
    {
        var hold = run.Hold is { Kind: HoldKind.Event } ? run.Hold : null;
        if (hold is null)
        {
            var from = JourneyPlan.Base(run, now);
            hold = new(HoldKind.Event, from, step.Timeout is { } timeout ? from + timeout.Length : null);
            run = JourneyPlan.Logged(run, now, step.Id, "waits", hold.Until is { } until ? LocalTimes.Show(until, facts.Zone) : null, null, hold.Until) with { Hold = hold };
        }

        if (FulfilledAt(step, run, facts, hold, now) is { } at)
        {
            var heard = new Dictionary<string, DateTimeOffset>(run.Heard) { [step.Id] = at };
            run = Chain.After(run, hold, at) with { Heard = heard, Due = at > hold.Since ? at : hold.Since };
            return (JourneyPlan.Into(journey, run, step, "then", step.Then, step.When.IsEvent ? "The event came." : "The condition held.", now), null);
        }

        if (hold.Until <= now)
        {
            return (JourneyPlan.Into(journey, Chain.After(run, hold, hold.Until.Value) with { Due = hold.Until.Value }, step, "else", step.Else, $"Nothing came within {step.Timeout}.", now), null);
        }

        return (run, new Next.Wait(hold.Until));
    }

    /// <summary>Null when the message may go out now, as far as the journey is concerned.</summary>
    public static (RunState Run, Next? Next)? Defer(Journey journey, Step.Send step, RunState run, RunFacts facts, DateTimeOffset now)
    {
        if (run.Pending is not null)
        {
            return null;
        }

        // The night in which an address came is not the evening in which the message was due.
        var from = run.Hold is { Kind: HoldKind.Address } ? now : JourneyPlan.Base(run, now);
        if (run.Hold is { Kind: HoldKind.QuietHours or HoldKind.Frequency, Until: { } until })
        {
            if (now < until)
            {
                return (run, new Next.Wait(until));
            }

            // The next to hold it up, if any, is found in the round that follows.
            return (Chain.After(run, run.Hold, until) with { Hold = null, Due = until }, null);
        }

        // A run that is behind counts from when it was due; but it is the night in which the message goes out that is quiet.
        var goes = now - from > Moment ? now : from;
        if (journey.Document.QuietHours is { } quiet && LocalTimes.AfterQuiet(goes, quiet, facts.Zone) is var loud && loud > goes)
        {
            return (Held(run, step, HoldKind.QuietHours, from, loud, $"Quiet hours until {LocalTimes.Show(loud, facts.Zone)}.", now), null);
        }

        foreach (var cap in journey.Document.Frequency)
        {
            if (cap.Allows.Holds(null, facts.Lead, now))
            {
                continue;
            }

            var sent = facts.Lead.Count(JourneyEvents.MessageSent, now - cap.Per.Length, now);
            var reason = $"{sent} messages within {cap.Per}; {cap.Max} are the most.";
            if (!cap.Waits)
            {
                return (JourneyPlan.Move(journey, JourneyPlan.Logged(JourneyPlan.WithOutcome(run, step, "skipped"), now, step.Id, "skipped", step.Template, reason, run.Due), step.Id, run.Due), null);
            }

            var again = cap.Allows.NextChange(facts.Lead, now, DateTimeOffset.MaxValue) ?? now + cap.Per.Length;
            return (Held(run, step, HoldKind.Frequency, from, again, reason, now), null);
        }

        return null;
    }

    /// <summary>
    /// Null when the message has an address, or has none for good. What was accepted before the run came here may not have been applied: it may be in the hands of a process that
    /// was killed. So the run waits until that is known; the lead wakes it when the address comes.
    /// </summary>
    public static (RunState Run, Next? Next)? AwaitAddress(Step.Send step, RunState run, RunFacts facts, DateTimeOffset now)
    {
        if (run.Pending is not null || Addresses.Of(step.Channel, facts.Lead).Length > 0 || run.Sought == run.Due || (step.Topic is { } topic && TopicConsent.Refuse(topic, step.Channel, facts.Lead) is not null))
        {
            return null;
        }

        var hold = run.Hold is { Kind: HoldKind.Address } ? run.Hold : null;
        if (LostHost.WaitUntil(hold?.Until, now) is not { } until)
        {
            return (Chain.After(run, hold!, hold!.Until!.Value) with { Sought = run.Due }, null); // the first time there is something to wait for
        }

        return until == hold?.Until ? (run, new Next.Wait(until)) : (Held(run, step, HoldKind.Address, now, until, $"The lead has no address for \"{step.Channel}\"; one may be on its way.", now), new Next.Wait(until));
    }

    internal static RunState Held(RunState run, Step step, HoldKind kind, DateTimeOffset from, DateTimeOffset until, string reason, DateTimeOffset now) =>
        JourneyPlan.Logged(run, now, step.Id, "deferred", null, reason, until) with { Hold = new(kind, from, until) };

    private static (DateTimeOffset? Until, string? Why) Until(Step.Wait step, RunState run, RunFacts facts, DateTimeOffset from)
    {
        switch (step.Time)
        {
            case WaitTime.For { Length: var length }:
                return (from + length.Length, null);
            case WaitTime.UntilTime time:
                return (LocalTimes.Next(from, time.At, time.Days, facts.Zone), null);
            case WaitTime.InWindow { Window: var window }:
                return (LocalTimes.InWindow(from, window, facts.Zone), "It is inside the window.");
            case WaitTime.UntilDate { Rule: var rule }:
                var trait = new RunView(run, facts.Lead).Trait(rule.Trait);
                return LocalTimes.Due(rule, trait, from, facts.Zone) is { } due
                    ? (due, "The date has passed.")
                    : (null, $"The lead has no date in \"{rule.Trait}\".");
            default:
                throw new InvalidOperationException($"Unknown wait {step.Time}.");
        }
    }

    private static DateTimeOffset? FulfilledAt(Step.WaitFor step, RunState run, RunFacts facts, Hold hold, DateTimeOffset now)
    {
        if (facts.Heard.TryGetValue(step.Id, out var at) && !(at > hold.Until) && !(step.OnlyFromHere && at < hold.Since)
            && !(run.Heard.TryGetValue(step.Id, out var used) && at <= used))
        {
            return at;
        }

        if (step.When.IsEvent)
        {
            return null;
        }

        // Of a state the present counts too. It counts up to the very timeout, whose timer comes a moment after.
        var moment = hold.Until < now ? hold.Until.Value : now;
        var view = new RunView(run, facts.Lead);
        return now - moment <= Moment && step.When.Holds(null, view, JourneyPlan.Bound(step.When, view), moment) ? moment : null;
    }
}
