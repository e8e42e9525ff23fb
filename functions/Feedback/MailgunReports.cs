using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Feedback;

/// <summary>Mailgun's webhooks: one event each, with an HMAC over the time and a token that stand beside it.</summary>
internal static class MailgunReports
{
    public static bool IsSigned(string signingKey, JsonElement body)
    {
        var signature = body.In("signature");
        if (signature.Text("timestamp") is not { } timestamp || signature.Text("token") is not { } token || signature.Text("signature") is not { } given)
        {
            return false;
        }

        var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(signingKey), Encoding.UTF8.GetBytes(timestamp + token)));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(given.ToLowerInvariant()));
    }

    public static IReadOnlyList<DeliveryReport> Read(JsonElement body, DateTimeOffset now)
    {
        var e = body.In("event-data");
        ReportKind? kind = e.Text("event") switch
        {
            "delivered" => ReportKind.Delivered,
            // It does not try again whom it failed with before: these are permanent, for whatever reason it did not deliver now.
            "failed" when e.Text("severity") == "permanent" => e.Text("reason") switch
            {
                "suppress-complaint" => ReportKind.Complaint,
                "suppress-unsubscribe" => ReportKind.Unsubscribe,
                "generic" or "old" or "espblock" => ReportKind.SoftBounce,
                _ => ReportKind.HardBounce,
            },
            // A try that is followed by others says nothing yet.
            "complained" => ReportKind.Complaint,
            "unsubscribed" => ReportKind.Unsubscribe,
            _ => null,
        };
        var status = e.In("delivery-status");
        var at = e.Time("timestamp", now);
        var message = e.In("message").In("headers").Text("message-id");
        return kind is { } known
            ? [new(e.Text("id") ?? $"{message} {e.Text("event")} {at.ToUnixTimeMilliseconds()}", known, e.Text("recipient"), ReportJson.References(e.In("user-variables").Text(DeliveryReport.Argument), message), at,
                status.Text("code"), ReportJson.Reason(status.Text("message") ?? status.Text("description") ?? e.Text("reason")))]
            : [];
    }
}
