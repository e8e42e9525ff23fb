using NodaTime;

namespace LeadFunctions.Conditions.Values;

/// <summary>The end of a time: <c>Z</c>, <c>UTC</c>, <c>GMT+0100</c>, <c>+01:00</c>, <c>[Europe/Paris]</c>, and what may follow an offset without saying more (<c>CET</c>, <c>(Central European Standard Time)</c>).</summary>
internal static class ZoneText
{
    private static readonly string[] Names = ["UTC", "GMT", "UT", "Z"];

    /// <summary>False when it is something else: an abbreviation alone names no zone.</summary>
    public static bool TryRead(ReadOnlySpan<char> rest, ref DateParts parts)
    {
        rest = rest.TrimStart();
        foreach (var name in Names)
        {
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (rest.Length == name.Length || !char.IsAsciiLetter(rest[name.Length])))
            {
                parts.Offset = TimeSpan.Zero;
                rest = rest[name.Length..].TrimStart();
                break;
            }
        }

        if (rest is ['+' or '-' or '\u2212', ..])
        {
            var isWest = rest[0] != '+';
            rest = rest[1..];
            if (!TakeOffset(ref rest, out var offset))
            {
                return false;
            }

            parts.Offset = isWest ? -offset : offset;
            rest = rest.TrimStart();
        }

        if (rest is ['[', .., ']'])
        {
            parts.Zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(rest[1..^1].ToString());
            return parts.Offset is not null || parts.Zone is not null;
        }

        return rest.IsEmpty || (parts.Offset is not null && SaysNoMore(rest));
    }

    private static bool TakeOffset(ref ReadOnlySpan<char> rest, out TimeSpan offset)
    {
        offset = default;
        if (!DateText.TakeNumber(ref rest, 1, 2, out var hours))
        {
            return false;
        }

        rest = rest is [':', ..] ? rest[1..] : rest;
        var minutes = 0;
        if (rest is [>= '0' and <= '9', ..] && !DateText.TakeNumber(ref rest, 2, 2, out minutes))
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        return minutes < 60;
    }

    // "CET", "(…)", and what Go prints of its monotonic clock.
    private static bool SaysNoMore(ReadOnlySpan<char> rest)
    {
        var word = rest;
        while (word is [(>= 'A' and <= 'Z') or (>= 'a' and <= 'z'), ..])
        {
            word = word[1..];
        }

        word = word.TrimStart();
        return word.IsEmpty || word is ['(', .., ')'] || rest.StartsWith("m=") || word.StartsWith("m=") || word.StartsWith("=");
    }
}
