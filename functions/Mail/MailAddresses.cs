using System.Text;
using System.Text.RegularExpressions;
using LeadFunctions.Events;
using MimeKit;
using MimeKit.Encodings;

namespace LeadFunctions.Mail;

/// <summary>Addresses as they may stand in a header.</summary>
internal static partial class MailAddresses
{
    private const int LongestName = 200;

    // The library shows people a domain in their own letters, and would hand it on so to servers that can take it; the next one may not.
    static MailAddresses() => MailboxAddress.IdnMapping = new AsciiDomains();

    /// <summary>What a field with a sender expects.</summary>
    public const string Expected = "an address such as news@example.com, or Name <news@example.com>";

    /// <summary>
    /// Null for what is none. People write <c>Acme, Inc. &lt;news@acme.example&gt;</c> without quotes, which a strict reader takes for two: whatever stands before the last &lt; is the name.
    /// </summary>
    public static MailboxAddress? Find(string text)
    {
        var plain = HeaderText.Plain(text, int.MaxValue);
        var open = plain.LastIndexOf('<');
        return open < 0 ? FindBare(plain, "")
            : plain.EndsWith('>') ? FindBare(plain[(open + 1)..^1].Trim(), Unquoted(plain[..open].Trim()))
            : null;
    }

    private static MailboxAddress? FindBare(string text, string name) =>
        EmailAddress.Normalise(text) is { } address && PlainDomain().IsMatch(address) && MailboxAddress.TryParse(address, out var read) && read.Address == address
            ? new MailboxAddress(Encoding.UTF8, HeaderText.Plain(name, LongestName), address)
            : null;

    private static string Unquoted(string name) =>
        name is ['"', .., '"'] ? name[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : name;

    // A reader of headers also takes comments and addresses in brackets, which nobody means.
    [GeneratedRegex(@"@[a-z0-9_-]+(\.[a-z0-9_-]+)*$")]
    private static partial Regex PlainDomain();

    private sealed class AsciiDomains : IPunycode
    {
        private readonly Punycode _all = new();

        public string Encode(string unicode) => _all.Encode(unicode);

        public string Encode(string unicode, int index) => _all.Encode(unicode, index);

        public string Encode(string unicode, int index, int count) => _all.Encode(unicode, index, count);

        public string Decode(string ascii) => ascii;

        public string Decode(string ascii, int index) => ascii[index..];

        public string Decode(string ascii, int index, int count) => ascii.Substring(index, count);
    }
}
