using System.Diagnostics.Metrics;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Counts journeys that were not started because they start each other without end.</summary>
internal static class RefusedStarts
{
    private static readonly Meter Meter = new("LeadFunctions");

    private static readonly Counter<long> Starts = Meter.CreateCounter<long>(
        "leadfunctions.journey_starts_refused", "{start}", "Runs that did not begin: journeys had started each other too often. The lead's timeline says which.");

    public static void Count(int starts)
    {
        if (starts > 0)
        {
            Starts.Add(starts);
        }
    }
}
