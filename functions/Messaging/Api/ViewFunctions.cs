using System.Text.Json;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Liquid;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Messaging.Api;

/// <summary>
/// A mail in the browser, for readers whose mail program shows it badly. No copy of what was sent is kept: the version of the template that was sent is filled in anew, with what the run or the campaign passed, and
/// with the lead as it is by now. Public: whoever has the message may look at it; looking changes nothing.
/// </summary>
public sealed class ViewFunctions(FeedbackKeys keys, LeadReader leads, RulesInEffect rules, RunsTable runs, CampaignsTable campaigns, DefinitionsTable definitions, MessageLinks links)
{
    [Function(nameof(ViewMessage))]
    public async Task<IResult> ViewMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "e/v/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        var read = await keys.ReadAsync(token, cancellationToken);
        if (read.Token is not { Kind: LinkKind.View } link)
        {
            return Missing(request, read.Fault == TokenFault.Expired);
        }

        if (await leads.FindAsync(link.LeadId, cancellationToken) is not { } lead || await TemplateAsync(link, cancellationToken) is not { } template || await OutboundAsync(link, lead, cancellationToken) is not { } outbound)
        {
            return Missing(request, isExpired: true);
        }

        // The page itself has no need of the link to it, and whoever looks at it has not opened the mail once more.
        var made = await links.ForAsync(new SendContext(link.SendId, lead.Id, link.SentAt, link.Channel, link.Topic, TracksOpens: false), cancellationToken);
        try
        {
            return TemplateRenderer.Render(template, new(outbound.Lead, outbound.Zone, LocaleTag.Of(outbound.Lead), link.SentAt, new MailLinks(made.UnsubscribeUrl, made.PreferencesUrl), outbound.Data)) is RenderedMessage.Mail mail
                ? new HtmlPage(made.Rewrite(mail.Html), policy: PageStyle.MailPolicy)
                : Missing(request, isExpired: true);
        }
        catch (LiquidFaultException)
        {
            return Missing(request, isExpired: true); // by what the lead has become
        }
    }

    private static HtmlPage Missing(HttpRequest request, bool isExpired) =>
        new(PreferencePage.Missing(Languages.Of(null, request.Headers.AcceptLanguage, null), isExpired, changes: false), isExpired ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound);

    private async Task<CompiledTemplate?> TemplateAsync(LinkToken link, CancellationToken cancellationToken) =>
        MailCarrier.VersionIn(link.Url) is (var id, var version) && await definitions.FindVersionAsync(TemplateStore.Kind, id, version, cancellationToken) is { } stored ? new(TemplateStore.Read(stored)) : null;

    /// <summary>As it was put together to be sent, with what stands now; null where that is no longer known.</summary>
    private async Task<Outbound?> OutboundAsync(LinkToken link, LeadState lead, CancellationToken cancellationToken)
    {
        var known = rules.Current;
        if (CampaignWork.CampaignOf(link.SendId) is { } campaignId)
        {
            if (await campaigns.FindAsync(campaignId, cancellationToken) is not { State.Document: var document })
            {
                return null;
            }

            var profile = LeadProfile.Of(lead, known, link.SentAt);
            var message = new OutgoingMessage(link.SendId, link.Channel, lead.Id, "", "", "", "", 0, "", "", link.SentAt, link.SentAt);
            return new(message, profile, known.Journeys.ZoneOf(profile, null), document.Data is { } data ? new Dictionary<string, JsonElement> { ["data"] = data } : []);
        }

        return link.SendId.Split('/') is [var runId, var stepId, _] && await runs.FindAsync(runId, cancellationToken) is { Run: var run }
            && known.Journeys.Find(run.Journey, run.Version) is { } journey && journey.Find(stepId) is Step.Send send
            && RunWorld.Facts(known, journey, run, lead, link.SentAt) is var facts
            ? Acts.OutboundOf(run, new PendingAct(link.SendId, stepId, link.SentAt, link.SentAt), send, new RunView(run, facts.Lead, facts.Zone, link.SentAt), link.SentAt)
            : null;
    }
}
