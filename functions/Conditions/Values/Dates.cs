using System.Globalization;

namespace LeadFunctions.Conditions.Values;

/// <summary>
/// Dates as traits and properties carry them: text that means one moment (<see cref="DateText"/>; a date, or date and time; without a zone it is UTC), or Unix time as a
/// number or as text. Unix time below 100,000,000,000 counts in seconds, from there on in milliseconds as long as the calendar holds them (the year 9999 stands for "never"), then in micro- and
/// nanoseconds. Documents write them by ISO 8601.
/// </summary>
internal static class Dates
{
    public const string Expected = "an ISO 8601 date: \"2026-05-01\" or \"2026-05-01T10:00:00Z\"";

    /// <param name="date">With the offset that it was written with.</param>
    public static bool TryRead(in Scalar scalar, out DateTimeOffset date)
    {
        date = default;
        return scalar.Kind switch
        {
            ValueKind.Number => TryUnix(scalar.Number, out date),
            ValueKind.Text => DateText.TryRead(scalar.Text, out date) || (Numbers.TryParse(scalar.Text, out var unix) && TryUnix(unix, out date)),
            _ => false,
        };
    }

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        return text.Length is >= 10 and <= 40 && HasDateShape(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out date);
    }

    /// <summary>
    /// Days from today to the next return of the date's month and day, in UTC; what was written as a midnight, in whatever offset, is that day. 29 February returns on the 28th in a common year.
    /// </summary>
    public static int DaysToAnniversary(DateTimeOffset date, DateTimeOffset now)
    {
        date = date.TimeOfDay == TimeSpan.Zero ? date : date.ToUniversalTime();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var next = In(today.Year);
        return (next < today && today.Year < 9999 ? In(today.Year + 1) : next).DayNumber - today.DayNumber;

        DateOnly In(int year) => new(year, date.Month, Math.Min(date.Day, DateTime.DaysInMonth(year, date.Month)));
    }

    private static bool TryUnix(double unix, out DateTimeOffset date)
    {
        var milliseconds = Math.Abs(unix) switch
        {
            < 1e11 => unix * 1e3,
            _ when IsInCalendar(unix) => unix,
            < 1e17 => unix / 1e3,
            < 1e20 => unix / 1e6,
            _ => double.NaN,
        };
        var isInCalendar = IsInCalendar(milliseconds);
        date = isInCalendar ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : default;
        return isInCalendar;

        static bool IsInCalendar(double milliseconds) => milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999;
    }

    // DateTimeOffset.TryParse alone takes "10/11/2026" and much else; only what starts as yyyy-MM-dd, then T or a blank, is a date here.
    private static bool HasDateShape(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < 10; i++)
        {
            if (i is 4 or 7 ? text[i] != '-' : !char.IsAsciiDigit(text[i]))
            {
                return false;
            }
        }
        return text.Length == 10 || text[10] is 'T' or 't' or ' ';
    }
}

/// <summary>Numbers that came as text, as form fields do.</summary>
internal static class Numbers
{
    public static bool TryParse(ReadOnlySpan<char> text, out double number)
    {
        number = 0;
        return text.Length is > 0 and <= 64 && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' or ' ')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    /// <summary>A number, or text that spells one.</summary>
    public static bool TryRead(in Scalar scalar, out double number)
    {
        number = scalar.Number;
        return scalar.Kind == ValueKind.Number || (scalar.Kind == ValueKind.Text && TryParse(scalar.Text, out number));
    }
}
