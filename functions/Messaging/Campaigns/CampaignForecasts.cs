using LeadFunctions.Conditions.Documents;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Interests;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Who would get a campaign, as things are.</summary>
/// <param name="Looked">Leads looked at.</param>
/// <param name="Partial">Not all were, in the time there is.</param>
/// <param name="Send">Those who would get it at once.</param>
/// <param name="Hold">Later: quiet hours, caps.</param>
/// <param name="NotSent">Why, in words, with how many.</param>
internal sealed record CampaignForecast(int Looked, bool Partial, int Recipients, int Send, int Hold, int Skip, IReadOnlyDictionary<string, int> NotSent)
{
    /// <summary>What is probably not meant.</summary>
    public IReadOnlyList<DocumentError> Warnings { get; init; } = [];
}

/// <summary>Asks the arbiter about everybody, and whether their address is suppressed; and sends nothing.</summary>
public sealed class CampaignForecasts(LeadScan everybody, LeadPipeline leads, RulesInEffect rules, TemplateStore templates, Suppressions suppressions, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    internal async Task<CampaignForecast> OfAsync(CampaignDocument document, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (known, began, now) = (rules.Current, time.GetTimestamp(), time.GetUtcNow());
        at = at > now ? at : now;
        var topic = templates.TopicOf(document.Template, document.Topic);
        Func<string, SuppressionReason?> suppressed = document.Channel == MailCarrier.Channel ? await suppressions.AllAsync(cancellationToken) : _ => null;
        var (looked, send, hold, reasons, isPartial) = (0, 0, 0, new Dictionary<string, int>(), false);
        await foreach (var lead in RecipientsAsync(document, known, () => looked++, cancellationToken))
        {
            var order = new SendOrder("", "", document.Channel, at, topic, document.Template, Priority: document.Priority);
            var profile = LeadProfile.Of(lead, known, at);
            var verdict = Arbiter.Decide(order, lead.Messages ?? LeadMessages.None, profile, known.Messages, known.Journeys.Zone, at);
            if (verdict is not Verdict.Skip && suppressed(Addresses.Of(document.Channel, profile)) is { } why && MailCarrier.Refusal(why, topic) is { } refusal)
            {
                verdict = new Verdict.Skip(refusal);
            }

            switch (verdict)
            {
                case Verdict.Send:
                    send++;
                    break;
                case Verdict.Hold:
                    hold++;
                    break;
                case Verdict.Skip skip:
                    reasons[skip.Reason] = reasons.GetValueOrDefault(skip.Reason) + 1;
                    break;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                isPartial = true;
                break;
            }
        }

        var skipped = reasons.Values.Sum();
        return new(looked, isPartial, send + hold + skipped, send, hold, skipped, reasons);
    }

    private async IAsyncEnumerable<LeadState> RecipientsAsync(
        CampaignDocument document, LeadRules known, Action look, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in document.LeadIds ?? [])
        {
            look();
            if (await leads.FindAsync(id, cancellationToken) is { } lead)
            {
                yield return lead;
            }
        }

        if (document.LeadIds is null)
        {
            await foreach (var lead in everybody.ReadAsync(null, new([], InterestRules.None), cancellationToken))
            {
                look();
                if (lead.SegmentNames(known.Segments).Contains(document.Segment!)) // one of the two is set
                {
                    yield return lead;
                }
            }
        }
    }
}
