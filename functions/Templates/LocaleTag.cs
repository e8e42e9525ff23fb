using System.Text.RegularExpressions;
using LeadFunctions.Conditions;

namespace LeadFunctions.Templates;

/// <summary>Names of languages as browsers and people write them.</summary>
internal static partial class LocaleTag
{
    public const string Expected = "a language: \"pl\" or \"pl-PL\"";

    // What people and systems set; the first that can be read counts.
    private static readonly IReadOnlyList<string> Traits = ["locale", "language", "lang"];

    public static bool IsOne(string? tag) => tag is { Length: <= 35 } && Pattern().IsMatch(tag);

    /// <summary>In lower case, with hyphens; null where it is no language.</summary>
    public static string? Normal(string? tag) => tag?.Trim().Replace('_', '-').ToLowerInvariant() is { } normal && IsOne(normal) ? normal : null;

    /// <summary>The language of a lead; null where nobody said.</summary>
    public static string? Of(ILeadFacts lead) => Traits.Select(trait => Normal(lead.Trait(trait).Text)).FirstOrDefault(tag => tag is not null);

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$")]
    private static partial Regex Pattern();
}
