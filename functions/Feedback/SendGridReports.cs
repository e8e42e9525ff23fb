using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Feedback;

/// <summary>SendGrid's event webhook: an array of events, signed with ECDSA over the time and the body as they came.</summary>
internal static class SendGridReports
{
    public const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";
    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    /// <param name="publicKey">As its settings show it: Base64 of the key's DER.</param>
    public static bool IsSigned(string publicKey, string signature, string timestamp, ReadOnlySpan<byte> body)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), .. body];
            return key.VerifyData(signed, Convert.FromBase64String(signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }

    public static IReadOnlyList<DeliveryReport> Read(JsonElement body, DateTimeOffset now) =>
        body.ValueKind == JsonValueKind.Array ? [.. body.EnumerateArray().Select(e => One(e, now)).OfType<DeliveryReport>()] : [];

    private static DeliveryReport? One(JsonElement e, DateTimeOffset now)
    {
        ReportKind? kind = e.Text("event") switch
        {
            "delivered" => ReportKind.Delivered,
            // Blocked: the receiving server refused this message, for now or for its content; the address may be well.
            "bounce" => e.Text("type") == "blocked" ? ReportKind.SoftBounce : ReportKind.HardBounce,
            "dropped" => Dropped(e.Text("reason") ?? ""),
            "spamreport" => ReportKind.Complaint,
            "unsubscribe" or "group_unsubscribe" => ReportKind.Unsubscribe,
            _ => null,
        };
        var at = e.Time("timestamp", now);
        return kind is { } known
            ? new(
                e.Text("sg_event_id") ?? $"{e.Text("sg_message_id")} {e.Text("event")} {at.ToUnixTimeSeconds()}", known, e.Text("email"),
                ReportJson.References(e.Text(DeliveryReport.Argument), e.Text("smtp-id"), e.Text("sg_message_id")), at, e.Text("status"), ReportJson.Reason(e.Text("reason")))
            : null;
    }

    // It keeps lists of its own, and does not even try those on them.
    private static ReportKind? Dropped(string reason) =>
        reason.Contains("Spam Reporting", StringComparison.OrdinalIgnoreCase) ? ReportKind.Complaint
        : reason.Contains("Unsubscribed", StringComparison.OrdinalIgnoreCase) ? ReportKind.Unsubscribe
        : reason.Contains("Bounced", StringComparison.OrdinalIgnoreCase) || reason.Contains("Invalid", StringComparison.OrdinalIgnoreCase) ? ReportKind.HardBounce
        : null;
}
