using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Events;

namespace LeadFunctions.Feedback;

/// <summary>The message whose links are made.</summary>
/// <param name="SendId">One message to one lead.</param>
/// <param name="At">When it goes out.</param>
/// <param name="Topic">What it can be unsubscribed from; null: from all on its channel.</param>
public sealed record SendContext(string SendId, string LeadId, DateTimeOffset At, string Channel = "email", string? Topic = null, bool TracksOpens = true, bool TracksClicks = true);

/// <summary>The links of one message: all that whoever sends it needs of this slice.</summary>
public sealed class SendLinks
{
    private readonly SendContext _send;
    private readonly Uri _base;
    private readonly LinkKey _key;

    internal SendLinks(SendContext send, Uri baseUrl, LinkKey key)
    {
        (_send, _base, _key) = (send, baseUrl, key);
        UnsubscribeUrl = Address("u", Token(LinkKind.Unsubscribe));
        PreferencesUrl = Address("u", Token(LinkKind.Preferences));
    }

    /// <summary>For the header List-Unsubscribe (a POST acts) and for a link in the message (a GET only shows a page).</summary>
    public string UnsubscribeUrl { get; }

    /// <summary>The same page, which does not begin with the question whether to unsubscribe.</summary>
    public string PreferencesUrl { get; }

    /// <summary>The message in the browser.</summary>
    /// <param name="what">Which version of which template it is.</param>
    public string WebUrl(string what) => Address("v", Token(LinkKind.View) with { Url = what });

    /// <summary>The HTML part with its links counted, and the picture and the trap at its end.</summary>
    public string Rewrite(string html) => LinkRewriting.Html(html, this, _send);

    /// <summary>The text part with its links counted: they grow long, so that a caller may prefer them as they are.</summary>
    public string RewriteText(string text) => _send.TracksClicks ? LinkRewriting.Text(text, this) : text;

    /// <summary>Names a send in few characters, in ids of events and keys of rows.</summary>
    internal static string HashOf(string sendId)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(sendId), digest);
        return LeadIds.Encode(digest[..16]);
    }

    internal string Open => Address("o", Token(LinkKind.Open));

    internal string Trap(int links) => Address("c", Token(LinkKind.Trap) with { Links = links });

    /// <summary>Null when the address would be longer than what stands between a mail and a browser takes: then the link stays as it is.</summary>
    internal string? Click(string url, int link, int links) =>
        Address("c", Token(LinkKind.Click) with { Url = url, Link = link, Links = links }) is { Length: <= LongestAddress } address ? address : null;

    /// <summary>It is one of ours already, or the message's own way out.</summary>
    internal bool IsOwn(string url) => url.StartsWith($"{_base}e/", StringComparison.OrdinalIgnoreCase);

    private const int LongestAddress = 2_000;

    private LinkToken Token(LinkKind kind) => new(kind, _send.LeadId, _send.SendId, _send.At, _send.Channel, _send.Topic);

    private string Address(string door, LinkToken token) => $"{_base}e/{door}/{TokenCodec.Write(token, _key)}";
}
