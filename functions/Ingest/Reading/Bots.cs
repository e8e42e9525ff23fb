using System.Buffers;

namespace LeadFunctions.Ingest.Reading;

/// <summary>Robots that say so in their user agent: crawlers, link previews, monitors, scripted browsers.</summary>
internal static class Bots
{
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        [
            "bot/", "bot;", "bot)", "bot-", "bot.", "-bot", "bot (", "bots/", "crawler", "spider", "slurp", "scraper", "headless", "phantomjs", "slimerjs", "puppeteer", "playwright",
            "selenium", "webdriver", "cypress/", "lighthouse", "pagespeed", "gtmetrix", "pingdom", "uptime", "statuscake", "site24x7", "datadogsynthetics",
            "newrelicsynthetics", "facebookexternalhit", "facebookcatalog", "meta-externalagent", "whatsapp/", "telegrambot", "slack-imgproxy", "skypeuripreview", "embedly", "quora link preview",
            "google-read-aloud", "google-inspectiontool", "googleother", "google-extended", "adsbot", "mediapartners-google", "feedfetcher", "googleimageproxy", "bingpreview",
            "yandeximages", "baiduspider", "duckduckbot", "applebot", "gptbot", "claudebot", "claude-web", "anthropic-ai", "perplexity", "ccbot", "bytespider", "amazonbot", "ahrefs", "semrush",
            "mj12bot", "dotbot", "petalbot", "screaming frog", "archive.org", "ia_archiver", "heritrix", "prerender", "rogerbot", "w3c_validator", "barracuda", "mimecast",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the user agent names itself a robot. A missing or unusual one does not: servers send events too.</summary>
    public static bool Sent(ReadOnlySpan<char> userAgent) =>
        userAgent.ContainsAny(Marks)
        // Cubot is a make of phones.
        && !userAgent.Contains("cubot", StringComparison.OrdinalIgnoreCase);
}
