using System.Buffers;

namespace LeadFunctions.Feedback;

/// <summary>Programs that load what stands in mails, by how they name themselves.</summary>
internal static class KnownAgents
{
    // Protection of mailboxes, previews of links, crawlers, and the libraries that such programs are written with.
    private static readonly SearchValues<string> Scanners = SearchValues.Create(
        [
            "barracuda", "mimecast", "proofpoint", "pphosted", "urldefense", "ironport", "cisco-", "messagelabs", "symantec", "trendmicro", "trend micro", "fireeye", "trellix", "sophos", "forcepoint", "zscaler",
            "bitdefender", "kaspersky", "fortinet", "fortimail", "cloudmark", "spamtitan", "vadesecure", "vade secure", "retarus", "hornetsecurity", "spamexperts", "avanan", "checkpoint", "darktrace", "egress", "ironscales",
            "safelinks", "bingpreview", "ms-office-protected", "office365 atp", "exchangeonline", "microsoft-cryptoapi", "google-safety", "googleother", "google-inspectiontool", "google-read-aloud", "virustotal", "urlscan", "phishtank", "netcraft",
            "bot/", "bot;", "bot)", "bot ", "bot-", "-bot", "crawler", "spider", "headless", "phantomjs", "puppeteer", "playwright", "selenium", "slack-imgproxy", "slackbot", "facebookexternalhit", "whatsapp/", "telegrambot",
            "linkedinbot", "twitterbot", "discordbot", "skypeuripreview", "preview/", "linkcheck", "link check", "uptime", "monitor",
            "python-", "python/", "aiohttp", "httpx/", "curl/", "wget", "go-http-client", "java/", "okhttp", "apache-httpclient", "libwww", "lwp::", "axios/", "node-fetch", "undici", "ruby", "guzzlehttp", "php/", "scrapy", "winhttp", "powershell",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>What the name says; null when it says nothing.</summary>
    public static HitSignal? Find(string agent, LinkKind kind) =>
        string.IsNullOrWhiteSpace(agent) ? HitSignal.NoAgent
        : kind == LinkKind.Open && IsImageProxy(agent) ? HitSignal.ImageProxy
        // Apple's Mail Privacy Protection says this and not a word more, whoever's it is; as a link's visitor it is no browser either.
        : agent.Trim() is "Mozilla/5.0" ? kind == LinkKind.Open ? HitSignal.PrivacyProxy : HitSignal.Scanner
        : agent.AsSpan().ContainsAny(Scanners) && !agent.Contains("cubot", StringComparison.OrdinalIgnoreCase) ? HitSignal.Scanner // a make of phones
        : null;

    private static bool IsImageProxy(string agent) =>
        agent.Contains("GoogleImageProxy", StringComparison.OrdinalIgnoreCase) || agent.Contains("YahooMailProxy", StringComparison.OrdinalIgnoreCase);
}
