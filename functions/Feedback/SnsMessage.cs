using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadFunctions.Feedback;

/// <summary>A message of Amazon's Simple Notification Service, signed with a certificate that it names.</summary>
internal sealed partial record SnsMessage(string Type, string Id, string TopicArn, string Message, string Timestamp, string Signature, string SignatureVersion, string CertificateUrl, string? Subject, string? Token, string? SubscribeUrl)
{
    public const string Notification = "Notification";
    public const string Confirmation = "SubscriptionConfirmation";

    /// <summary>Null when it lacks something.</summary>
    public static SnsMessage? Read(JsonElement body) =>
        body.Text("Type") is { } type && body.Text("MessageId") is { } id && body.Text("TopicArn") is { } topic && body.Text("Message") is { } message && body.Text("Timestamp") is { } timestamp
        && body.Text("Signature") is { } signature && body.Text("SigningCertURL") is { } certificate
            ? new(type, id, topic, message, timestamp, signature, body.Text("SignatureVersion") ?? "1", certificate, body.Text("Subject"), body.Text("Token"), body.Text("SubscribeURL"))
            : null;

    /// <summary>Where the service itself is: nothing else may be fetched on a stranger's word.</summary>
    public static bool IsTheirs(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == "https" && url.IsDefaultPort && url.UserInfo.Length == 0 && Host().IsMatch(url.IdnHost);

    public bool IsSigned(X509Certificate2 certificate)
    {
        try
        {
            using var key = certificate.GetRSAPublicKey();
            // Version 1 is SHA-1: the service's default until somebody sets another for the topic.
            return key is not null && SignatureVersion is "1" or "2"
                && key!.VerifyData(Encoding.UTF8.GetBytes(Signed()), Convert.FromBase64String(Signature), SignatureVersion == "2" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1); // null was excluded
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Names and values, each on a line of its own, in the order of the names.</summary>
    internal string Signed()
    {
        IEnumerable<(string Name, string? Value)> parts = Type == Notification
            ? [("Message", Message), ("MessageId", Id), ("Subject", Subject), ("Timestamp", Timestamp), ("TopicArn", TopicArn), ("Type", Type)]
            : [("Message", Message), ("MessageId", Id), ("SubscribeURL", SubscribeUrl), ("Timestamp", Timestamp), ("Token", Token), ("TopicArn", TopicArn), ("Type", Type)];
        return string.Concat(parts.Where(part => part.Value is not null).Select(part => $"{part.Name}\n{part.Value}\n"));
    }

    [GeneratedRegex(@"^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
