using System.Globalization;
using System.Net;
using LeadFunctions.Mail.Outbox;

namespace LeadFunctions.Mail.Api;

/// <summary>What people see of the outbox: its list. Plain HTML, without a script.</summary>
internal static class OutboxPages
{
    public const string StyleSheet = "outbox.css";

    private const int PageSize = 100;

    public static string List(IReadOnlyList<OutboxMessage> all, string search, int skip)
    {
        var found = all.Where(message => search.Length == 0 || Holds(message, search)).ToList();
        var shown = found.Skip(skip).Take(PageSize).ToList();
        var count = all.Count == 0 ? "" : $"<p class=\"count\">{Counted(found.Count)}{(search.Length > 0 ? $" of {all.Count.ToString(CultureInfo.InvariantCulture)}" : "")}, the newest first</p>";
        return Document("Outbox", $"""
            <h1>Outbox</h1>
            <p class="lead">What would have been sent. Nothing here has left this machine.</p>
            <form class="search" role="search" action="/outbox"><label for="q">Search</label><input id="q" name="q" type="search" value="{Text(search)}" placeholder="Address, subject, template …"><button>Search</button></form>
            {count}
            {(shown.Count > 0 ? Table(shown) : Empty(search))}
            {Turns(search, skip, found.Count)}
            """);
    }

    private static string Table(IReadOnlyList<OutboxMessage> shown) => $"""
        <table class="messages">
        <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Origin</th><th scope="col">Sent</th></tr></thead>
        <tbody>
        {string.Join('\n', shown.Select(Row))}
        </tbody>
        </table>
        """;

    private static string Row(OutboxMessage message) => $"""
        <tr><td class="subject"><a href="/outbox/{SendIds.Short(message.Id)}">{Text(Subject(message))}</a>{(message.Channel == "email" ? "" : $" <span class=\"tag\">{Text(message.Channel)}</span>")}</td><td class="to">{Text(message.To)}</td><td class="origin">{Text(Origin(message))}</td><td class="sent">{When(message.SentAt)}</td></tr>
        """;

    private static string Empty(string search) => search.Length > 0
        ? $"<p class=\"empty\">Nothing holds “{Text(search)}”. <a href=\"/outbox\">Show all</a></p>"
        : "<p class=\"empty\">Nothing has been sent yet. Start a journey with a <code>send</code> step, and its message appears here.</p>";

    private static string Turns(string search, int skip, int count)
    {
        string Link(int to, string text) => $"<a href=\"/outbox?q={Uri.EscapeDataString(search)}&amp;skip={to.ToString(CultureInfo.InvariantCulture)}\">{text}</a>";
        var turns = (skip > 0 ? Link(Math.Max(0, skip - PageSize), "Newer") : "") + (skip + PageSize < count ? Link(skip + PageSize, "Older") : "");
        return turns.Length > 0 ? $"<nav class=\"turns\" aria-label=\"Pages\">{turns}</nav>" : "";
    }

    public static string Document(string title, string main) => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{Text(title)} · LeadFunctions</title><link rel="stylesheet" href="/outbox/{StyleSheet}"></head>
        <body>
        <header class="site"><a href="/outbox">LeadFunctions <span>outbox</span></a></header>
        <main>
        {main}
        </main>
        </body>
        </html>
        """;

    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Subject(OutboxMessage message) => message.Subject.Trim() is { Length: > 0 } subject ? subject : "(no subject)";

    public static string When(DateTimeOffset at) =>
        $"<time datetime=\"{at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\">{at.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>";

    public static string Origin(OutboxMessage message) => string.Join(" · ", new[] { message.Journey ?? message.Campaign, message.Template ?? message.Step }.Where(text => text is { Length: > 0 }));

    private static string Counted(int count) => count == 1 ? "1 message" : $"{count.ToString(CultureInfo.InvariantCulture)} messages";

    private static bool Holds(OutboxMessage message, string search) => new[] { message.To, message.Subject, message.Template, message.Journey, message.Campaign, message.LeadId, message.Channel }
        .Any(text => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true);
}
