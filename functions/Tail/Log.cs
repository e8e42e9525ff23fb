using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tail;

/// <summary>Event ids 2400 to 2499.</summary>
internal static partial class Log
{
    [LoggerMessage(2400, LogLevel.Warning, "{Count} events could not be written down for those who look on ({Reason})")]
    public static partial void TailNotWritten(this ILogger logger, int count, string reason);

    [LoggerMessage(2401, LogLevel.Warning, "What is left of those who looked on could not be removed ({Reason}); it is tried again")]
    public static partial void TailNotSwept(this ILogger logger, string reason);
}
