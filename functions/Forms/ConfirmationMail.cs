namespace LeadFunctions.Forms;

/// <summary>The mail that asks for a confirmation, where no template is named: small, in the language of the form.</summary>
internal sealed record ConfirmationMail(string Subject, string Html, string Text)
{
    /// <param name="title">Of the form, as it was shown.</param>
    /// <param name="url">Where it is confirmed.</param>
    public static ConfirmationMail Of(string locale, string title, string url)
    {
        var texts = FormTexts.In(locale);
        var asks = FormTexts.With(texts.MailText, title);
        var html = Markup.Of($"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{texts.MailSubject}</title></head>
            <body style="margin:0;padding:24px;font:16px/1.5 Arial,sans-serif">
            <div style="max-width:560px;margin:0 auto">
            <p>{asks}</p>
            <p><a href="{url}" style="display:inline-block;padding:12px 24px;border-radius:6px;background:#0b6e4f;color:#ffffff;font-weight:bold;text-decoration:none">{texts.ConfirmButton}</a></p>
            <p style="font-size:14px">{url}</p>
            <p style="font-size:14px">{texts.MailIgnore}</p>
            </div>
            </body>
            </html>

            """).Html;
        return new(texts.MailSubject, html, $"{asks}\n\n{url}\n\n{texts.MailIgnore}\n");
    }
}
