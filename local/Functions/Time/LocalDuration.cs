using System.Globalization;
using System.Xml;

namespace LeadFunctions.Local.Functions.Time;

/// <summary>Durations as people write them: <c>90s</c>, <c>5m</c>, <c>3h</c>, <c>2d</c>, <c>1w</c>, <c>1d12h</c>; also <c>PT5M</c> and <c>1.12:00:00</c>.</summary>
internal static class LocalDuration
{
    /// <summary>Null when the text is no duration, or too long to be one.</summary>
    internal static TimeSpan? Find(string text)
    {
        try
        {
            return text switch
            {
                [] => null,
                ['P' or 'p', ..] => XmlConvert.ToTimeSpan(text.ToUpperInvariant()),
                _ when text.Contains(':', StringComparison.Ordinal) => TimeSpan.Parse(text, CultureInfo.InvariantCulture),
                _ => Sum(text),
            };
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static TimeSpan? Sum(string text)
    {
        var sum = TimeSpan.Zero;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) || text[i] == '.')
            {
                continue;
            }

            if (i == digits)
            {
                return null;
            }

            var number = double.Parse(text[digits..i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            if (Unit(text[i..], out var length) is not { } unit)
            {
                return null;
            }

            sum += number * unit;
            i += length - 1;
            digits = i + 1;
        }

        return digits == text.Length ? sum : null;
    }

    private static TimeSpan? Unit(string text, out int length)
    {
        length = text.StartsWith("ms", StringComparison.Ordinal) ? 2 : 1;
        return (length, text[0]) switch
        {
            (2, _) => TimeSpan.FromMilliseconds(1),
            (_, 's') => TimeSpan.FromSeconds(1),
            (_, 'm') => TimeSpan.FromMinutes(1),
            (_, 'h') => TimeSpan.FromHours(1),
            (_, 'd') => TimeSpan.FromDays(1),
            (_, 'w') => TimeSpan.FromDays(7),
            _ => null,
        };
    }
}
