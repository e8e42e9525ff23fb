using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.OnSite;

internal enum ContentKind
{
    /// <summary>Stands where the page has an element for its slot.</summary>
    Inline,

    /// <summary>A dialog over the page.</summary>
    Popup,
}

/// <summary>What a slot of a page may show, as a marketer wrote it, checked.</summary>
/// <param name="Slot">The place in pages that it is for.</param>
/// <param name="Words">In its own language.</param>
/// <param name="Locales">In others, by language.</param>
/// <param name="When">For whom; null: for everybody, also for those of whom nothing is known.</param>
/// <param name="Pages">Where; empty: everywhere.</param>
/// <param name="ExceptPages">Where not, whatever <paramref name="Pages"/> says.</param>
/// <param name="OnlyOffered">Only for those whom a journey's step <c>onSite</c> offers it just now.</param>
/// <param name="AfterSeconds">How long somebody has been on the page.</param>
/// <param name="Priority">Of several for one slot the highest is shown.</param>
/// <param name="Caps">How often one person sees it.</param>
/// <param name="DismissedFor">How long whoever closed it, or clicked on it in a pop-up, is left alone with it.</param>
internal sealed record ContentDocument(
    string Name, string Slot, ContentKind Kind, string Locale, ContentWords Words, IReadOnlyDictionary<string, ContentWords> Locales, Condition? When, IReadOnlyList<PagePattern> Pages,
    IReadOnlyList<PagePattern> ExceptPages, DateTimeOffset? From, DateTimeOffset? Until, bool OnlyOffered, int AfterSeconds, int Priority, IReadOnlyList<ContentCap> Caps, Duration DismissedFor)
{
    /// <summary>It is for some people, and not for anybody: nobody sees it of whom nothing may be known.</summary>
    public bool IsPersonal => When is not null || OnlyOffered;

    /// <summary>All mistakes at once; the document is null when any makes it unreadable.</summary>
    public static (ContentDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json) => DocumentText.Read(json, ContentParser.Parse, error => (null, [error]));

    /// <summary>As above, from text.</summary>
    public static (ContentDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, Parse, error => (null, [error]));

    /// <summary>In the first of these languages that it is written in, else in its own.</summary>
    public (string Locale, ContentWords Words) In(IEnumerable<string> languages)
    {
        foreach (var language in languages)
        {
            foreach (var candidate in (string[])[language, language.Split('-')[0]])
            {
                if (candidate.Equals(Locale, StringComparison.OrdinalIgnoreCase))
                {
                    return (Locale, Words);
                }

                if (Locales.TryGetValue(candidate, out var words))
                {
                    return (candidate, words);
                }
            }
        }

        return (Locale, Words);
    }
}

/// <param name="Title">What a screen reader calls it.</param>
/// <param name="Html">As it was written: <see cref="SafeHtml"/> says what of it is shown.</param>
/// <param name="Close">What the button that closes it is called; null: in the language's usual word.</param>
internal sealed record ContentWords(string? Title, string Html, string? Close);

/// <summary>So often within this time.</summary>
internal sealed record ContentCap(int Max, Duration Per);

/// <summary>One immutable version, made ready to be shown.</summary>
/// <param name="Shown">Its HTML by language, safe.</param>
internal sealed record Content(string Id, int Version, ContentDocument Document, IReadOnlyDictionary<string, string> Shown)
{
    public static Content Of(string id, int version, ContentDocument document) => new(id, version, document, document.Locales.Append(new(document.Locale, document.Words))
        .ToDictionary(local => local.Key, local => SafeHtml.Of(local.Value.Html).Html, StringComparer.OrdinalIgnoreCase));
}
