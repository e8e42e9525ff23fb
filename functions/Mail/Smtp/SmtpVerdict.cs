using System.Globalization;
using System.Text.RegularExpressions;

namespace LeadFunctions.Mail.Smtp;

/// <summary>What a server's answers mean for the message, the person and whether to try again.</summary>
internal static partial class SmtpVerdict
{
    /// <param name="fault">What failed, where the conversation ended without an answer; null: nothing did.</param>
    public static MailOutcome Of(SmtpConversation said, string? fault) => Of(said.Mail, said.Recipient, said.Data, said.Content, said.IsHandedOver, fault);

    /// <summary>The first refusal decides; what follows it only follows from it.</summary>
    internal static MailOutcome Of(SmtpReply? mail, SmtpReply? recipient, SmtpReply? data, SmtpReply? content, bool isHandedOver, string? fault)
    {
        if (content is { Code: >= 200 and < 600 })
        {
            return content.Code < 300 ? new MailOutcome.Accepted(content.Text is { Length: > 0 } text ? text : null)
                : content.Code < 400 ? new MailOutcome.Unknown($"The server answered {Shown(content)}.")
                : OfMessage(content);
        }

        if (isHandedOver)
        {
            return new MailOutcome.Unknown(fault ?? "The server's answer could not be read.");
        }

        return mail is { Code: >= 400 } ? OfSender(mail)
            : recipient is { Code: >= 400 } ? OfRecipient(recipient)
            : data is { Code: >= 400 } ? OfMessage(data)
            : new MailOutcome.Deferred(fault ?? "The server did not answer.");
    }

    /// <summary>What is refused before anybody is named says nothing of a person, but for a message that is larger than the server ever takes.</summary>
    private static MailOutcome OfSender(SmtpReply reply) =>
        reply.Code == 552 ? Rejected(reply, isAddress: false) : new MailOutcome.Deferred($"The server does not take the sender: {Shown(reply)}");

    private static MailOutcome OfRecipient(SmtpReply reply) =>
        IsPassing(reply) ? new MailOutcome.Deferred(Shown(reply))
        : Rejected(reply, EnhancedOf(reply) switch
        {
            { Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 } => true, // no such mailbox, no such system, no such form, moved away, takes no mail
            { Subject: 2, Detail: 1 } => true, // the mailbox is closed
            null or { Detail: 0 } => reply.Code is 550 or 551 or 553 or 556,
            _ => false, // policy, a full mailbox, the sender …
        });

    private static MailOutcome OfMessage(SmtpReply reply) =>
        IsPassing(reply) ? new MailOutcome.Deferred(Shown(reply)) : Rejected(reply, EnhancedOf(reply) is { Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 } or { Subject: 2, Detail: 1 });

    /// <summary>Also when the server wants a login that it did not ask for: that is between it and us.</summary>
    private static bool IsPassing(SmtpReply reply) => reply.Code is < 500 or 530 or 534 or 535 or 538;

    private static MailOutcome.Rejected Rejected(SmtpReply reply, bool isAddress) =>
        new(Shown(reply), EnhancedOf(reply) is { } code ? $"5.{code.Subject}.{code.Detail}" : reply.Code.ToString(CultureInfo.InvariantCulture), isAddress);

    private static string Shown(SmtpReply reply) => $"{reply.Code} {reply.Text}".TrimEnd();

    private static (int Subject, int Detail)? EnhancedOf(SmtpReply reply) =>
        Enhanced().Match(reply.Text) is { Success: true } match
            ? (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    /// <summary>RFC 3463.</summary>
    [GeneratedRegex(@"^5\.(\d{1,3})\.(\d{1,3})(?!\S)")]
    private static partial Regex Enhanced();
}
