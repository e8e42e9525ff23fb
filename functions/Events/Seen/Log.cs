using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Seen;

/// <summary>Event ids 2450 to 2499.</summary>
internal static partial class Log
{
    [LoggerMessage(2450, LogLevel.Information, "The names of events were not written down ({Exception}): they are, with the next")]
    public static partial void NamesNotStored(this ILogger logger, string exception);
}
