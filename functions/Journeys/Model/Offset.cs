using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Journeys.Model;

/// <summary>A signed length as documents write it: <c>-3d</c>, <c>12h</c>. Days and weeks count on the calendar of the lead's zone.</summary>
internal readonly record struct Offset(int Days, TimeSpan Time, string Text)
{
    public const string Expected = "a duration with or without a sign: -3d, 12h, 2w";

    public static bool TryParse(string? text, out Offset offset)
    {
        offset = default;
        var isNegative = text is ['-', ..];
        if (!Duration.TryParse(text is ['-' or '+', ..] ? text[1..] : text, out var length))
        {
            return false;
        }

        var sign = isNegative ? -1 : 1;
        offset = text![^1] is 'd' or 'w' // a parsed duration has its unit
            ? new(sign * (int)length.Length.TotalDays, TimeSpan.Zero, text)
            : new(0, sign * length.Length, text);
        return true;
    }
}
