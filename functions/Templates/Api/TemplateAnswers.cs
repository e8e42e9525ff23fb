using System.Text.Json;
using LeadFunctions.Platform.Definitions;

namespace LeadFunctions.Templates.Api;

/// <summary>One version of a template with its document as it was sent, less the white space.</summary>
/// <param name="Live">The version that is sent; absent when none is published.</param>
internal sealed record ShownTemplate(string Id, int Version, DefinitionState State, int? Live, int Latest, DateTimeOffset CreatedAt, JsonElement Document);

/// <param name="Kind">email or push.</param>
internal sealed record ListedTemplate(string Id, string Name, string Kind, string? Topic, IReadOnlyList<string> Locales, DefinitionState State, int? Live, int Latest, DateTimeOffset UpdatedAt);

/// <param name="Changed">False when this version was live already.</param>
internal sealed record PublishedTemplate(string Id, int Version, bool Changed);

/// <summary>For whom a template is to be filled in.</summary>
/// <param name="LeadId">A lead; absent: the one that <paramref name="Data"/> describes.</param>
/// <param name="Data">Objects by the names under which the template knows them: <c>lead</c> (traits), <c>trigger</c>, <c>saved</c>, <c>data</c>, <c>run</c>.</param>
/// <param name="Version">The latest when left out.</param>
/// <param name="Locale">The lead's when left out.</param>
/// <param name="Document">A text that is not saved, in place of a version; the template need not exist.</param>
internal sealed record PreviewRequest(string? LeadId = null, JsonElement? Data = null, int? Version = null, string? Locale = null, JsonElement? Document = null);

/// <param name="To">The address that gets it; absent for a push message, which goes to the lead's browsers.</param>
internal sealed record TestRequest(string? To = null, string? LeadId = null, JsonElement? Data = null, int? Version = null, string? Locale = null)
{
    public PreviewRequest Preview => new(LeadId, Data, Version, Locale);
}

/// <summary>A message as it would be sent: a mail has subject, HTML and text, a push message title, body, url and icon.</summary>
/// <param name="Version">0 of a text that is not saved.</param>
/// <param name="Missing">Variables that were to be written and have no value.</param>
internal sealed record TemplatePreview(string Id, int Version, string Kind, string Locale, IReadOnlyList<string> Missing, IReadOnlyList<TemplateWarning> Warnings)
{
    public string? Subject { get; init; }

    public string? From { get; init; }

    public string? ReplyTo { get; init; }

    public string? Html { get; init; }

    public string? Text { get; init; }

    public string? Title { get; init; }

    public string? Body { get; init; }

    public string? Url { get; init; }

    public string? Icon { get; init; }

    /// <param name="sent">The HTML of a mail with its links counted, as it goes out.</param>
    public static TemplatePreview Of(CompiledTemplate template, RenderedMessage message, string? sent)
    {
        var (id, version, document) = template.Template;
        var preview = new TemplatePreview(id, version, document.Kind, message.Locale, message.Missing, TemplateWarnings.Of(template, message, sent));
        return message switch
        {
            RenderedMessage.Mail mail => preview with { Subject = mail.Subject, From = mail.From, ReplyTo = mail.ReplyTo, Html = mail.Html, Text = mail.Text },
            RenderedMessage.Push push => preview with { Title = push.Title, Body = push.Body, Url = push.Url, Icon = push.Icon },
            _ => preview,
        };
    }
}

/// <param name="Provider">Who carried it: of mail, or the channel of push messages.</param>
/// <param name="Outcome">accepted, deferred, rejected or unknown.</param>
/// <param name="Reason">Why it is not accepted.</param>
internal sealed record TestedTemplate(string Id, int Version, string To, string Provider, string Outcome, string? Reason);
