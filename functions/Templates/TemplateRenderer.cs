using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Templates.Liquid;
using NodaTime;

namespace LeadFunctions.Templates;

/// <summary>Who a template is filled in for, and with what.</summary>
/// <param name="Locale">What the reader is to read; null: the template's own language.</param>
/// <param name="Data">JSON objects by the name under which the template knows them: <c>trigger</c>, <c>saved</c>, <c>data</c>, <c>run</c>.</param>
internal sealed record Reader(ILeadFacts Lead, DateTimeZone Zone, string? Locale, DateTimeOffset Now, MailLinks Links, IReadOnlyDictionary<string, JsonElement> Data);

/// <summary>Addresses of the product's own in a message.</summary>
internal sealed record MailLinks(string? Unsubscribe = null, string? Preferences = null, string? Web = null);

/// <summary>What is sent, filled in.</summary>
/// <param name="Locale">The language that it is in.</param>
/// <param name="Missing">Variables that were to be written and had no value: nothing stands there.</param>
internal abstract record RenderedMessage(string Locale, IReadOnlyList<string> Missing)
{
    public sealed record Mail(string Subject, string Html, string Text, string? From, string? ReplyTo, string Locale, IReadOnlyList<string> Missing) : RenderedMessage(Locale, Missing);

    /// <param name="Url">Of the web; null where it names none, or its values make it something else.</param>
    /// <param name="Icon">Likewise.</param>
    public sealed record Push(string Title, string Body, string? Url, string? Icon, string Locale, IReadOnlyList<string> Missing) : RenderedMessage(Locale, Missing);
}

/// <summary>Fills templates in. Pure: the same template and reader make the same message, in a preview as in earnest.</summary>
internal static class TemplateRenderer
{
    // Known of a lead beside its traits, under names that need no $.
    private static readonly string[] Own = ["id", "stage", "engagement", "fit", "grade", "owner", "lastSeen"];

    /// <exception cref="LiquidFaultException">It cannot be filled in for this reader; the message names the template.</exception>
    public static RenderedMessage Render(CompiledTemplate template, Reader reader)
    {
        try
        {
            return Render(template.For(reader.Locale), reader);
        }
        catch (LiquidFaultException fault)
        {
            throw new LiquidFaultException($"The template \"{template.Template.Id}\", version {template.Template.Version}: {fault.Message}", fault);
        }
    }

    /// <summary>A line that is not the template's, filled in as its own are.</summary>
    /// <param name="source">Liquid that was read before.</param>
    /// <exception cref="LiquidFaultException">It cannot be filled in for this reader.</exception>
    public static string RenderLine(CompiledTemplate template, Reader reader, string source)
    {
        var locale = template.For(reader.Locale);
        var text = LiquidText.Parse(source).Text ?? throw new LiquidFaultException($"This cannot be read: {source}");
        return Folded(text.Render(new(Finder(locale, reader), reader.Zone, WordsOf(locale, reader), reader.Now), LiquidText.Plain));
    }

    // "pl-AT" reads the Polish of "pl", with dates as in Polish.
    private static LocaleWords WordsOf(CompiledLocale template, Reader reader) =>
        LocaleWords.Of(LocaleTag.Normal(reader.Locale) is { } asked && TemplateDocument.Parents(asked).Contains(template.Tag) ? asked : template.Tag);

    private static RenderedMessage Render(CompiledLocale template, Reader reader)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var find = Finder(template, reader);
        var words = WordsOf(template, reader);
        return template switch
        {
            CompiledLocale.Mail mail => OfMail(mail),
            CompiledLocale.Push push => OfPush(push),
            _ => throw new InvalidOperationException($"Nothing says how {template.GetType().Name} is filled in."),
        };

        RenderedMessage.Mail OfMail(CompiledLocale.Mail mail)
        {
            var html = mail.Html.Render(Context(), LiquidText.Html);
            var text = mail.Text?.Render(Context(), LiquidText.Plain) ?? PlainText.Of(html);
            var preheader = mail.Preheader is { } line ? Line(line) : "";
            return new(Line(mail.Subject), html.Replace(InlinedHtml.Preheader, Shown(preheader), StringComparison.Ordinal), text, Mailbox(mail.From), Mailbox(mail.ReplyTo), mail.Tag, [.. missing]);
        }

        RenderedMessage.Push OfPush(CompiledLocale.Push push)
        {
            var (title, body) = (Line(push.Title), push.Body.Render(Context(), LiquidText.Plain).Trim());
            return new(title, body, Address(push.Url), Address(push.Icon), push.Tag, [.. missing]);
        }

        string Line(LiquidText text) => Folded(text.Render(Context(), LiquidText.Plain));

        string? Address(LiquidText? text) => text is null ? null : PushAddress.Of(Line(text));

        LiquidContext Context() => new(find, reader.Zone, words, reader.Now, missing);

        string? Mailbox(CompiledMailbox? mailbox) => mailbox is null ? null : MailboxText.Of(Line(mailbox.Name), mailbox.Address);
    }

    private static Func<string, Value> Finder(CompiledLocale template, Reader reader)
    {
        var data = reader.Data.ToDictionary(root => root.Key, root => Value.From(root.Value));
        return path =>
        {
            var found = Find(path);
            return found is { Exists: true } and not { Text: "" } ? found : template.Defaults.GetValueOrDefault(path, found);
        };

        Value Find(string path)
        {
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            var (root, rest) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
            return root switch
            {
                "lead" => rest.Length == 0 ? Value.Missing : OfLead(rest),
                "company" => rest.Length == 0 ? Value.Missing : reader.Lead.Trait("company." + rest),
                "links" => Text(rest switch { "unsubscribe" => reader.Links.Unsubscribe, "preferences" => reader.Links.Preferences, "web" => reader.Links.Web, _ => null }),
                "blocks" => template is CompiledLocale.Mail mail && mail.Blocks.TryGetValue(rest, out var variants) ? Index(variants) : Value.Missing,
                "now" => rest.Length == 0 ? Value.From(reader.Now.ToString("O")) : Value.Missing,
                _ => data.TryGetValue(root, out var json) ? rest.Length == 0 ? json : json.At(rest) : Value.Missing,
            };
        }

        Value OfLead(string path) => reader.Lead.Trait(path) is { Exists: true } trait ? trait
            : Own.Contains(path) ? reader.Lead.Trait("$" + path)
            : path.Split('.') is [var first, .. var inner] && inner.Length > 0 ? reader.Lead.Trait(first).At(string.Join('.', inner)) // a trait may be an object, where it is nested deeply
            : Value.Missing;

        Value Index(IReadOnlyList<Condition?> variants)
        {
            for (var i = 0; i < variants.Count; i++)
            {
                if (variants[i]?.Holds(null, reader.Lead, reader.Now) != false)
                {
                    return Value.From(i);
                }
            }

            return Value.Missing;
        }
    }

    private static Value Text(string? text) => text is null ? Value.Missing : Value.From(text);

    /// <summary>One line: whatever would end it, or the header that it is in, is a blank.</summary>
    private static string Folded(string text) =>
        string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // Mail programs show it after the subject; what follows keeps them from showing the text after it as well.
    private static string Shown(string preheader) => preheader.Length == 0 ? ""
        : $"<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\" aria-hidden=\"true\">{LiquidText.Html.Encode(preheader)}{string.Concat(Enumerable.Repeat("&#847;&zwnj;&nbsp;", 60))}</div>";
}
