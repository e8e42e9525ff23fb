using Microsoft.Extensions.Logging;

namespace LeadFunctions.Forms.Stored;

/// <summary>Event ids 1700 to 1749.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Warning, "What was counted of the form {Form} is kept in memory until storage answers ({Reason})")]
    public static partial void CountsKept(this ILogger logger, string form, string reason);
}
