using System.Text.Json.Serialization;

namespace LeadFunctions.Mail.Acs;

/// <summary>A mail as Communication Services takes it (<c>EmailMessage</c> of version 2023-03-31).</summary>
/// <param name="SenderAddress">Without a name: the one of the resource's own list of senders is shown.</param>
/// <param name="UserEngagementTrackingDisabled">True: opens and clicks are this app's to count.</param>
internal sealed record AcsMessage(
    string SenderAddress, AcsContent Content, AcsRecipients Recipients, IReadOnlyList<AcsAddress>? ReplyTo, IReadOnlyDictionary<string, string> Headers, bool UserEngagementTrackingDisabled)
{
    /// <summary>Either the message, or why nobody can take it.</summary>
    public static (AcsMessage? Message, MailOutcome.Rejected? Refusal) Of(OutgoingMail mail)
    {
        // The same checks, and the same texts, as of a mail by SMTP.
        var (composed, refusal) = Composition.Of(mail);
        if (composed is null)
        {
            return (null, refusal);
        }

        using (composed)
        {
            var from = composed.From.Mailboxes.Single();
            return (new(
                from.Address,
                new(composed.Subject ?? "", mail.Text, mail.Html),
                new([new(composed.To.Mailboxes.Single().Address)]),
                composed.ReplyTo.Mailboxes.Select(one => new AcsAddress(one.Address, one.Name is { Length: > 0 } name ? name : null)).ToList() is { Count: > 0 } replyTo ? replyTo : null,
                Composition.Headers(mail, from.Domain).ToDictionary(header => header.Name, header => header.Value),
                UserEngagementTrackingDisabled: true), null);
        }
    }
}

internal sealed record AcsContent(string Subject, string PlainText, string Html);

internal sealed record AcsRecipients(IReadOnlyList<AcsAddress> To);

internal sealed record AcsAddress(string Address, string? DisplayName = null);

internal sealed record AcsAnswer(string? Id = null, string? Status = null, AcsError? Error = null);

internal sealed record AcsError(string? Code = null, string? Message = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AcsMessage))]
[JsonSerializable(typeof(AcsAnswer))]
internal sealed partial class AcsJson : JsonSerializerContext;
