using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace LeadFunctions.Feedback.Preferences;

/// <summary>What the page says above all else.</summary>
internal enum PageNews
{
    None,
    Saved,
    Unsubscribed,
    UnsubscribedAll,
    NotUnderstood,
}

/// <summary>The page on which readers choose what they get. Works without script and by keyboard; nothing that somebody wrote stands in it unescaped.</summary>
internal static class PreferencePage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <param name="asksFirst">It begins with the question whether to unsubscribe.</param>
    /// <param name="topic">What the message was about; null for none.</param>
    /// <param name="about">What was just unsubscribed from, in words.</param>
    public static string Show(Standing standing, string language, string? topic, bool asksFirst, PageNews news = PageNews.None, string? about = null)
    {
        var texts = PreferenceTexts.In(language);
        var page = new StringBuilder(8 * 1024);
        Begin(page, texts.Title, language);
        page.Append("<h1>").Append(Text(texts.Title)).Append("</h1>");
        News(page, texts, standing, news, about);
        page.Append("<p class=\"soft\">").Append(Text(texts.Intro)).Append("</p>");
        var asks = asksFirst && news is PageNews.None or PageNews.NotUnderstood && !standing.IsOff;
        if (asks)
        {
            var name = topic is null ? null : NameOf(standing, topic, language);
            page.Append("<form method=\"post\"><h2>").Append(Text(name is null ? texts.UnsubscribeFromAll : Fill(texts.UnsubscribeFrom, name)))
                .Append("</h2><button name=\"wish\" value=\"unsubscribe\">").Append(Text(texts.UnsubscribeButton)).Append("</button></form>");
        }

        page.Append("<form method=\"post\">");
        if (asks)
        {
            page.Append("<h2>").Append(Text(texts.OrChoose)).Append("</h2>");
        }

        Topics(page, texts, standing, language);
        page.Append("<fieldset><legend>").Append(Text(texts.Frequency)).Append("</legend>");
        Radio(page, "frequency", "always", texts.Always, standing.Frequency == Frequency.Always);
        Radio(page, "frequency", "weekly", texts.Weekly, standing.Frequency == Frequency.Weekly);
        Radio(page, "frequency", "monthly", texts.Monthly, standing.Frequency == Frequency.Monthly);
        page.Append("</fieldset><fieldset><legend>").Append(Text(texts.Pause)).Append("</legend>");
        if (standing.PausedUntil is { } until)
        {
            Radio(page, "pause", "keep", Fill(texts.PausedUntil, Date(until, language)), isOn: true);
        }

        Radio(page, "pause", "0", texts.NoPause, standing.PausedUntil is null);
        foreach (var days in Choice.Pauses)
        {
            Radio(page, "pause", $"{days}", Fill(texts.PauseDays, $"{days}"), isOn: false);
        }

        page.Append("</fieldset><button name=\"wish\" value=\"save\">").Append(Text(texts.Save)).Append("</button></form>");
        if (!standing.IsOff)
        {
            page.Append("<form method=\"post\"><p class=\"soft\" id=\"off\">").Append(Text(texts.OffHint)).Append("</p><button class=\"plain\" name=\"wish\" value=\"off\" aria-describedby=\"off\">").Append(Text(texts.Off)).Append("</button></form>");
        }

        return End(page, texts, language);
    }

    /// <summary>For whoever comes by a link that leads nowhere.</summary>
    /// <param name="changes">It might have changed something: then the page says that it has not.</param>
    public static string Missing(string language, bool isExpired, bool changes)
    {
        var texts = PreferenceTexts.In(language);
        var (title, text) = isExpired ? (texts.ExpiredTitle, texts.Expired) : changes ? (texts.NotFoundTitle, texts.NotFound) : (texts.LinkTitle, texts.LinkNotFound);
        var page = new StringBuilder(4 * 1024);
        Begin(page, title, language);
        page.Append("<h1>").Append(Text(title)).Append("</h1><p>").Append(Text(text)).Append("</p>");
        return End(page, texts, language);
    }

    /// <summary>A topic as the page calls it.</summary>
    public static string NameOf(Standing standing, string topic, string language) =>
        standing.Topics.Where(one => one.Topic.Id == topic).Select(one => one.Topic.NameIn(language)).FirstOrDefault(topic);

    private static void News(StringBuilder page, PreferenceTexts texts, Standing standing, PageNews news, string? about)
    {
        var said = news switch
        {
            PageNews.Saved => texts.Saved,
            PageNews.Unsubscribed when about is not null => Fill(texts.Unsubscribed, about),
            PageNews.Unsubscribed or PageNews.UnsubscribedAll => texts.UnsubscribedAll,
            PageNews.NotUnderstood => texts.NotUnderstood,
            _ => null,
        };
        if (said is not null)
        {
            page.Append("<div class=\"done\" role=\"status\"><p>").Append(Text(said)).Append("</p>");
            page.Append(news is PageNews.Unsubscribed or PageNews.UnsubscribedAll ? $"<p>{Text(texts.ChangedYourMind)}</p>" : "").Append("</div>");
        }

        if (standing.IsOff && news is PageNews.None or PageNews.Saved)
        {
            page.Append("<p>").Append(Text(texts.NothingComes)).Append("</p>");
        }
    }

    private static void Topics(StringBuilder page, PreferenceTexts texts, Standing standing, string language)
    {
        if (standing.Topics.Count == 0)
        {
            return;
        }

        page.Append("<fieldset><legend>").Append(Text(texts.Topics)).Append("</legend>");
        foreach (var (topic, isOn) in standing.Topics)
        {
            page.Append("<label><input type=\"checkbox\" name=\"topic\" value=\"").Append(Text(topic.Id)).Append(isOn ? "\" checked>" : "\">").Append("<span>").Append(Text(topic.NameIn(language)));
            page.Append(topic.DescriptionIn(language) is { } description ? $"<small>{Text(description)}</small>" : "").Append("</span></label>");
        }

        page.Append("</fieldset>");
    }

    private static void Radio(StringBuilder page, string name, string value, string label, bool isOn) =>
        page.Append("<label><input type=\"radio\" name=\"").Append(name).Append("\" value=\"").Append(value).Append(isOn ? "\" checked>" : "\">").Append("<span>").Append(Text(label)).Append("</span></label>");

    private static void Begin(StringBuilder page, string title, string language) =>
        page.Append("<!doctype html><html lang=\"").Append(language).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>")
            .Append(Text(title)).Append("</title><style>").Append(PageStyle.Css).Append("</style></head><body><main>");

    private static string End(StringBuilder page, PreferenceTexts texts, string language)
    {
        page.Append("</main><footer><nav aria-label=\"").Append(Text(texts.OtherLanguages)).Append("\"><ul>");
        foreach (var (code, name) in Languages.All)
        {
            page.Append("<li><a href=\"?lang=").Append(code).Append("\" lang=\"").Append(code).Append(code == language ? "\" aria-current=\"true\">" : "\">").Append(Text(name)).Append("</a></li>");
        }

        return page.Append("</ul></nav></footer></body></html>").ToString();
    }

    /// <summary>As it is written there; where names of months have forms that depend on the sentence, in numbers.</summary>
    private static string Date(DateTimeOffset time, string language) =>
        time.ToString(language switch { "en" => "d MMMM yyyy", "sl" => "d. M. yyyy", "de" => "d.M.yyyy", _ => "dd.MM.yyyy" }, CultureInfo.InvariantCulture);

    private static string Fill(string text, string value) => text.Replace("{0}", value, StringComparison.Ordinal);

    private static string Text(string text) => Encoder.Encode(text);
}
