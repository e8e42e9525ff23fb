using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace LeadFunctions.Forms;

/// <summary>A piece of HTML. Whatever is put into one is escaped, unless it is one itself.</summary>
internal readonly partial record struct Markup(string Html)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static readonly Markup Nothing = new("");

    public static Markup Of(Interpolation html) => new(html.ToString());

    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(piece => piece.Html)));

    /// <summary>A text in which <c>[words](https://…)</c> is a link, and a line that ends is one that ends.</summary>
    public static Markup Linked(string text)
    {
        var html = new StringBuilder();
        var at = 0;
        foreach (Match link in Link().Matches(text))
        {
            html.Append(Lines(text[at..link.Index])).Append(Of($"<a href=\"{link.Groups[2].Value}\" target=\"_blank\" rel=\"noopener\">{link.Groups[1].Value}</a>").Html);
            at = link.Index + link.Length;
        }

        return new(html.Append(Lines(text[at..])).ToString());
    }

    public override string ToString() => Html ?? "";

    private static string Lines(string text) => string.Join("<br>", text.ReplaceLineEndings("\n").Split('\n').Select(Encoder.Encode));

    [GeneratedRegex(@"\[([^\[\]]{1,200})\]\((https?://[^\s()""<>]{1,500})\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    /// <summary>What the compiler makes of an interpolated text.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Interpolation
    {
        private readonly StringBuilder _html;

        public Interpolation(int literalLength, int formattedCount) => _html = new(literalLength + (formattedCount * 20));

        public void AppendLiteral(string html) => _html.Append(html);

        public void AppendFormatted(Markup piece) => _html.Append(piece.Html);

        public void AppendFormatted(string? text) => _html.Append(text is null ? "" : Encoder.Encode(text));

        public void AppendFormatted(int number) => _html.Append(number);

        public override string ToString() => _html.ToString();
    }
}
