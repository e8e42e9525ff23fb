namespace LeadFunctions.Conditions.Values;

/// <summary><c>Fri, 20 Nov 2026 10:00:00 GMT</c>, <c>Fri Nov 20 2026 10:00:00 GMT+0100 (CET)</c>, <c>Fri Nov 20 10:00:00 UTC 2026</c>, <c>20-Nov-2026 10:00</c>, <c>November 20, 2026</c>.</summary>
internal static class DateWords
{
    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static bool TryRead(ReadOnlySpan<char> text, out DateParts parts)
    {
        var (year, month, day) = (0, 0, 0);
        TimeSpan? time = null;
        var zone = default(DateParts);
        parts = default;
        var comment = text.IndexOf('(');
        text = comment < 0 ? text : text[..comment];
        foreach (var range in text.SplitAny(' ', ',', '\t'))
        {
            var word = text[range];
            if (word.IsEmpty || IsName(word, Days, out _))
            {
                continue;
            }

            if (word.Count('-') == 2 && char.IsAsciiDigit(word[0]))
            {
                if (day > 0 || !TryReadHyphenated(word, out year, out month, out day))
                {
                    return false;
                }
            }
            else if (month == 0 && IsName(word, Months, out var name))
            {
                month = name + 1;
            }
            else if (word.Contains(':') && char.IsAsciiDigit(word[0]))
            {
                if (time is not null || !DateText.TakeClock(ref word, out var clock) || (!word.IsEmpty && !ZoneText.TryRead(word, ref zone)))
                {
                    return false;
                }

                time = clock;
            }
            else if (!TryTakeNumber(word, ref year, ref day) && !TryTakeHalfOfDay(word, ref time) && !ZoneText.TryRead(word, ref zone))
            {
                return false;
            }
        }

        parts = new(year, month, day) { Time = time ?? default, Offset = zone.Offset };
        return year > 0 && month > 0 && day > 0;
    }

    private static bool TryTakeNumber(ReadOnlySpan<char> word, ref int year, ref int day)
    {
        var rest = word;
        if (word.Length > 4 || !DateText.TakeNumber(ref rest, 1, 4, out var number) || !rest.IsEmpty || number == 0)
        {
            return false;
        }

        ref var place = ref (word.Length == 4 ? ref year : ref day);
        if (word.Length == 3 || place > 0)
        {
            return false;
        }

        place = number;
        return true;
    }

    private static bool TryReadHyphenated(ReadOnlySpan<char> word, out int year, out int month, out int day)
    {
        (year, month) = (0, 0);
        return DateText.TakeNumber(ref word, 1, 2, out day) && word is ['-', ..] && word[1..].IndexOf('-') is > 0 and var end && IsName(word.Slice(1, end), Months, out month) && ++month > 0
            && (word = word[(end + 2)..]).Length == 4 && DateText.TakeNumber(ref word, 4, 4, out year);
    }

    private static bool TryTakeHalfOfDay(ReadOnlySpan<char> word, ref TimeSpan? time)
    {
        if (word.Length != 2 || char.ToLowerInvariant(word[1]) != 'm' || char.ToLowerInvariant(word[0]) is not ('a' or 'p') || time is not { } clock || clock.TotalHours is < 1 or >= 13)
        {
            return false;
        }

        time = TimeSpan.FromHours(clock.Hours % 12 + (word[0] is 'p' or 'P' ? 12 : 0)) + (clock - TimeSpan.FromHours(clock.Hours));
        return true;
    }

    // In full, or cut to three letters or more.
    private static bool IsName(ReadOnlySpan<char> word, string[] names, out int index)
    {
        word = word.TrimEnd('.');
        for (index = 0; index < names.Length; index++)
        {
            if (word.Length >= 3 && names[index].AsSpan().StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
