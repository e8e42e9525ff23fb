using System.Text.Json;
using LeadFunctions.Local.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Local.Functions.Timers;

internal static class TimerParameter
{
    /// <summary>A timer function's parameter: <see cref="TimerInfo"/>, or its JSON as text.</summary>
    internal static Func<LocalFunctionContext, object?>? Bind(Type type) => type switch
    {
        _ when type == typeof(TimerInfo) => context => context.TriggerValue,
        _ when type == typeof(string) => context => JsonSerializer.Serialize((TimerInfo)context.TriggerValue),
        _ => null,
    };
}
