using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace LeadFunctions.Templates;

/// <summary>HTML as text, for those who read mail as such: links with their addresses, lists with their marks, paragraphs apart.</summary>
internal static class PlainText
{
    private static readonly string[] Left = ["head", "script", "style", "template", "title"];
    private static readonly string[] Apart = ["p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "header", "footer", "main", "center", "hr", "pre"];
    private static readonly string[] Lines = ["tr", "li", "dt", "dd", "address", "figure", "figcaption"];
    private static readonly string[] Headings = ["h1", "h2", "h3", "h4", "h5", "h6"];

    public static string Of(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        var writer = new Writer();
        Write(document.DocumentElement, writer, 0);
        return writer.ToString();
    }

    private static void Write(INode node, Writer writer, int depth)
    {
        switch (node)
        {
            case IText text:
                writer.Words(text.Data);
                break;
            case IElement element when !Left.Contains(element.LocalName) && !IsHidden(element) && depth < 500:
                Write(element, writer, depth);
                break;
        }
    }

    private static void Write(IElement element, Writer writer, int depth)
    {
        var name = element.LocalName;
        switch (name)
        {
            case "br":
                writer.Line();
                return;
            case "img":
                writer.Words(element.GetAttribute("alt") ?? "");
                return;
            case "hr":
                writer.Gap();
                writer.Words("---");
                writer.Gap();
                return;
        }

        Break(name, writer);
        if (name == "li")
        {
            writer.Mark(element.ParentElement is { LocalName: "ol" } list ? $"{list.Children.Index(element) + 1}. " : "- ");
        }

        var before = writer.Length;
        foreach (var child in element.ChildNodes)
        {
            Write(child, writer, depth + 1);
        }

        if (Headings.Contains(name) && writer.Length > before)
        {
            var underline = new string(name == "h1" ? '=' : '-', Math.Clamp(writer.LastLine, 3, 60));
            writer.Line();
            writer.Words(underline);
        }

        if (name == "a" && element.GetAttribute("href")?.Trim() is { Length: > 0 } address && !address.StartsWith('#'))
        {
            writer.Address(before, address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? address[7..] : address);
        }

        if (name is "td" or "th")
        {
            writer.Words(" ");
        }

        Break(name, writer);
    }

    private static void Break(string name, Writer writer)
    {
        if (Apart.Contains(name))
        {
            writer.Gap();
        }
        else if (Lines.Contains(name))
        {
            writer.Line();
        }
    }

    private static bool IsHidden(IElement element) => element.HasAttribute("hidden")
        || (element.GetAttribute("style") is { } style && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase));

    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private int _breaks;
        private int _line;
        private bool _blank;

        public int Length => _text.Length;

        /// <summary>Characters of the line that was written last.</summary>
        public int LastLine => _text.Length - _line;

        public void Line() => _breaks = Math.Max(_breaks, 1);

        public void Gap() => _breaks = 2;

        public void Mark(string mark)
        {
            Words(mark.TrimEnd());
            _blank = true;
        }

        public void Words(string words)
        {
            foreach (var c in words)
            {
                // Blanks of fixed width stay what they are.
                if (c is ' ' or '\t' or '\n' or '\r' or '\f')
                {
                    _blank = true;
                    continue;
                }

                if (c is '\u200C' or '\u034F' or '\uFEFF' or '\u00AD')
                {
                    continue; // fillers of a preview
                }

                if (_breaks > 0)
                {
                    _text.Append('\n', _text.Length > 0 ? _breaks : 0);
                    _line = _text.Length;
                }
                else if (_blank && _text.Length > 0)
                {
                    _text.Append(' ');
                }

                (_breaks, _blank) = (0, false);
                _text.Append(c);
            }
        }

        public void Address(int from, string address)
        {
            if (!_text.ToString(from, _text.Length - from).Trim().Equals(address, StringComparison.OrdinalIgnoreCase))
            {
                _text.Append(_text.Length > from ? " " : "").Append(_text.Length > from ? $"({address})" : address);
            }
        }

        public override string ToString() => _text.Length > 0 ? _text.Append('\n').ToString() : "";
    }
}
