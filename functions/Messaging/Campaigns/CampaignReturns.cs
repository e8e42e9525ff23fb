using LeadFunctions.Feedback.Stored;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Most carriers take every message, and tell minutes later that nobody is there: a campaign that counted only what is refused at once would go on to the last dead address.</summary>
public sealed class CampaignReturns(CampaignsTable table, FeedbackKeys keys) : IReturns
{
    public async Task HearAsync(string sendId, CancellationToken cancellationToken)
    {
        if (CampaignWork.CampaignOf(sendId) is { } campaign)
        {
            // Kept when the person is erased, so that the count stays: it tells nobody who they were.
            await table.NoteReturnedAsync(campaign, await keys.HashAsync(sendId, cancellationToken), cancellationToken);
        }
    }
}
