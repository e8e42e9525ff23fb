using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Platform;

/// <summary>What starts a function.</summary>
internal static class FunctionKinds
{
    /// <summary>Somebody waits for its answer.</summary>
    public static bool IsForCaller(this FunctionContext context) => IsStartedBy(context, "httpTrigger");

    /// <summary>It only decides what comes next, and is run again from its beginning each time: it may ask neither clocks nor storage.</summary>
    public static bool IsOrchestration(this FunctionContext context) => IsStartedBy(context, "orchestrationTrigger");

    private static bool IsStartedBy(FunctionContext context, string trigger)
    {
        foreach (var binding in context.FunctionDefinition.InputBindings.Values)
        {
            if (binding.Type == trigger)
            {
                return true;
            }
        }

        return false;
    }
}
