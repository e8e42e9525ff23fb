using LeadFunctions.Feedback.Stored;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Most carriers take every message, and tell minutes later that nobody is there: a campaign that counted only what is refused at once would go on to the last dead address.</summary>
public sealed class CampaignReturns(CampaignsTable table) : IReturns
{
    public Task HearAsync(string sendId, string leadId, CancellationToken cancellationToken) =>
        CampaignWork.CampaignOf(sendId) is { } campaign ? table.NoteReturnedAsync(campaign, leadId, cancellationToken) : Task.CompletedTask;
}
