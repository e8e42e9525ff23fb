using System.Text;
using Azure;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Mail.Outbox;

/// <summary>Hands mail to nobody: it is kept as it would have gone, for people to look at.</summary>
internal sealed class OutboxMail(OutboxTable outbox) : IMailProvider
{
    public string Name => MailOptions.Outbox;

    public bool IsIdempotent => true;

    public async Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var (message, refusal) = Composition.Of(mail);
        if (message is null)
        {
            return refusal!; // one of the two is always set
        }

        using (message)
        {
            using var raw = new MemoryStream();
            await message.WriteToAsync(Composition.Format(message), raw, cancellationToken);
            var from = mail.Origin ?? new();
            try
            {
                await outbox.AddAsync(
                    new(mail.SendId, "email", from.LeadId ?? "", mail.To, message.Subject ?? "", mail.Text, mail.At, from.Due,
                        from.Journey, from.Version, from.Run, from.Step, from.Template, from.Topic, from.Campaign, From: mail.From, Html: mail.Html),
                    Encoding.Latin1.GetString(raw.GetBuffer(), 0, (int)raw.Length), cancellationToken);
                return new MailOutcome.Accepted(message.MessageId);
            }
            catch (Exception tooLong) when (tooLong is TextTooLongException || (tooLong is RequestFailedException refused && LongText.IsTooLong(refused)))
            {
                return new MailOutcome.Rejected("The mail is larger than the outbox can keep.");
            }
        }
    }
}
