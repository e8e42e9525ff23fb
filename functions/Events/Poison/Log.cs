using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Poison;

/// <summary>Event ids 900 to 999.</summary>
internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Error, "Dead letter {Id} from {Queue}: {Reason}")]
    public static partial void DeadLetterStored(this ILogger logger, string id, string queue, string reason);

    [LoggerMessage(901, LogLevel.Information, "Dead letter {Id} is back on {Queue}")]
    public static partial void DeadLetterReplayed(this ILogger logger, string id, string queue);

    [LoggerMessage(902, LogLevel.Warning, "What the host gave up on of {Queue} stays in its poison queue for now ({Reason})")]
    public static partial void PoisonStays(this ILogger logger, string queue, string reason);
}
