using System.Globalization;

namespace LeadFunctions.Feedback.Preferences;

/// <summary>Which of the page's languages somebody reads.</summary>
internal static class Languages
{
    public const string Usual = "en";

    /// <summary>Those that texts ship in, each under the name that its readers know.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> All = [("en", "English"), ("de", "Deutsch"), ("pl", "Polski"), ("sl", "Slovenščina"), ("ru", "Русский")];

    /// <param name="asked">What the reader chose on the page.</param>
    /// <param name="accepted">The browser's Accept-Language.</param>
    /// <param name="known">What is known of the lead, as <c>pl-PL</c>.</param>
    public static string Of(string? asked, string? accepted, string? known) =>
        Find(asked) ?? Preferred(accepted ?? "").Select(Find).FirstOrDefault(language => language is not null) ?? Find(known) ?? Usual;

    private static IEnumerable<string> Preferred(string accepted) =>
        accepted.Split(',', 20).Select(range => range.Split(';')).OrderByDescending(Weight).Where(range => Weight(range) > 0).Select(range => range[0]);

    private static double Weight(string[] range) => range.Skip(1).Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) is { } q
        ? double.TryParse(q[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 0
        : 1;

    private static string? Find(string? tag)
    {
        var language = tag?.Trim().Split('-', '_')[0].ToLowerInvariant();
        return All.Any(one => one.Code == language) ? language : null;
    }
}
