using System.Collections.Frozen;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.TimeZones;

namespace LeadFunctions.Facts;

/// <summary>Reads the names that people, browsers and systems give to time zones.</summary>
internal static partial class TimeZones
{
    /// <summary>The farthest that clocks are from UTC.</summary>
    private const int MinutesLimit = 14 * 60;

    private const int LengthLimit = 64;

    /// <summary>IANA names and, where they are no IANA names themselves, those of Windows.</summary>
    private static readonly FrozenDictionary<string, DateTimeZone> Named = TzdbDateTimeZoneSource.Default.GetIds()
        .Select(id => KeyValuePair.Create(id, id))
        .Concat(TzdbDateTimeZoneSource.Default.WindowsToTzdbIds)
        .DistinctBy(name => name.Key, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(name => name.Key, name => DateTimeZoneProviders.Tzdb[name.Value], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// <c>Europe/Berlin</c> in any case, also with a blank for the underscore; Windows' <c>W. Europe Standard Time</c>; an offset that stays: <c>+02:00</c>, <c>UTC+2</c>, <c>GMT-0530</c>.
    /// Null when it is none of these.
    /// </summary>
    public static DateTimeZone? Find(string? name)
    {
        var text = name?.Trim();
        return text is not { Length: > 0 and <= LengthLimit } ? null
            : Named.TryGetValue(text, out var zone) ? zone
            : text.Contains('/', StringComparison.Ordinal) && Named.TryGetValue(text.Replace(' ', '_'), out zone) ? zone
            : Fixed(text);
    }

    private static DateTimeZone? Fixed(string text)
    {
        if (text is "Z" or "z")
        {
            return DateTimeZone.Utc;
        }

        if (OffsetPattern.Match(text) is not { Success: true } match)
        {
            return null;
        }

        var minutes = (Number("h") * 60) + Number("m");
        return Number("m") > 59 || minutes > MinutesLimit ? null
            : DateTimeZone.ForOffset(NodaTime.Offset.FromSeconds(60 * (match.Groups["sign"].Value == "+" ? minutes : -minutes)));

        int Number(string group) => match.Groups[group].Length == 0 ? 0 : int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    // A true minus sign is what some languages' formatters write.
    [GeneratedRegex(@"^(UTC|GMT)?\s?(?<sign>[+\-\u2212])(?<h>[0-9]{1,2})(:?(?<m>[0-9]{2}))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OffsetPattern { get; }
}
