using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Feedback.Api;

/// <summary>What each carrier shows to be let in.</summary>
public sealed class CarrierKeys(IOptions<FeedbackOptions> options)
{
    public const string EventGrid = "eventgrid";
    public const string SendGrid = "sendgrid";
    public const string Mailgun = "mailgun";
    public const string Postmark = "postmark";

    private static readonly string[] Known = [EventGrid, SendGrid, Mailgun, Postmark];

    private readonly Dictionary<string, string> _keys = Read(options.Value.Keys).ToDictionary(pair => pair.Name, pair => pair.Key);

    /// <summary>Null when the carrier is not let in.</summary>
    public string? Find(string carrier) => _keys.GetValueOrDefault(carrier);

    /// <summary>Takes the same time wherever the first difference is.</summary>
    public bool IsRight(string carrier, string? shown) => shown is not null && Find(carrier) is { } key
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), SHA256.HashData(Encoding.UTF8.GetBytes(shown)));

    internal static bool AreRight(string keys)
    {
        var pairs = Read(keys).ToList();
        return pairs.TrueForAll(pair => pair.Key.Length > 0 && Known.Contains(pair.Name)) && pairs.DistinctBy(pair => pair.Name).Count() == pairs.Count;
    }

    // A key may hold an equals sign, as Base64 does.
    private static IEnumerable<(string Name, string Key)> Read(string keys) =>
        keys.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
            .Select(pair => (pair[0].ToLowerInvariant(), pair.Length > 1 ? pair[1] : ""));
}
