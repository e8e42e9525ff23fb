using Microsoft.Extensions.Logging;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Event ids 1300 to 1399.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Information, "The campaign {Campaign} is {Status}: {Sent} sent, {Skipped} not to be sent, {Failed} failed")]
    public static partial void CampaignStopped(this ILogger logger, string campaign, CampaignStatus status, int sent, int skipped, int failed);
}
