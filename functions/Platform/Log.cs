using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform;

/// <summary>Event ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "Storage is not reachable ({Reason}); trying again")]
    public static partial void StorageNotReachable(this ILogger logger, string reason);

    [LoggerMessage(101, LogLevel.Information, "Storage is reachable")]
    public static partial void StorageIsBack(this ILogger logger);

    [LoggerMessage(102, LogLevel.Error, "{Function} failed, trace {TraceId}")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string function, string traceId);

    [LoggerMessage(103, LogLevel.Warning, "{Function} answered 503: storage is not reachable ({Reason})")]
    public static partial void RequestRefused(this ILogger logger, string function, string reason);

    [LoggerMessage(105, LogLevel.Warning, "{Function} goes on with definitions that could not be refreshed: storage is not reachable ({Reason})")]
    public static partial void RequestGoesOn(this ILogger logger, string function, string reason);

    [LoggerMessage(104, LogLevel.Warning, "Definitions of kind {Kind} could not be refreshed ({Reason}); the ones at hand are {AgeMs} ms old")]
    public static partial void DefinitionsNotRefreshed(this ILogger logger, string kind, string reason, double ageMs);
}
