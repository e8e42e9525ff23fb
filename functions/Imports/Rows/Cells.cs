using System.Globalization;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using NodaTime;

namespace LeadFunctions.Imports.Rows;

/// <summary>What a cell says, as JSON.</summary>
internal static class Cells
{
    private const int LongestShown = 40;

    // Blanks that spreadsheets put between thousands, and the Swiss mark.
    private static readonly char[] Groups = [' ', '\u00A0', '\u202F', '\'', '\u2019'];

    /// <param name="text">Neither empty nor blank.</param>
    /// <param name="fault">What is wrong with it and what was expected; null when nothing is.</param>
    public static JsonNode? Read(string text, CellFormat format, out (string Message, string Expected)? fault)
    {
        fault = null;
        switch (format.Type)
        {
            case CellType.Number:
                if (TryNumber(text, format.Decimal, out var number))
                {
                    return JsonValue.Create(number);
                }

                fault = ($"{Shown(text)} is no number.", $"a number such as {1234.5.ToString(CultureInfo.InvariantCulture).Replace('.', format.Decimal)}");
                return null;
            case CellType.Boolean:
                if (Consent.Read(Value.From(text)) is var said and (Said.Yes or Said.No))
                {
                    return JsonValue.Create(said == Said.Yes);
                }

                fault = ($"{Shown(text)} is neither yes nor no.", "yes or no, true or false, 1 or 0");
                return null;
            case CellType.Date:
                if (TryDate(text, format, out var date))
                {
                    return JsonValue.Create(HasClock(text, format) ? date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture) : date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                }

                fault = ($"{Shown(text)} is no date.", DateExpected(format));
                return null;
            default:
                return JsonValue.Create(text);
        }
    }

    public static bool TryDate(string text, CellFormat format, out DateTimeOffset date)
    {
        if (format.Pattern is null)
        {
            return Dates.TryRead(Scalar.Of(Value.From(text), []), out date);
        }

        date = default;
        if (!DateTime.TryParseExact(text, format.Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        // An hour that the clock skips, or shows twice, is the nearest that there is.
        date = local.Kind == DateTimeKind.Unspecified
            ? (format.Zone ?? DateTimeZone.Utc).AtLeniently(LocalDateTime.FromDateTime(local)).ToDateTimeOffset()
            : new DateTimeOffset(local);
        return true;
    }

    public static string DateExpected(CellFormat format) => format.Pattern is { } pattern ? $"a date like {pattern}" : Dates.Expected;

    /// <summary>That .NET can write a date with, and read it again.</summary>
    public static bool IsPattern(string pattern)
    {
        try
        {
            var day = new DateTime(2026, 11, 23, 13, 45, 0, DateTimeKind.Unspecified);
            return pattern.Contains('y', StringComparison.Ordinal)
                && DateTime.TryParseExact(day.ToString(pattern, CultureInfo.InvariantCulture), pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read.Date == day.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>As it may stand in a message: short.</summary>
    public static string Shown(string text) => $"\"{EventText.Cut(text, LongestShown)}{(text.Length > LongestShown ? "…" : "")}\"";

    /// <summary>With or without marks between thousands. "1,5" where a point is expected is no fifteen: groups have three digits.</summary>
    public static bool TryNumber(string text, char mark, out double number)
    {
        number = 0;
        var whole = text.AsSpan();
        var fraction = whole.IndexOfAny(mark, 'e', 'E') is >= 0 and var end ? whole[end..] : [];
        var groups = whole[..^fraction.Length].ToString().Split(Groups);
        if (groups.Length == 1)
        {
            groups = groups[0].Split(mark == '.' ? ',' : '.');
        }

        return (groups.Length == 1 || (groups[0].TrimStart('+', '-').Length is >= 1 and <= 3 && groups.Skip(1).All(group => group.Length == 3 && group.All(char.IsAsciiDigit))))
            && double.TryParse(string.Concat(groups) + fraction.ToString().Replace(mark, '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    private static bool HasClock(string text, CellFormat format) => format.Pattern is { } pattern
        ? pattern.AsSpan().IndexOfAny('H', 'h') >= 0
        : text.Contains(':', StringComparison.Ordinal) || text.Length > 10;
}
