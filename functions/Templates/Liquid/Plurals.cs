namespace LeadFunctions.Templates.Liquid;

/// <summary>Which form of a word goes with a number, by the categories of Unicode's CLDR.</summary>
internal static class Plurals
{
    private static readonly string[] OneOther = ["one", "other"];
    private static readonly string[] OnlyOther = ["other"];
    private static readonly string[] OneFewOther = ["one", "few", "other"];
    private static readonly string[] Slavic = ["one", "few", "many", "other"];
    private static readonly string[] Slovene = ["one", "two", "few", "other"];

    /// <summary>Of a language, in the order in which forms are given.</summary>
    /// <param name="language">Such as <c>pl</c>.</param>
    public static IReadOnlyList<string> Categories(string language) => language switch
    {
        "pl" or "ru" or "uk" or "be" or "cs" or "sk" or "lt" => Slavic,
        "sl" => Slovene,
        "hr" or "sr" or "bs" or "ro" => OneFewOther,
        "lv" => ["zero", .. OneOther],
        "ja" or "zh" or "ko" or "vi" or "th" or "id" or "ms" => OnlyOther,
        _ => OneOther,
    };

    public static string Of(string language, decimal number)
    {
        var absolute = Math.Abs(number);
        var isWhole = absolute == decimal.Truncate(absolute);
        var (ones, tens) = ((int)(absolute % 10), (int)(absolute % 100));
        return language switch
        {
            "pl" => !isWhole ? "other" : absolute == 1 ? "one" : IsFew(ones, tens) ? "few" : "many",
            "ru" or "uk" or "be" => !isWhole ? "other" : ones == 1 && tens != 11 ? "one" : IsFew(ones, tens) ? "few" : "many",
            "cs" or "sk" => !isWhole ? "many" : absolute == 1 ? "one" : absolute is >= 2 and <= 4 ? "few" : "other",
            "lt" => !isWhole ? "many" : tens is >= 11 and <= 19 || ones == 0 ? "other" : ones == 1 ? "one" : "few",
            "sl" => !isWhole ? "few" : tens == 1 ? "one" : tens == 2 ? "two" : tens is 3 or 4 ? "few" : "other",
            "hr" or "sr" or "bs" => !isWhole ? "other" : ones == 1 && tens != 11 ? "one" : IsFew(ones, tens) ? "few" : "other",
            "ro" => !isWhole ? "few" : absolute == 1 ? "one" : absolute == 0 || tens is >= 1 and <= 19 ? "few" : "other",
            "lv" => ones == 0 || tens is >= 11 and <= 19 ? "zero" : ones == 1 ? "one" : "other",
            "fr" or "pt" => decimal.Truncate(absolute) is 0 or 1 ? "one" : "other",
            _ when Categories(language).Count == 1 => "other",
            _ => isWhole && absolute == 1 ? "one" : "other",
        };
    }

    private static bool IsFew(int ones, int tens) => ones is >= 2 and <= 4 && tens is not (>= 12 and <= 14);
}
