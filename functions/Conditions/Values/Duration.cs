using System.Globalization;

namespace LeadFunctions.Conditions.Values;

/// <summary>A length of time as documents write it: a whole number and a unit, <c>90s 15m 12h 14d 2w</c>. Keeps the author's spelling.</summary>
public readonly record struct Duration(TimeSpan Length, string Text)
{
    /// <summary>What to tell someone who wrote something else.</summary>
    public const string Expected = "a whole number and a unit: 90s, 15m, 12h, 14d or 2w, at most 36500d";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    /// <summary>False for anything but a positive whole number with one of the units s, m, h, d, w, up to a hundred years.</summary>
    public static bool TryParse(string? text, out Duration duration)
    {
        duration = default;
        if (text is not { Length: > 1 and <= 12 } || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        long seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
        if (seconds == 0 || number == 0 || number > (long)Longest.TotalSeconds / seconds)
        {
            return false;
        }
        duration = new(TimeSpan.FromSeconds(number * seconds), text);
        return true;
    }

    public override string ToString() => Text;
}
