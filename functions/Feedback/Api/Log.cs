using Microsoft.Extensions.Logging;

namespace LeadFunctions.Feedback.Api;

/// <summary>Event ids 1500 to 1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Warning, "A hit ({Kind}) could not be stored in time and is lost")]
    public static partial void HitLost(this ILogger logger, string kind);

    [LoggerMessage(1501, LogLevel.Information, "A report of {Carrier} ({Kind}) is about a message that is not known, and to nobody who is")]
    public static partial void ReportOfNobody(this ILogger logger, string carrier, string kind);

    [LoggerMessage(1502, LogLevel.Information, "The subscription to the SNS topic {Topic} is confirmed")]
    public static partial void SubscriptionConfirmed(this ILogger logger, string topic);

    [LoggerMessage(1503, LogLevel.Warning, "{Carrier} was not let in: {Reason} ({Others} more since this was last told)")]
    public static partial void NotLetIn(this ILogger logger, string carrier, string reason, int others);
}
