using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Definitions;

/// <summary>Event ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(104, LogLevel.Warning, "Definitions of kind {Kind} could not be refreshed ({Reason}); the ones at hand are {AgeMs} ms old")]
    public static partial void DefinitionsNotRefreshed(this ILogger logger, string kind, string reason, double ageMs);

    [LoggerMessage(105, LogLevel.Warning, "{Function} goes on with definitions that could not be refreshed: storage is not reachable ({Reason})")]
    public static partial void RequestGoesOn(this ILogger logger, string function, string reason);
}
