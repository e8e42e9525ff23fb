using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.OnSite.Stored;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.OnSite.Api;

/// <summary>What may be known of whoever looks at a page.</summary>
public sealed class Visitors(LeadReader leads, RulesInEffect rules, ContentStore contents)
{
    /// <summary>What somebody has to have let be: it is what the tracker asks for.</summary>
    private const string Purpose = "tracking";

    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    /// <param name="anonymousId">The browser's; null: it says none.</param>
    internal async Task<Visit> LookAsync(HttpRequest request, Source source, string? anonymousId, Uri? page, IReadOnlySet<string> hidden, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stranger = new Visit(page, null, null, Nothing, hidden);
        var signals = source.RespectPrivacySignals && (request.Headers["Sec-GPC"] == "1" || request.Headers["DNT"] == "1");
        if (signals || anonymousId is null || anonymousId.Length > IngestLimits.Text || Nobody.Is(anonymousId, source)
            || await leads.FindAsync([Identity.Anonymous(anonymousId)], cancellationToken) is not [var lead] || Refuses(lead))
        {
            return stranger;
        }

        var known = rules.Current;
        if (contents.Live.Any(content => content.Document.When?.Interests.Count > 0))
        {
            lead = await leads.CompleteAsync(lead, new([], known.Scoring.Interests), cancellationToken);
        }

        return stranger with { Lead = LeadProfile.Of(lead, known, now), Seen = lead.Whole.Contents, Offered = OffersTo(lead, known.Journeys) };
    }

    /// <summary>In doubt nothing that is known is used.</summary>
    internal static bool Refuses(LeadState lead) => TopicConsent.Refuse(Purpose, "site", lead.Whole) is not null;

    /// <summary>A run offers for as long as it stands at the step: whoever cancels it, or comes to the end of the wait, takes the offer back.</summary>
    private static HashSet<string> OffersTo(LeadState lead, JourneyRules journeys) =>
    [
        .. (lead.Journeys?.Runs ?? []).Where(run => run.Ended is null && journeys.StateOf(run.Journey) == JourneyState.Live)
            .Select(run => journeys.Find(run.Journey, run.Version)?.Find(run.Waiting) is Step.WaitFor { Content: { } content } ? content : null).OfType<string>(),
    ];
}
