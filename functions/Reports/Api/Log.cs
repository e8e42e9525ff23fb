using Microsoft.Extensions.Logging;

namespace LeadFunctions.Reports.Api;

/// <summary>Event ids 2300 to 2349.</summary>
internal static partial class Log
{
    [LoggerMessage(2300, LogLevel.Warning, "The mail of the saved report {Report} to its reader {Reader} was refused {Code}")]
    public static partial void ReportRefused(this ILogger logger, string report, int reader, string code);
}
