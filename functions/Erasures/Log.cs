using Microsoft.Extensions.Logging;

namespace LeadFunctions.Erasures;

/// <summary>Event ids 1800 to 1899.</summary>
internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Information, "The erasure {Erasure} was asked for with the key {Key}")]
    public static partial void ErasureAsked(this ILogger logger, string erasure, string key);

    [LoggerMessage(1801, LogLevel.Information, "The erasure {Erasure} is done: {Removed} rows, files and the like in {Minutes:0} minutes")]
    public static partial void ErasureEnded(this ILogger logger, string erasure, int removed, double minutes);
}
