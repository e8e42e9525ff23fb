using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LeadFunctions.Feedback.Stored;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// Lets Mailgun in. Its signature is over a time and a token, and not over the report: whoever has seen one could say anything under it. So a time counts for as long as Mailgun tries again, and a token for the
/// report that it came with: that may come as often as it likes, since it changes nothing more.
/// </summary>
/// <param name="clock">Mailgun's is not the app's, which may be moved.</param>
public sealed class MailgunDoor(CarrierKeys keys, CarrierTokens tokens, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Null when it may come in.</summary>
    internal async Task<string?> RefuseAsync(JsonElement body, CancellationToken cancellationToken)
    {
        if (keys.Find(CarrierKeys.Mailgun) is not { } key || !MailgunReports.IsSigned(key, body))
        {
            return "The signature is missing or wrong.";
        }

        var (now, signature) = (_clock.GetUtcNow(), body.In("signature"));
        var timestamp = signature.Text("timestamp")!; // it is signed, as is the token
        if (!CarrierTime.IsFresh(timestamp, now))
        {
            return CarrierTime.Stale;
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture)); // a fresh one is a number
        var report = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body.In("event-data"))));
        return await tokens.TryKeepAsync(signature.Text("token")!, at, report, now, cancellationToken) ? null : "The token came with another report before.";
    }
}
