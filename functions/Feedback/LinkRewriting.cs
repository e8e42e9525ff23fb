using System.Text;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace LeadFunctions.Feedback;

/// <summary>Leads the links of a message past us. Nothing else of it changes.</summary>
internal static partial class LinkRewriting
{
    /// <summary>On a link or on what it stands in, with the value false: it stays as it is.</summary>
    public const string Mark = "data-lf-track";

    // Out of sight, out of the reading order and out of the tab order: whoever follows it reads the source.
    private const string Unseen = "display:none;font-size:0;line-height:0;max-height:0;overflow:hidden;mso-hide:all";

    public static string Html(string html, SendLinks links, SendContext send)
    {
        var document = new HtmlParser().ParseDocument(html);
        if (send.TracksClicks)
        {
            var tracked = (from element in document.QuerySelectorAll("a[href],area[href]")
                           where !IsMarked(element)
                           let url = TargetOf(element.GetAttribute("href"))
                           where url is not null && !links.IsOwn(url)
                           select (Element: element, Url: url)).ToList();
            for (var i = 0; i < tracked.Count; i++)
            {
                if (links.Click(tracked[i].Url, i + 1, tracked.Count) is { } address)
                {
                    tracked[i].Element.SetAttribute("href", address);
                }
            }

            if (tracked.Count > 0 && document.Body is { } body)
            {
                body.AppendChild(TrapIn(document, links.Trap(tracked.Count)));
            }
        }

        if (send.TracksOpens && document.Body is { } end)
        {
            end.AppendChild(PictureIn(document, links.Open));
        }

        return document.ToHtml();
    }

    public static string Text(string text, SendLinks links)
    {
        var count = Address().Count(text);
        var place = 0;
        return Address().Replace(text, match => TargetOf(match.Value) is { } url && !links.IsOwn(url) ? links.Click(url, ++place, count) ?? match.Value : match.Value);
    }

    /// <summary>Where a link of the web leads, as a header can say it; null for every other.</summary>
    internal static string? TargetOf(string? href)
    {
        var text = href?.Trim() ?? "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return null;
        }

        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
        {
            return text;
        }

        var ascii = new StringBuilder($"{url.Scheme}://");
        ascii.Append(url.UserInfo.Length > 0 ? $"{url.UserInfo}@" : "").Append(url.IdnHost).Append(url.IsDefaultPort ? "" : $":{url.Port}").Append(url.PathAndQuery).Append(url.Fragment);
        return ascii.ToString() is var spelt && spelt.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? spelt : null;
    }

    private static bool IsMarked(IElement element)
    {
        for (var at = element; at is not null; at = at.ParentElement)
        {
            if (string.Equals(at.GetAttribute(Mark), "false", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static IElement TrapIn(IHtmlDocument document, string address)
    {
        var trap = document.CreateElement("a");
        trap.SetAttribute("href", address);
        trap.SetAttribute("aria-hidden", "true");
        trap.SetAttribute("tabindex", "-1");
        trap.SetAttribute("rel", "nofollow");
        trap.SetAttribute("style", Unseen);
        return trap;
    }

    private static IElement PictureIn(IHtmlDocument document, string address)
    {
        var picture = document.CreateElement("img");
        picture.SetAttribute("src", address);
        picture.SetAttribute("width", "1");
        picture.SetAttribute("height", "1");
        picture.SetAttribute("alt", "");
        picture.SetAttribute("style", "border:0;width:1px;height:1px");
        return picture;
    }

    // Without the marks that end a sentence or a bracket after it.
    [GeneratedRegex("""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]}]""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
