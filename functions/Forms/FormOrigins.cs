using LeadFunctions.Platform.Http;

namespace LeadFunctions.Forms;

/// <summary>Which sites may show a form and send it.</summary>
internal static class FormOrigins
{
    public static bool IsPattern(string? text) =>
        OriginPattern.IsOne(text) && OriginPattern.Plain(text) is { Length: <= 200 } plain && !plain.Contains('*', StringComparison.Ordinal);

    /// <param name="origin">As a browser sends it; empty: whoever asks is none, and nobody's site.</param>
    /// <param name="own">The app's own, whose page may always send.</param>
    public static bool Allow(IReadOnlyList<string> origins, string origin, string own) =>
        origins.Count == 0 || origin.Length == 0 || origin.Equals(own, StringComparison.OrdinalIgnoreCase) || origins.Any(allowed => OriginPattern.Matches(allowed, origin));
}
