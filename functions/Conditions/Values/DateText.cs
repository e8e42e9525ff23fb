namespace LeadFunctions.Conditions.Values;

/// <summary>
/// Times as systems print them: ISO 8601 in all its spellings and with the year first in general, and dates in English words (mail headers, JavaScript, Java). Only what can mean one thing is read:
/// 10/11/2026 is a day in October or in November, and CST three zones. Without a zone it is UTC. The result keeps the offset that it was written with.
/// </summary>
internal static class DateText
{
    private const int Longest = 100;

    public static bool TryRead(ReadOnlySpan<char> text, out DateTimeOffset moment)
    {
        moment = default;
        text = text.Trim();
        return text.Length is >= 8 and <= Longest && (char.IsAsciiDigit(text[0]) && TryReadParts(text, out var parts) || DateWords.TryRead(text, out parts)) && parts.TryCompose(out moment);
    }

    /// <summary><c>2026-11-20T10:00:00.123Z</c>, <c>20261120T100000+0100</c>, <c>2026/11/20 10:00 AM UTC</c>, <c>2026-11-20 10:00:00 +0100 CET</c>, <c>2026-11-20T10:00[Europe/Paris]</c> …</summary>
    private static bool TryReadParts(ReadOnlySpan<char> rest, out DateParts parts)
    {
        parts = default;
        if (!TakeNumber(ref rest, 4, 4, out var year))
        {
            return false;
        }

        var separator = rest is ['-' or '/' or '.', ..] ? rest[0] : default;
        var isCompact = separator == default;
        if (!TakeDatePart(ref rest, separator, out var month) || !TakeDatePart(ref rest, separator, out var day))
        {
            return false;
        }

        parts = new(year, month, day);
        var clock = rest.TrimStart("Tt, \u00A0\u202F");
        if (clock is [>= '0' and <= '9', ..] && (clock.Length < rest.Length || isCompact))
        {
            rest = clock;
            if (!TakeClock(ref rest, out var time))
            {
                return false;
            }

            parts.Time = time;
        }
        else if (rest is ['+' or '-', ..] && !rest.Contains(':'))
        {
            return false; // "2026-11-20-10" is some number; a date with an offset has its colon
        }

        // Eight digits may be anything; a date of our times is likelier than a number.
        return (!isCompact || year is >= 1900 and < 2200) && ZoneText.TryRead(rest, ref parts);
    }

    /// <summary><c>10:00</c>, <c>10:00:00.123</c>, <c>100000</c>, <c>10:00 PM</c>. The day's end may be 24:00, and a second may be the 60th.</summary>
    internal static bool TakeClock(ref ReadOnlySpan<char> rest, out TimeSpan time)
    {
        time = default;
        var (minute, second, ticks) = (0, 0, 0L);
        if (!TakeNumber(ref rest, 1, 2, out var hour))
        {
            return false;
        }

        var hasColon = rest is [':', ..];
        if (hasColon || rest is [>= '0' and <= '9', ..])
        {
            rest = hasColon ? rest[1..] : rest;
            if (!TakeNumber(ref rest, 2, 2, out minute))
            {
                return false;
            }

            if (hasColon ? rest is [':', ..] : rest is [>= '0' and <= '9', ..])
            {
                rest = hasColon ? rest[1..] : rest;
                if (!TakeNumber(ref rest, 2, 2, out second))
                {
                    return false;
                }

                ticks = TakeFraction(ref rest);
            }
        }

        if (TakeHalfOfDay(ref rest) is { } isAfternoon)
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = hour % 12 + (isAfternoon ? 12 : 0);
        }

        time = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks);
        return minute < 60 && second <= 60 && (hour < 24 || time == TimeSpan.FromDays(1));
    }

    internal static bool TakeNumber(ref ReadOnlySpan<char> rest, int least, int most, out int number)
    {
        var length = 0;
        number = 0;
        while (length < most && length < rest.Length && char.IsAsciiDigit(rest[length]))
        {
            number = number * 10 + rest[length++] - '0';
        }

        rest = rest[length..];
        return length >= least;
    }

    private static bool TakeDatePart(ref ReadOnlySpan<char> rest, char separator, out int number)
    {
        number = 0;
        if (separator == default)
        {
            return TakeNumber(ref rest, 2, 2, out number);
        }

        if (rest.IsEmpty || rest[0] != separator)
        {
            return false;
        }

        rest = rest[1..];
        return TakeNumber(ref rest, 1, 2, out number);
    }

    // Any number of digits, of which seven count.
    private static long TakeFraction(ref ReadOnlySpan<char> rest)
    {
        if (rest is not ['.' or ',', >= '0' and <= '9', ..])
        {
            return 0;
        }

        rest = rest[1..];
        var ticks = 0L;
        var unit = TimeSpan.TicksPerSecond / 10;
        for (; rest is [>= '0' and <= '9', ..]; rest = rest[1..], unit /= 10)
        {
            ticks += (rest[0] - '0') * unit;
        }

        return ticks;
    }

    private static bool? TakeHalfOfDay(ref ReadOnlySpan<char> rest)
    {
        var half = rest.TrimStart(" \u00A0\u202F");
        if (half is not ['a' or 'A' or 'p' or 'P', 'm' or 'M', ..] || (half.Length > 2 && char.IsAsciiLetterOrDigit(half[2])))
        {
            return null;
        }

        rest = half[2..];
        return half[0] is 'p' or 'P';
    }
}
