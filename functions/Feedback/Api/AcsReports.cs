using System.Text.Json;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using Azure.Messaging.EventGrid.SystemEvents;

namespace LeadFunctions.Feedback.Api;

/// <summary>What Communication Services tells by Event Grid, in either of its schemas.</summary>
internal static class AcsReports
{
    /// <param name="Reports">What it says of messages.</param>
    /// <param name="ValidationCode">It asks whether this is the endpoint that was meant: to be answered with the code.</param>
    internal sealed record Delivery(IReadOnlyList<DeliveryReport> Reports, string? ValidationCode = null);

    /// <summary>Null when it is no delivery of Event Grid's.</summary>
    public static Delivery? Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var first = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().FirstOrDefault() : json.RootElement;
            return first.In("specversion").ValueKind == JsonValueKind.String ? OfCloud(CloudEvent.ParseMany(BinaryData.FromBytes(body)), now) : OfGrid(EventGridEvent.ParseMany(BinaryData.FromBytes(body)), now);
        }
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Delivery OfGrid(IReadOnlyList<EventGridEvent> events, DateTimeOffset now)
    {
        var reports = new List<DeliveryReport>();
        foreach (var e in events)
        {
            if (!e.TryGetSystemEventData(out var data))
            {
                continue;
            }

            if (data is SubscriptionValidationEventData validation)
            {
                return new([], validation.ValidationCode);
            }

            reports.AddRange(Of(e.Id, data, e.Data, now));
        }

        return new(reports);
    }

    private static Delivery OfCloud(IReadOnlyList<CloudEvent> events, DateTimeOffset now) =>
        new([.. events.SelectMany(e => e.TryGetSystemEventData(out var data) ? Of(e.Id, data, e.Data, now) : [])]);

    private static IEnumerable<DeliveryReport> Of(string id, object data, BinaryData? raw, DateTimeOffset now)
    {
        switch (data)
        {
            case AcsEmailDeliveryReportReceivedEventData report when KindOf(report.Status) is { } kind:
                // Newer than the package's type; our own Message-ID.
                var internetId = raw is null ? null : JsonSerializer.Deserialize<JsonElement>(raw).Text("internetMessageId");
                yield return new(id, kind, report.Recipient, ReportJson.References(report.MessageId, internetId), report.DeliveryAttemptTimestamp ?? now, report.Status?.ToString(), ReportJson.Reason(report.DeliveryStatusDetails?.StatusMessage));
                break;

            case AcsEmailEngagementTrackingReportReceivedEventData seen when seen.Engagement is { } engagement:
                var isClick = engagement == AcsUserEngagement.Click;
                yield return new(id, isClick ? ReportKind.Click : ReportKind.Open, null, ReportJson.References(seen.MessageId), seen.UserActionTimestamp ?? now, Agent: seen.UserAgent, Url: isClick ? seen.EngagementContext : null);
                break;
        }
    }

    private static ReportKind? KindOf(AcsEmailDeliveryReportStatus? status) =>
        status is not { } known ? null
        : known == AcsEmailDeliveryReportStatus.Delivered ? ReportKind.Delivered
        // Suppressed: it bounced for them before, and they do not try again.
        : known == AcsEmailDeliveryReportStatus.Bounced || known == AcsEmailDeliveryReportStatus.Suppressed ? ReportKind.HardBounce
        : known == AcsEmailDeliveryReportStatus.Failed || known == AcsEmailDeliveryReportStatus.FilteredSpam || known == AcsEmailDeliveryReportStatus.Quarantined ? ReportKind.SoftBounce
        : null;
}
