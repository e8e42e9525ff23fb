namespace LeadFunctions.Conditions.Patterns;

/// <summary>
/// How large a pattern is when its counted repeats are written out: <c>(ab{0,9}){3}</c> is 30. That, not its length, is what a match may cost for each character. Reads
/// no more of the syntax than it takes, and rather counts too much than too little.
/// </summary>
internal static class PatternSize
{
    private const int Endless = int.MaxValue;

    public static int Of(string pattern)
    {
        var at = 0;
        var size = Alternatives(pattern, ref at);
        while (at < pattern.Length)
        {
            at++; // a bracket too many, which the engine refuses
            size = Sum(size, Alternatives(pattern, ref at));
        }

        return size;
    }

    /// <summary>To the end, or the bracket that closes the group.</summary>
    private static int Alternatives(string pattern, ref int at)
    {
        var size = 0;
        while (at < pattern.Length && pattern[at] != ')')
        {
            if (pattern[at] == '|')
            {
                at++;
                continue;
            }

            size = Sum(size, Repeated(pattern, ref at, Atom(pattern, ref at)));
        }

        return size;
    }

    private static int Atom(string pattern, ref int at)
    {
        switch (pattern[at++])
        {
            case '\\':
                at = Math.Min(at + 1, pattern.Length);
                return 1;
            case '[':
                Class(pattern, ref at);
                return 1;
            case '(':
                if (!TrySkipKind(pattern, ref at))
                {
                    return Endless;
                }

                var inside = Alternatives(pattern, ref at);
                at = Math.Min(at + 1, pattern.Length);
                return Math.Max(inside, 1);
            default:
                return 1;
        }
    }

    /// <summary>What makes a group special: <c>?:</c>, <c>?&lt;name></c>, <c>?i-s:</c> … False for <c>x</c>, which changes what is read as what.</summary>
    private static bool TrySkipKind(string pattern, ref int at)
    {
        if (at == pattern.Length || pattern[at] != '?')
        {
            return true;
        }

        at++;
        if (at < pattern.Length && pattern[at] is '<' or '\'' or 'P')
        {
            at = Math.Max(at, pattern.IndexOfAny(['>', '\'', '=', '!'], at + 1)) + 1;
            return true;
        }

        while (at < pattern.Length && (char.IsAsciiLetter(pattern[at]) || pattern[at] == '-'))
        {
            if (pattern[at++] == 'x')
            {
                return false;
            }
        }

        at += at < pattern.Length && pattern[at] is ':' or '=' or '!' or '>' ? 1 : 0;
        return true;
    }

    private static void Class(string pattern, ref int at)
    {
        at += at < pattern.Length && pattern[at] == '^' ? 1 : 0;
        for (var first = true; at < pattern.Length; first = false)
        {
            var c = pattern[at++];
            if (c == '\\')
            {
                at++;
            }
            else if (c == ']' && !first)
            {
                return;
            }
        }

        at = Math.Min(at, pattern.Length);
    }

    private static int Repeated(string pattern, ref int at, int size)
    {
        while (at < pattern.Length)
        {
            if (pattern[at] is '*' or '+' or '?')
            {
                // One and then any number: it is there twice.
                size = pattern[at++] == '+' ? Sum(size, size) : size;
            }
            else if (pattern[at] == '{' && pattern.IndexOf('}', at) is > 0 and var end && Most(pattern.AsSpan((at + 1)..end)) is { } most)
            {
                at = end + 1;
                size = (int)Math.Min((long)size * most, Endless);
            }
            else
            {
                break;
            }
        }

        return size;
    }

    /// <summary>How often <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> writes it out, at least once; null when it is none of these.</summary>
    private static int? Most(ReadOnlySpan<char> counts)
    {
        var comma = counts.IndexOf(',');
        var low = comma < 0 ? counts : counts[..comma];
        var high = comma < 0 ? counts : counts[(comma + 1)..];
        if (low.IsEmpty || low.ContainsAnyExceptInRange('0', '9') || high.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return Math.Max(1, comma >= 0 && high.IsEmpty ? Sum(Number(low), 1) : Number(high));

        static int Number(ReadOnlySpan<char> digits) => int.TryParse(digits, out var number) ? number : Endless;
    }

    private static int Sum(int a, int b) => (int)Math.Min((long)a + b, Endless);
}
