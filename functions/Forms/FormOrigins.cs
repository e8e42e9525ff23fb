namespace LeadFunctions.Forms;

/// <summary>Which sites may show a form and send it.</summary>
internal static class FormOrigins
{
    // An origin has no path, and a browser sends it in lower case without the default port: anything else would never match.
    public static bool IsPattern(string? text) =>
        text?.Replace("://*.", "://any.", StringComparison.Ordinal) is { Length: <= 200 } plain && Uri.TryCreate(plain, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.GetLeftPart(UriPartial.Authority) == plain && !plain.Contains('*', StringComparison.Ordinal);

    /// <param name="origin">As a browser sends it; empty: whoever asks is none, and nobody's site.</param>
    /// <param name="own">The app's own, whose page may always send.</param>
    public static bool Allow(IReadOnlyList<string> origins, string origin, string own) =>
        origins.Count == 0 || origin.Length == 0 || origin.Equals(own, StringComparison.OrdinalIgnoreCase) || origins.Any(allowed => Matches(allowed, origin));

    // "https://*.shop.example" stands for every host below shop.example, not for shop.example.
    private static bool Matches(string allowed, string origin)
    {
        var star = allowed.IndexOf("://*.", StringComparison.Ordinal);
        return star < 0
            ? allowed.Equals(origin, StringComparison.OrdinalIgnoreCase)
            : origin.Length > allowed.Length - 1
              && origin.AsSpan().StartsWith(allowed.AsSpan(0, star + 3), StringComparison.OrdinalIgnoreCase)
              && origin.AsSpan(star + 3).EndsWith(allowed.AsSpan(star + 4), StringComparison.OrdinalIgnoreCase);
    }
}
