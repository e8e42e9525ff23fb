using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// Lets Mailgun in. Its signature is over a time and a token, and not over the report: whoever has seen one could say anything under it. So a time counts for as long as Mailgun tries again, and a token for the
/// report that it came with. Tokens are known to this instance alone, the newest of them.
/// </summary>
public sealed class MailgunDoor(CarrierKeys keys, TimeProvider? clock = null)
{
    private const int MostTokens = 50_000;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System; // Mailgun's is not the app's, which may be moved
    private readonly ConcurrentDictionary<string, (DateTimeOffset SeenAt, string Report)> _tokens = new(StringComparer.Ordinal);

    /// <summary>Null when it may come in.</summary>
    internal string? Refuse(JsonElement body)
    {
        if (keys.Find(CarrierKeys.Mailgun) is not { } key || !MailgunReports.IsSigned(key, body))
        {
            return "The signature is missing or wrong.";
        }

        var now = _clock.GetUtcNow();
        var signature = body.In("signature");
        if (!CarrierTime.IsFresh(signature.Text("timestamp"), now))
        {
            return CarrierTime.Stale;
        }

        Forget();
        var report = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body.In("event-data"))));
        return _tokens.GetOrAdd(signature.Text("token")!, (now, report)).Report == report ? null : "The token came with another report before."; // it is signed
    }

    /// <summary>The older half, when there are too many.</summary>
    private void Forget()
    {
        foreach (var (token, _) in _tokens.Count < MostTokens ? [] : _tokens.ToArray().OrderBy(token => token.Value.SeenAt).Take(MostTokens / 2))
        {
            _tokens.TryRemove(token, out _);
        }
    }
}
