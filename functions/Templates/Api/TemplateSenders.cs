using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Templates.Api;

/// <summary>What is still to send a template: what is live and names it, people inside older versions of journeys that name it, and campaigns.</summary>
public sealed class TemplateSenders(DocumentReferrers referrers, CampaignsTable campaigns)
{
    /// <summary>Of them the newest. One that is over sends no more; an older one that is not finds the template gone as it begins, pauses and says so.</summary>
    private const int MostCampaigns = 1_000;

    private const string Templates = "templates";

    /// <summary>Why it has to stay; null: nothing sends it.</summary>
    internal async Task<IResult?> FaultAsync(string id, CancellationToken cancellationToken)
    {
        var live = (await referrers.FindAsync(Templates, id, cancellationToken)).Where(use => use.Live).Select(use => $"{use.Kind}/{use.Id}").ToList();
        if (live.Count > 0)
        {
            return Problems.Conflict("What is live names this template.", $"Change these first, and publish them: {string.Join(", ", live)}.");
        }

        var inside = (await referrers.FindInsideAsync(Templates, id, cancellationToken)).Select(use => $"{use.Kind}/{use.Id} (version {use.Version})").ToList();
        if (inside.Count > 0)
        {
            return Problems.Conflict("People are inside versions of journeys that name this template.", $"They have to leave these first, or be moved to other versions: {string.Join(", ", inside)}.");
        }

        var open = (await campaigns.LatestAsync(MostCampaigns, cancellationToken)).Where(campaign => !campaign.IsOver && Sends(campaign.Document, id)).Select(campaign => campaign.Id).ToList();
        return open.Count == 0 ? null : Problems.Conflict("Campaigns are still to send this template.", $"Let these end first, or call them off: {string.Join(", ", open)}.");
    }

    private static bool Sends(CampaignDocument campaign, string template) => campaign.Template == template || campaign.Test?.Variants.Any(variant => variant.Template == template) == true;
}
