using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Hosting;

/// <summary>Event ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(102, LogLevel.Error, "{Function} failed, trace {TraceId}")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string function, string traceId);

    [LoggerMessage(103, LogLevel.Warning, "{Function} answered 503: storage is not reachable ({Reason})")]
    public static partial void RequestRefused(this ILogger logger, string function, string reason);
}
