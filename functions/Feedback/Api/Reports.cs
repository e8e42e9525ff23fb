using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// What carriers report, carried out: first the address, then the events, then the answer. Whoever is not answered tells it again, and all of it may be done twice: an address's state is a function of what was told, an event's id follows
/// from the report's.
/// </summary>
public sealed class Reports(Suppressions suppressions, SentIndex sent, LeadReader leads, EventWriter events, IEnumerable<IReturns> returns, IOptions<FeedbackOptions> options, ILogger<Reports> logger)
{
    internal async Task CarryOutAsync(string carrier, IReadOnlyList<DeliveryReport> reports, CancellationToken cancellationToken)
    {
        var told = new List<LeadEvent>();
        foreach (var report in reports)
        {
            if (report.Address is { } address && report.Kind is not (ReportKind.Open or ReportKind.Click))
            {
                await suppressions.NoteAsync(address, report, cancellationToken);
            }

            if (report.Kind == ReportKind.Delivered)
            {
                continue;
            }

            var message = await sent.FindAsync(report.References, cancellationToken);
            if (message?.LeadId is { } leadId || (leadId = await FindLeadAsync(report.Address, cancellationToken)) is not null)
            {
                await HearAsync(report, message, cancellationToken);
                told.AddRange(ReportEvents.Of(report, carrier, leadId, message, options.Value.HumanFrom));
            }
            else
            {
                logger.ReportOfNobody(carrier, $"{report.Kind}");
            }
        }

        if (told.Count > 0)
        {
            await events.EnqueueAsync(told);
        }
    }

    private async Task HearAsync(DeliveryReport report, SentMessage? message, CancellationToken cancellationToken)
    {
        if (message is not null && report.Kind is ReportKind.HardBounce or ReportKind.SoftBounce or ReportKind.Complaint)
        {
            foreach (var one in returns)
            {
                await one.HearAsync(message.SendId, cancellationToken);
            }
        }
    }

    private async Task<string?> FindLeadAsync(string? address, CancellationToken cancellationToken) =>
        address is not null && EmailAddress.Normalise(address) is { } normal ? (await leads.FindAsync([Identity.Email(normal)], cancellationToken)).FirstOrDefault()?.Id : null;
}

/// <summary>What a report tells of the lead.</summary>
internal static class ReportEvents
{
    public static IEnumerable<LeadEvent> Of(DeliveryReport report, string carrier, string leadId, SentMessage? message, double humanFrom)
    {
        if (report.Kind is ReportKind.Open or ReportKind.Click)
        {
            if (message is not null)
            {
                var link = new LinkToken(report.Kind == ReportKind.Open ? LinkKind.Open : LinkKind.Click, leadId, message.SendId, message.At, message.Channel, message.Topic, Url: report.Url);
                // Who asked in which language the carrier does not tell.
                var judged = HumanConfidence.Of(new(link.Kind, report.At - message.At, report.Agent ?? ""));
                yield return Hits.EventOf(link, judged, humanFrom, report.Agent ?? "", carrier, report.At);
            }

            yield break;
        }

        var told = new LeadEvent
        {
            Id = $"report/{carrier}/{SendLinks.HashOf(report.Id)}",
            Type = EventType.Track,
            Name = report.Kind switch { ReportKind.Complaint => MessageEvents.Complained, ReportKind.Unsubscribe => MessageEvents.Unsubscribed, _ => MessageEvents.Bounced },
            At = report.At,
            LeadId = leadId,
            Source = LeadEvent.CarrierOf(carrier),
            IsHearsay = report.Kind is ReportKind.HardBounce or ReportKind.SoftBounce ? true : null, // a server is no sign of a person's life
            Properties = JsonSerializer.SerializeToElement(
                new
                {
                    messageId = message?.SendId,
                    channel = message?.Channel ?? "email",
                    topic = report.Kind == ReportKind.Unsubscribe ? Conditions.ConsentAnswer.Everything : message?.Topic,
                    kind = report.Kind switch { ReportKind.HardBounce => "hard", ReportKind.SoftBounce => "soft", _ => null },
                    report.Code,
                    report.Reason,
                    carrier,
                },
                WebJson.Options),
        };
        yield return told;
        if (report.Kind is ReportKind.Unsubscribe)
        {
            // The carrier's link knows no topics: it is a no to all mail.
            yield return told with { Id = $"{told.Id}/consent", Name = ConsentEvents.Changed, Properties = JsonSerializer.SerializeToElement(new { email = false }, WebJson.Options) };
        }
    }

}
