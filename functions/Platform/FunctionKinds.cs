using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Platform;

/// <summary>What starts a function.</summary>
internal static class FunctionKinds
{
    /// <summary>It only decides what comes next, and is run again from its beginning each time: it may ask neither clocks nor storage.</summary>
    public static bool IsOrchestration(this FunctionContext context)
    {
        foreach (var binding in context.FunctionDefinition.InputBindings.Values)
        {
            if (binding.Type == "orchestrationTrigger")
            {
                return true;
            }
        }

        return false;
    }
}
