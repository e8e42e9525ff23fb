using System.Text.Json;

namespace LeadFunctions.Feedback;

/// <summary>Postmark's webhooks: one record each, behind a password that stands in the address.</summary>
internal static class PostmarkReports
{
    // An address that these are about is not there, or wants nothing.
    private static readonly IReadOnlyList<string> Hard = ["HardBounce", "BadEmailAddress", "ManuallyDeactivated", "Unknown"];

    public static IReadOnlyList<DeliveryReport> Read(JsonElement e, DateTimeOffset now)
    {
        ReportKind? kind = e.Text("RecordType") switch
        {
            "Delivery" => ReportKind.Delivered,
            "SpamComplaint" => ReportKind.Complaint,
            "Bounce" => e.Text("Type") switch
            {
                "SpamComplaint" => ReportKind.Complaint,
                "Unsubscribe" => ReportKind.Unsubscribe,
                // A notice of absence, a change of address, a question from the receiver's filter: the message arrived.
                "AutoResponder" or "AddressChange" or "Subscribe" or "OpenRelayTest" or "VirusNotification" or "ChallengeVerification" or "SpamNotification" => null,
                { } type when Hard.Contains(type) => ReportKind.HardBounce,
                _ => ReportKind.SoftBounce,
            },
            "SubscriptionChange" when e.In("SuppressSending").ValueKind == JsonValueKind.True => e.Text("SuppressionReason") switch
            {
                "HardBounce" => ReportKind.HardBounce,
                "SpamComplaint" => ReportKind.Complaint,
                _ => ReportKind.Unsubscribe,
            },
            _ => null,
        };
        var at = new[] { "BouncedAt", "DeliveredAt", "ChangedAt" }.Select(name => e.Time(name, default)).FirstOrDefault(time => time != default, now);
        return kind is { } known
            ? [new($"{e.Text("RecordType")} {e.Text("ID") ?? $"{e.Text("MessageID")} {e.Text("ChangedAt")}"}", known, e.Text("Email") ?? e.Text("Recipient"),
                ReportJson.References(e.In("Metadata").Text(DeliveryReport.Argument), e.Text("MessageID")), at, e.Text("Type"), ReportJson.Reason(e.Text("Description") ?? e.Text("Details")))]
            : [];
    }
}
