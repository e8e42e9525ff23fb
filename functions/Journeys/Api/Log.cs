using LeadFunctions.Journeys.Rules;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Journeys.Api;

/// <summary>Event ids 500 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "The journey {Journey} is now {State}")]
    public static partial void JourneyStateChanged(this ILogger logger, string journey, JourneyState state);
}
