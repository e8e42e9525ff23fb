namespace LeadFunctions.Templates.Liquid;

/// <summary>What one text may cost. Steps, sizes and work decide alike on every machine, and bound the time.</summary>
internal static class LiquidLimits
{
    public const int Text = 256 * 1024;

    /// <summary>Of blocks in blocks, and of brackets in a tag: the parser works by recursion.</summary>
    public const int Depth = 40, Brackets = 10;

    public const int TagLength = 2_000;

    public const int Tags = 5_000;

    public const int Steps = 100_000;

    /// <summary>Characters.</summary>
    public const int Output = 1024 * 1024;

    /// <summary>Of lists that are made.</summary>
    public const int Items = 10_000;

    public const int Recursion = 60;

    /// <summary>Characters read and written by all tags and filters together: about a second at worst.</summary>
    public const long Work = 50_000_000;

    /// <summary>Characters of a date's pattern, and the work that each is at most.</summary>
    public const int DatePattern = 200, DatePart = 30;

    /// <summary>What must not come before the parser; null when nothing does.</summary>
    public static LiquidError? FaultOf(string text)
    {
        if (text.Length > Text)
        {
            return new("This text is too long.", 1, 1, $"at most {Text / 1024} KiB");
        }

        var tags = LiquidTag.All(text);
        if (tags.Count > Tags)
        {
            return LiquidError.At(text, tags[Tags].Start, "There are too many tags.", $"at most {Tags}");
        }

        var depth = 0;
        foreach (var tag in tags)
        {
            depth += tag.Opens ? 1 : tag.Closes ? -1 : 0;
            if (depth > Depth)
            {
                return LiquidError.At(text, tag.Start, "This is nested too deeply.", $"at most {Depth} blocks in each other");
            }

            if (tag.Name != "comment" && tag.End - tag.Start > TagLength)
            {
                return LiquidError.At(text, tag.Start, "This tag is too long, or has no end.", $"at most {TagLength} characters");
            }

            if (tag.Name != "comment" && BracketsOf(text.AsSpan(tag.Start, tag.End - tag.Start)) > Brackets)
            {
                return LiquidError.At(text, tag.Start, "This tag has too many brackets.", $"at most {Brackets}");
            }
        }

        return null;
    }

    private static int BracketsOf(ReadOnlySpan<char> tag) => tag.Count('[') + tag.Count('(');
}

/// <summary>What filling in may still cost.</summary>
internal sealed class LiquidWork
{
    private long _left = LiquidLimits.Work;

    public void Spend(long work) => _ = (_left -= work) >= 0 ? _left : throw new LiquidFaultException("It takes too much work to fill in.");
}

/// <summary>What is wrong with a text, and where in it.</summary>
internal sealed record LiquidError(string Message, int Line, int Column, string? Expected = null)
{
    public static LiquidError At(string text, int index, string message, string? expected = null)
    {
        var before = text.AsSpan(0, Math.Min(index, text.Length));
        return new(message, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), expected);
    }
}

/// <summary>A text that cannot be filled in: it would not be at any try with these values.</summary>
internal sealed class LiquidFaultException(string message, Exception? inner = null) : Exception(message, inner);
