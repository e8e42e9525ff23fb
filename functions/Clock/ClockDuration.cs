using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace LeadFunctions.Clock;

/// <summary>How far a clock is to be moved, as people and programs write it: <c>14d</c>, <c>1d12h</c>, <c>500ms</c>, <c>PT5M</c>.</summary>
internal static partial class ClockDuration
{
    public const string Expected = "such as 90s, 5m, 3h, 14d, 2w, 1d12h or PT5M";

    /// <summary>Null when the text is no duration, or a negative one.</summary>
    public static TimeSpan? Find(string? text)
    {
        try
        {
            return text is null ? null
                : text.StartsWith('P') ? XmlConvert.ToTimeSpan(text) is { Ticks: >= 0 } length ? length : null
                : Whole().IsMatch(text) ? Part().Matches(text).Aggregate(TimeSpan.Zero, (sum, part) => sum + Length(part)) : null;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static TimeSpan Length(Match part) => long.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * (part.Groups[2].ValueSpan switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        "d" => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(7),
    });

    [GeneratedRegex("^([0-9]{1,12}(ms|s|m|h|d|w))+\\z")]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9]+)(ms|s|m|h|d|w)")]
    private static partial Regex Part();
}
