using LeadFunctions.Journeys.Model;
using NodaTime;

namespace LeadFunctions.Calendar;

/// <summary>A message that goes to somebody if nothing happens meanwhile.</summary>
/// <param name="Step">Where the person stands now; of somebody who has yet to enter, null.</param>
internal sealed record ExpectedSend(DateTimeOffset At, string Journey, string? Step, string Template, string Channel, bool IsUrgent);

/// <summary>
/// What a journey sends to somebody who stands at a step if nothing happens meanwhile, as far as it can be told without them: from wait to wait, past what is waited for in vain, until something of theirs
/// decides (a choice of ways, a date).
/// </summary>
internal static class ExpectedSends
{
    private const int MostSteps = 500;

    /// <param name="step">At which the person stands.</param>
    /// <param name="due">When the wait there is over.</param>
    /// <param name="zone">Whose clock waits go by: the workspace's, not knowing the person's.</param>
    public static IEnumerable<ExpectedSend> From(Journey journey, string step, DateTimeOffset due, DateTimeOffset until, DateTimeZone zone) =>
        journey.Find(step) switch
        {
            Step.Wait wait => Walk(journey, journey.After(wait.Id), step, due, until, zone),
            Step.WaitFor wait => Walk(journey, InVain(journey, wait), step, due, until, zone),
            Step.Send send => Walk(journey, send, step, due, until, zone),
            _ => [],
        };

    /// <summary>Of somebody who enters then.</summary>
    public static IEnumerable<ExpectedSend> FromStart(Journey journey, DateTimeOffset at, DateTimeOffset until, DateTimeZone zone) =>
        Walk(journey, journey.Steps.Count == 0 ? null : journey.Steps[0], null, at, until, zone);

    private static IEnumerable<ExpectedSend> Walk(Journey journey, Step? step, string? stands, DateTimeOffset at, DateTimeOffset until, DateTimeZone zone)
    {
        for (var steps = 0; step is not null && at < until && steps < MostSteps; steps++)
        {
            if (step is Step.Send send)
            {
                yield return new(at, journey.Id, stands, send.Template, send.Channel, send.Urgent);
            }

            if (Done(step, at, zone) is not { } then)
            {
                yield break;
            }

            (at, step) = (then, step is Step.WaitFor wait ? InVain(journey, wait) : journey.After(step.Id));
        }
    }

    private static Step? InVain(Journey journey, Step.WaitFor wait) => wait.Else is [var first, ..] ? first : journey.After(wait.Id);

    /// <summary>When the step is done; null: nobody can say, or what comes then.</summary>
    private static DateTimeOffset? Done(Step step, DateTimeOffset at, DateTimeZone zone) => step switch
    {
        Step.Wait { Time: WaitTime.For { Length: var length } } => at + length.Length,
        Step.Wait { Time: WaitTime.UntilTime time } => LocalTimes.Next(at, time.At, time.Days, zone),
        Step.Wait { Time: WaitTime.InWindow { Window: var window } } => LocalTimes.InWindow(at, window, zone),
        Step.WaitFor { Timeout: { } timeout } => at + timeout.Length,
        Step.Wait or Step.WaitFor or Step.Branch or Step.Split or Step.Repeat or Step.Exit => null,
        _ => at,
    };
}
