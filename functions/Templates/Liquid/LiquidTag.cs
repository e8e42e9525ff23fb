namespace LeadFunctions.Templates.Liquid;

/// <summary>One tag of a text: <c>{{ … }}</c>, <c>{% … %}</c>, or a comment with all that is in it.</summary>
/// <param name="IsOutput">It puts a value there.</param>
/// <param name="Name">Of <c>{% name … %}</c>; empty for a value.</param>
internal readonly record struct LiquidTag(int Start, int End, bool IsOutput, string Name)
{
    private static readonly string[] Opening = ["if", "unless", "case", "for", "capture"];
    private static readonly string[] Between = ["else", "elsif", "when"];

    public bool Opens => !IsOutput && Opening.Contains(Name);

    public bool Parts => !IsOutput && Between.Contains(Name);

    public bool Closes => !IsOutput && Name.StartsWith("end", StringComparison.Ordinal) && Opening.Contains(Name[3..]);

    public string In(string text) => text[Start..End];

    /// <summary>What stands between the braces, less the dashes that take blanks away.</summary>
    public string Inside(string text)
    {
        var inner = text[(Start + 2)..Math.Max(Start + 2, End - 2)];
        return inner.Trim('-').Trim();
    }

    /// <summary>All tags of a text, in order. One without an end goes to the text's end; the parser says what is wrong with it.</summary>
    public static IReadOnlyList<LiquidTag> All(string text)
    {
        var tags = new List<LiquidTag>();
        for (var at = 0; (at = text.IndexOf('{', at)) >= 0 && at + 1 < text.Length;)
        {
            if (text[at + 1] is not ('{' or '%'))
            {
                at++;
                continue;
            }

            var isOutput = text[at + 1] == '{';
            var end = EndOf(text, at + 2, isOutput ? '}' : '%');
            var name = isOutput ? "" : NameAt(text, at + 2, end);
            end = name == "comment" ? EndOfComment(text, end) : end;
            tags.Add(new(at, end, isOutput, name));
            at = end;
        }

        return tags;
    }

    private static int EndOf(string text, int at, char last)
    {
        for (var quote = '\0'; at + 1 < text.Length; at++)
        {
            if (quote != '\0')
            {
                quote = text[at] == quote ? '\0' : quote;
            }
            else if (text[at] is '"' or '\'')
            {
                // An apostrophe in a comment of one line is no quote.
                quote = text.IndexOf(text[at], at + 1) >= 0 ? text[at] : '\0';
            }
            else if (text[at] == last && text[at + 1] == '}')
            {
                return at + 2;
            }
        }

        return text.Length;
    }

    private static string NameAt(string text, int at, int end)
    {
        at = at < end && text[at] == '-' ? at + 1 : at;
        while (at < end && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        var from = at;
        while (at < end && (char.IsAsciiLetter(text[at]) || text[at] == '#'))
        {
            at++;
        }

        return text[from..at];
    }

    private static int EndOfComment(string text, int at)
    {
        for (; (at = text.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            var end = EndOf(text, at + 2, '%');
            if (NameAt(text, at + 2, end) == "endcomment")
            {
                return end;
            }
        }

        return text.Length;
    }
}
