using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using LeadFunctions.Mail.Outbox;
using MimeKit;
using static LeadFunctions.Mail.Api.OutboxPages;

namespace LeadFunctions.Mail.Api;

/// <summary>One message of the outbox: as its receiver would see it, on a wide screen and on a phone, and what else is in it.</summary>
internal static partial class OutboxPage
{
    private const int LongLink = 120;

    public static string Of(string key, OutboxMessage message, string? raw, bool withPictures) => Document(Subject(message), $"""
        <p class="back"><a href="/outbox">← All messages</a></p>
        <h1>{Text(Subject(message))}</h1>
        <dl class="envelope">
        {(message.From is { } from ? $"<div><dt>From</dt><dd>{Text(from)}</dd></div>" : "")}
        <div><dt>To</dt><dd>{Text(message.To)}</dd></div>
        <div><dt>Sent</dt><dd>{When(message.SentAt)}</dd></div>
        {(message.Channel == "email" ? "" : $"<div><dt>Channel</dt><dd>{Text(message.Channel)}</dd></div>")}
        {(Origin(message) is { Length: > 0 } origin ? $"<div><dt>Origin</dt><dd>{Text(origin)}</dd></div>" : "")}
        {(message.LeadId.Length > 0 ? $"<div><dt>Lead</dt><dd><code>{Text(message.LeadId)}</code></dd></div>" : "")}
        </dl>
        {(message.Html is { } html ? Views(key, html, withPictures) : "")}
        <section aria-labelledby="text"><h2 id="text">{(message.Html is null ? "Message" : "Text part")}</h2><pre class="text" tabindex="0">{Text(message.Text)}</pre></section>
        {(message.Data is { } data ? $"<section aria-labelledby=\"data\"><h2 id=\"data\">Data</h2><pre tabindex=\"0\">{Text(data.GetRawText())}</pre></section>" : "")}
        {(raw is null ? "" : Source(key, raw))}
        """);

    /// <summary>Links open beside the frame; nothing else in the mail is changed.</summary>
    public static string Framed(string html) => Head().Match(html) is { Success: true } head ? html.Insert(head.Index + head.Length, Base) : Base + html;

    private const string Base = "<base target=\"_blank\">";

    private static string Views(string key, string html, bool withPictures)
    {
        var source = $"/outbox/{key}/html{(withPictures ? "" : "?pictures=no")}";
        var pictures = withPictures
            ? $"Pictures are fetched, as a mail program does that shows them; one that counts openings counts this. <a href=\"/outbox/{key}?pictures=no\">Without pictures</a>"
            : $"Pictures are not fetched. <a href=\"/outbox/{key}\">With pictures</a>";
        return $"""
            <div class="views">
            <figure class="desktop"><figcaption>Desktop</figcaption><div class="screen"><iframe src="{source}" sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail on a wide screen"></iframe></div></figure>
            <figure class="phone"><figcaption>Phone, 375 px</figcaption><div class="screen"><iframe src="{source}" sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail on a phone"></iframe></div></figure>
            </div>
            <p class="note">{pictures}</p>
            {Links(html)}
            """;
    }

    private static string Links(string html)
    {
        var links = new HtmlParser().ParseDocument(html).QuerySelectorAll("a[href]").Select(link => (Text: Told(link), Target: link.GetAttribute("href") ?? "")).ToList();
        return $"""
            <section aria-labelledby="links"><h2 id="links">Links <span class="number">{links.Count.ToString(CultureInfo.InvariantCulture)}</span></h2>
            {(links.Count == 0 ? "<p class=\"empty\">The mail has none.</p>" : $"<ol class=\"links\">{string.Concat(links.Select(link => $"<li><span>{Text(link.Text)}</span> {Target(link.Target)}</li>"))}</ol>")}
            </section>
            """;
    }

    /// <summary>What is read of it, or of the picture inside.</summary>
    private static string Told(AngleSharp.Dom.IElement link)
    {
        var text = HeaderText.Plain(link.TextContent);
        return text.Length > 0 ? text : HeaderText.Plain(link.QuerySelector("img[alt]")?.GetAttribute("alt") ?? "") is { Length: > 0 } alt ? alt : "(no text)";
    }

    private static string Target(string target)
    {
        var shown = Text(target.Length > LongLink ? target[..LongLink] + "…" : target);
        return Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            ? $"<a href=\"{Text(target)}\" rel=\"noreferrer noopener\" target=\"_blank\">{shown}</a>"
            : $"<code>{shown}</code>";
    }

    private static string Source(string key, string raw)
    {
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(raw));
        using var mail = MimeMessage.Load(bytes);
        var headers = mail.Headers.Select(header => $"<tr><th scope=\"row\">{Text(header.Field)}</th><td>{Text(header.Value)}</td></tr>");
        return $"""
            <section aria-labelledby="headers"><h2 id="headers">Headers</h2><table class="headers"><tbody>{string.Concat(headers)}</tbody></table></section>
            <section aria-labelledby="source"><h2 id="source">Source <span class="number">{(raw.Length / 1024d).ToString("0.0", CultureInfo.InvariantCulture)} KiB</span></h2>
            <p class="note"><a href="/outbox/{key}/mail.eml">Save as .eml</a> <a href="/outbox/{key}/raw">Open alone</a></p>
            <details><summary>Show as it would go over the wire</summary><pre tabindex="0">{Text(raw)}</pre></details></section>
            """;
    }

    [GeneratedRegex("<head(\\s[^>]*)?>", RegexOptions.IgnoreCase)]
    private static partial Regex Head();
}
