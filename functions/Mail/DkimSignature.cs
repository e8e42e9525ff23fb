using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace LeadFunctions.Mail;

/// <summary>Signs mail as its domain's (RFC 6376, and RFC 8463 for Ed25519), so that mailbox providers know that nobody else wrote it.</summary>
internal sealed class DkimSignature
{
    /// <summary>All that says what the mail is and what to do with it; RFC 8058 wants the two about unsubscribing among them.</summary>
    private static readonly string[] Signed =
    [
        "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
        "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID", "Auto-Submitted",
    ];

    private readonly DkimSigner _signer;

    // Its time is real, whatever the app's clock shows: receivers may refuse one from the future.
    private DkimSignature(AsymmetricKeyParameter key, string domain, string selector) =>
        _signer = new DkimSigner(key, domain, selector, key is Ed25519PrivateKeyParameters ? DkimSignatureAlgorithm.Ed25519Sha256 : DkimSignatureAlgorithm.RsaSha256)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        };

    /// <summary>Null where nothing is to be signed.</summary>
    /// <exception cref="FormatException">The settings are not enough, or the key is none.</exception>
    public static DkimSignature? Of(DkimOptions options) =>
        options is { Domain: "", Selector: "", Key: "" } ? null
        : FaultOf(options) is { } fault ? throw new FormatException(fault)
        : new(Read(options.Key), options.Domain.ToLowerInvariant(), options.Selector);

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public static string? FaultOf(DkimOptions options)
    {
        if (options is { Domain: "", Selector: "", Key: "" })
        {
            return null;
        }

        if (options.Domain.Length == 0 || options.Selector.Length == 0 || options.Key.Length == 0)
        {
            return "To sign mail set LeadFunctions__Dkim__Domain, __Selector and __Key, all three.";
        }

        try
        {
            return Read(options.Key) switch
            {
                RsaPrivateCrtKeyParameters { Modulus.BitLength: >= 1024 } or Ed25519PrivateKeyParameters => null,
                RsaPrivateCrtKeyParameters => "LeadFunctions__Dkim__Key is shorter than the 1024 bits that receivers ask for.",
                _ => "LeadFunctions__Dkim__Key is of a kind that signs no mail: it should be RSA or Ed25519.",
            };
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or IOException or InvalidCastException or GeneralSecurityException)
        {
            return "LeadFunctions__Dkim__Key is no private key in PEM, as openssl genpkey writes it.";
        }
    }

    public void Sign(FormatOptions format, MimeMessage message) => _signer.Sign(format, message, [.. Signed.Where(message.Headers.Contains)]);

    /// <summary>PKCS 8, which all tools write today, or the older form of RSA keys.</summary>
    private static AsymmetricKeyParameter Read(string text)
    {
        var lines = text.Replace("\\n", "\n", StringComparison.Ordinal).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var der = Convert.FromBase64String(string.Concat(lines.Where(line => !line.StartsWith('-'))));
        return lines.Contains("-----BEGIN RSA PRIVATE KEY-----")
            ? new RsaPrivateCrtKeyParameters(Org.BouncyCastle.Asn1.Pkcs.RsaPrivateKeyStructure.GetInstance(der))
            : PrivateKeyFactory.CreateKey(der);
    }
}
