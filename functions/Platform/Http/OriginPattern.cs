namespace LeadFunctions.Platform.Http;

/// <summary>Sites by what a browser sends as their origin: one, or <c>https://*.shop.example</c> for every host below shop.example, not for shop.example.</summary>
internal static class OriginPattern
{
    private const string Star = "://*.";

    // An origin has no path, and a browser sends it in lower case without the default port: anything else would never match.
    public static bool IsOne(string? text) =>
        Plain(text) is { } plain && Uri.TryCreate(plain, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.GetLeftPart(UriPartial.Authority) == plain;

    /// <summary>With a host in the place of the star.</summary>
    public static string? Plain(string? text) => text?.Replace(Star, "://any.", StringComparison.Ordinal);

    public static bool Matches(string pattern, string origin)
    {
        var star = pattern.IndexOf(Star, StringComparison.Ordinal);
        return star < 0
            ? pattern.Equals(origin, StringComparison.OrdinalIgnoreCase)
            : origin.Length > pattern.Length - 1
              && origin.AsSpan().StartsWith(pattern.AsSpan(0, star + 3), StringComparison.OrdinalIgnoreCase)
              && origin.AsSpan(star + 3).EndsWith(pattern.AsSpan(star + 4), StringComparison.OrdinalIgnoreCase);
    }
}
