using Microsoft.Extensions.Logging;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>Event ids 700 to 799.</summary>
internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Warning, "The webhook {Target} answered 410 Gone and is disabled until it is saved again")]
    public static partial void TargetDisabled(this ILogger logger, string target);

    [LoggerMessage(701, LogLevel.Warning, "{Target} fails time after time, and is tried now and then only. {Error}")]
    public static partial void TargetFails(this ILogger logger, string target, string error);

    [LoggerMessage(702, LogLevel.Information, "The lane of lead {LeadId} at {Target} went into other hands")]
    public static partial void LaneLost(this ILogger logger, string target, string leadId);
}
