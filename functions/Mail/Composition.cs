using System.Text;
using MimeKit;
using MimeKit.Encodings;
using MimeKit.IO;
using MimeKit.IO.Filters;
using MimeKit.Text;

namespace LeadFunctions.Mail;

/// <summary>A mail as it goes over the wire. The same mail is always the same, to the byte, but for a signature.</summary>
internal static class Composition
{
    /// <summary>So that no line is longer than 76 when it is broken after what was begun.</summary>
    private const int LineLength = 74;

    /// <summary>Lines end as the standard says, headers are folded; letters beyond ASCII stand encoded unless an address itself has them.</summary>
    public static FormatOptions Format(MimeMessage message)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = IsInternational(message);
        return format;
    }

    /// <summary>An address has letters beyond ASCII before its @: only carriers that know SMTPUTF8 take it.</summary>
    public static bool IsInternational(MimeMessage message) =>
        message.From.Concat(message.To).Concat(message.ReplyTo).OfType<MailboxAddress>().Any(address => !Ascii.IsValid(address.Address));

    /// <summary>Either the mail, or why no carrier can take it.</summary>
    public static (MimeMessage? Message, MailOutcome.Rejected? Refusal) Of(OutgoingMail mail)
    {
        if (MailAddresses.Find(mail.From) is not { } from)
        {
            return (null, new($"The sender is no address: it should be {MailAddresses.Expected}."));
        }

        if (MailAddresses.Find(mail.To) is not { } to)
        {
            return (null, new("The recipient is no address.", IsAddress: true));
        }

        if (mail.ReplyTo is { Length: > 0 } && MailAddresses.Find(mail.ReplyTo) is null)
        {
            return (null, new($"Reply-To is no address: it should be {MailAddresses.Expected}."));
        }

        var message = new MimeMessage([new Header(HeaderId.MimeVersion, "1.0")])
        {
            Subject = HeaderText.Plain(mail.Subject),
            Date = mail.At.ToUniversalTime(),
            MessageId = $"{SendIds.Local(mail.SendId)}@{from.Domain}",
            Body = Body(mail),
        };
        message.From.Add(from);
        message.To.Add(to);
        if (mail.ReplyTo is { Length: > 0 } && MailAddresses.Find(mail.ReplyTo) is { } replyTo)
        {
            message.ReplyTo.Add(replyTo);
        }

        foreach (var (name, value) in Headers(mail, from.Domain))
        {
            message.Headers.Add(name, value);
        }

        return (message, null);
    }

    /// <summary>What mail programs and mailbox providers are told beside who, when and what.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(OutgoingMail mail, string domain)
    {
        var unsubscribe = new List<string>();
        if (mail.UnsubscribeUrl is { Length: > 0 } given && HeaderText.FindUrl(given) is { } url)
        {
            unsubscribe.Add($"<{url}>");
            if (url.StartsWith("https:", StringComparison.Ordinal) || new Uri(url).IsLoopback)
            {
                yield return ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"); // no program posts anywhere else
            }
        }

        if (mail.UnsubscribeAddress is { Length: > 0 } written && MailAddresses.Find(written) is { } address && Ascii.IsValid(address.Address))
        {
            unsubscribe.Add($"<mailto:{address.Address}?subject=unsubscribe>");
        }

        if (unsubscribe.Count > 0)
        {
            yield return ("List-Unsubscribe", string.Join(", ", unsubscribe));
        }

        if (mail.ListId is { Length: > 0 } list)
        {
            yield return ("List-Id", $"<{HeaderText.Label(list)}.{domain}>");
        }

        if (mail.FeedbackId is { } feedback && HeaderText.Plain(feedback) is { Length: > 0 } plain)
        {
            yield return ("Feedback-ID", plain);
        }

        // Mail to a list says so by its List- headers; one that stands alone asks machines not to answer it (RFC 3834).
        if (unsubscribe.Count == 0 && mail.ListId is null)
        {
            yield return ("Auto-Submitted", "auto-generated");
        }
    }

    private static WatchedAlternative Body(OutgoingMail mail)
    {
        // Encoded content holds no "=_", so the boundary cannot stand in it.
        var alternatives = new WatchedAlternative { Boundary = $"=_{SendIds.Short(mail.SendId)}" };
        alternatives.Add(Part(TextFormat.Plain, mail.Text));
        alternatives.Add(Part(TextFormat.Html, mail.Html));
        return alternatives;
    }

    /// <summary>Encoded here: the library's own lines may be two characters longer than the standard allows.</summary>
    private static TextPart Part(TextFormat format, string text)
    {
        var encoded = new MemoryStream();
        using (var encoding = new FilteredStream(encoded))
        {
            encoding.Add(new EncoderFilter(new QuotedPrintableEncoder(LineLength)));
            encoding.Write(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
            encoding.Flush();
        }

        encoded.Position = 0;
        return new TextPart(format)
        {
            ContentTransferEncoding = ContentEncoding.QuotedPrintable,
            Content = new MimeContent(encoded, ContentEncoding.QuotedPrintable),
            ContentType = { Charset = "utf-8" },
        };
    }
}

/// <summary>Tells when the last of it has been written: from then on the other side may have all of it.</summary>
internal sealed class WatchedAlternative : MultipartAlternative
{
    public Action? Written { get; set; }

    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
        Written?.Invoke();
    }
}
