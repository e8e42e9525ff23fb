using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Queueing;

/// <summary>Event ids 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "{Events} events could not be stored and their senders were told so ({Exception}: {Reason})")]
    public static partial void EventsNotStored(this ILogger logger, int events, string exception, string reason);

    [LoggerMessage(1001, LogLevel.Information, "Created the queue {Queue}")]
    public static partial void QueueCreated(this ILogger logger, string queue);

    [LoggerMessage(1002, LogLevel.Warning, "{Events} events that arrived {Seconds:0} s ago are delivered for the {Count}. time: whoever had them in hand failed, or was lost")]
    public static partial void EventsCameBack(this ILogger logger, int events, double seconds, long count);
}
