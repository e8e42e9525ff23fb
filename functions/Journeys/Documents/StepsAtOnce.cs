using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>How many steps a journey takes for one lead before it must wait: repeats in repeats multiply, up to what no instance could do in a day.</summary>
internal static class StepsAtOnce
{
    public const int Most = 10_000;

    /// <summary>Null when they are not too many. Those that were saved before this was asked go on as they are.</summary>
    public static DocumentError? FaultOf(IReadOnlyList<Step> steps)
    {
        const string expected = "a smaller \"max\", or a wait (\"for\" a time or \"until\" a time of day) in every round";
        return Of(steps) <= Most ? null : new(FirstOver(steps)?.Path ?? "$.steps", $"More than {Most} steps may follow each other here without waiting.", expected) { IsForgivenIfStored = true };
    }

    /// <summary>At most; up to twice as many where a round waits in its middle.</summary>
    public static double Of(IReadOnlyList<Step> steps) => steps.Sum(Of);

    private static double Of(Step step) => 1 + step switch
    {
        Step.Repeat repeat => Of(repeat.Steps) * (Waits(repeat.Steps) ? 1 : repeat.Max),
        _ => step.Blocks.Select(block => Of(block.Steps)).DefaultIfEmpty().Max(),
    };

    /// <summary>The innermost repeat that is too much by itself.</summary>
    private static Step? FirstOver(IReadOnlyList<Step> steps) => steps
        .Select(step => step.Blocks.Select(block => FirstOver(block.Steps)).FirstOrDefault(found => found is not null) ?? (step is Step.Repeat && Of(step) > Most ? step : null))
        .FirstOrDefault(found => found is not null);

    /// <summary>On every way through, for a while at least: not as long as a date, a window or another event allows, which may be no time at all.</summary>
    private static bool Waits(IReadOnlyList<Step> steps) => steps.Any(step => step switch
    {
        Step.Wait { Time: WaitTime.For or WaitTime.UntilTime } or Step.Exit => true,
        Step.Branch or Step.Split or Step.WaitFor => step.Blocks.All(block => Waits(block.Steps)),
        Step.Repeat { While: null } repeat => Waits(repeat.Steps),
        _ => false,
    });
}
