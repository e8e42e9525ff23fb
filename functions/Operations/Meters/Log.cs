using Microsoft.Extensions.Logging;

namespace LeadFunctions.Operations.Meters;

/// <summary>Event ids 2500 to 2549.</summary>
internal static partial class Log
{
    [LoggerMessage(2500, LogLevel.Information, "What was counted was not written down ({Exception}): it is, with the next")]
    public static partial void MetersNotStored(this ILogger logger, string exception);
}
