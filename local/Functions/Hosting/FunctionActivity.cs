using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Time;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>Tells the clock which functions run, and how often each ran.</summary>
internal sealed class FunctionActivity(FunctionCatalog catalog) : IActivity
{
    public long Version
    {
        get
        {
            var sum = 0L;
            foreach (var function in catalog.Functions)
            {
                sum += function.Completed + function.Running;
            }

            return sum;
        }
    }

    public string? FindRunning()
    {
        foreach (var function in catalog.Functions)
        {
            if (function.Running > 0)
            {
                return $"function {function.Name} ({function.Running} running)";
            }
        }

        return null;
    }

    public void CountRuns(IDictionary<string, long> runs)
    {
        foreach (var function in catalog.Functions)
        {
            runs[function.Name] = function.Completed;
        }
    }
}
