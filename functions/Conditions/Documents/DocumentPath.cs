namespace LeadFunctions.Conditions.Documents;

/// <summary>JSON paths as <see cref="DocumentError"/> shows them, and what a misspelt name was likely meant to be.</summary>
internal static class DocumentPath
{
    /// <summary><c>$.where.path</c>, or <c>$.where['context.page.path']</c> where the name is not a plain word.</summary>
    public static string Member(string path, string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $"{path}.{name}"
            : $"{path}['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>What to tell someone who wrote <paramref name="name"/>: the nearest of the known names, or all of them.</summary>
    public static string Suggest(string name, IReadOnlyList<string> known) =>
        Nearest(name, known) is { } nearest ? $"did you mean \"{nearest}\"?" : $"one of {string.Join(", ", known)}";

    /// <summary>Null when none is near.</summary>
    public static string? Nearest(string name, IReadOnlyList<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(name, candidate));
        return nearest is not null && Distance(name, nearest) <= Math.Max(nearest.Length > 2 ? 1 : 0, nearest.Length / 3) ? nearest : null;
    }

    // Edit distance ignoring case, a swap of neighbours counting once.
    private static int Distance(string left, string right)
    {
        if (left.Length > 40)
        {
            return int.MaxValue;
        }
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                rows[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (Same(i - 1, j - 1) ? 0 : 1)),
                };
                if (i > 1 && j > 1 && Same(i - 1, j - 2) && Same(i - 2, j - 1))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }
        return rows[left.Length, right.Length];

        bool Same(int i, int j) => char.ToLowerInvariant(left[i]) == char.ToLowerInvariant(right[j]);
    }
}
