using System.Text.Json;

namespace LeadFunctions.Feedback;

/// <summary>What Amazon's SES tells through SNS (<see cref="SnsMessage"/>): a notification or a published event, one for several readers at once.</summary>
internal static class SesReports
{
    private static readonly IReadOnlyList<string> OurHeaders = ["X-" + DeliveryReport.Argument, "Message-ID"];

    public static IReadOnlyList<DeliveryReport> Read(JsonElement e, DateTimeOffset now)
    {
        var mail = e.In("mail");
        var references = ReportJson.References([.. Tags(mail), .. Headers(mail), mail.In("commonHeaders").Text("messageId"), mail.Text("messageId")]);
        return (e.Text("notificationType") ?? e.Text("eventType")) switch
        {
            "Bounce" => Of(e.In("bounce"), "bouncedRecipients", e.In("bounce").Text("bounceType") is "Permanent" ? ReportKind.HardBounce : ReportKind.SoftBounce),
            "Complaint" => Of(e.In("complaint"), "complainedRecipients", ReportKind.Complaint),
            "Delivery" => Of(e.In("delivery"), "recipients", ReportKind.Delivered),
            "Subscription" => Of(e.In("subscription"), "", ReportKind.Unsubscribe),
            _ => [],
        };

        IReadOnlyList<DeliveryReport> Of(JsonElement what, string list, ReportKind kind)
        {
            var at = what.Time("timestamp", now);
            var readers = what.In(list) is { ValueKind: JsonValueKind.Array } some ? some.EnumerateArray().ToList() : [.. mail.In("destination") is { ValueKind: JsonValueKind.Array } all ? all.EnumerateArray() : []];
            return [.. readers.Select(reader => new DeliveryReport(
                $"{what.Text("feedbackId") ?? mail.Text("messageId")} {kind} {AddressOf(reader)}", kind, AddressOf(reader), references, at, reader.Text("status"), ReportJson.Reason(reader.Text("diagnosticCode") ?? what.Text("complaintFeedbackType"))))];
        }
    }

    private static string? AddressOf(JsonElement reader) => reader.ValueKind == JsonValueKind.String ? reader.GetString() : reader.Text("emailAddress");

    private static IEnumerable<string?> Tags(JsonElement mail) =>
        mail.In("tags").In(DeliveryReport.Argument) is { ValueKind: JsonValueKind.Array } tag ? tag.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()) : [];

    private static IEnumerable<string?> Headers(JsonElement mail) => mail.In("headers") is not { ValueKind: JsonValueKind.Array } headers ? [] :
        from wanted in OurHeaders
        from header in headers.EnumerateArray()
        where wanted.Equals(header.Text("name"), StringComparison.OrdinalIgnoreCase)
        select header.Text("value");
}
