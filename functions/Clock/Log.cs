using Microsoft.Extensions.Logging;

namespace LeadFunctions.Clock;

/// <summary>Event ids 600 to 699.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Warning, "{Function} goes on with a clock that could not be read: storage is not reachable ({Reason})")]
    public static partial void ClockNotRead(this ILogger logger, string function, string reason);

    [LoggerMessage(601, LogLevel.Information, "The clock was moved from {From:O} to {To:O}; {Happened} things became due")]
    public static partial void ClockMoved(this ILogger logger, DateTimeOffset from, DateTimeOffset to, int happened);
}
