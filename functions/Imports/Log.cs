using Microsoft.Extensions.Logging;

namespace LeadFunctions.Imports;

/// <summary>Event ids 1200 to 1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Information, "The import {Import} is {Status}: {Rows} rows, {Refused} of them refused, {Events} events")]
    public static partial void ImportEnded(this ILogger logger, string import, ImportStatus status, long rows, long refused, long events);
}
