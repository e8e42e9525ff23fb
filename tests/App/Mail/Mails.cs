using System.Text;
using LeadFunctions.Mail;
using MimeKit;

namespace LeadFunctions.Tests.Mail;

/// <summary>Mail to send.</summary>
internal static class Mails
{
    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static OutgoingMail Of(string sendId = "run/step/0", string to = "ann@example.com") => new(
        sendId, "Acme, Inc. <news@acme.example>", "Help <help@acme.example>", to, "Spring is here", "<p>Hello <b>Ann</b></p>", "Hello Ann", Noon,
        "https://app.example/e/u/token", "news", "spring:news:acme");

    public static MimeMessage Compose(OutgoingMail mail) => Composition.Of(mail).Message ?? throw new InvalidOperationException($"Refused: {Composition.Of(mail).Refusal}");

    /// <summary>As it goes over the wire.</summary>
    public static byte[] Raw(MimeMessage message)
    {
        using var raw = new MemoryStream();
        message.WriteTo(Composition.Format(message), raw);
        return raw.ToArray();
    }

    public static byte[] Raw(OutgoingMail mail) => Raw(Compose(mail));

    public static IReadOnlyList<string> Lines(byte[] raw) => Encoding.UTF8.GetString(raw).Split("\r\n");

    /// <summary>Names of the headers as they stand on the wire, whatever a parser makes of them.</summary>
    public static IReadOnlyList<string> HeaderNames(byte[] raw) =>
        [.. Lines(raw).TakeWhile(line => line.Length > 0).Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0])];
}
