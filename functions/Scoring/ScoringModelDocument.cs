using System.Text.Json;
using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>A scoring model as a marketer wrote it, checked.</summary>
/// <param name="Cap">Engagement is never shown above it; null for no cap.</param>
internal sealed record ScoringModelDocument(
    string Name,
    string? Description,
    double? Cap,
    IReadOnlyDictionary<string, ScoringGroup> Groups,
    IReadOnlyList<ScoringRule> Rules,
    FitDocument? Fit)
{
    /// <summary>All mistakes at once; the document is null when there is any.</summary>
    public static (ScoringModelDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json) => throw new NotImplementedException();

    /// <summary>As above, from UTF-8 text; text that is not JSON is one more mistake, at <c>$</c>.</summary>
    public static (ScoringModelDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();
}

internal sealed record ScoringGroup(string Name, double Cap);

/// <summary>A rule that turns events into engagement points.</summary>
/// <param name="HalfLife">The time in which what it gave loses half its worth; null: never.</param>
internal sealed record ScoringRule(string Id, string? Name, Condition When, double Points, Duration? HalfLife, string? Group, double? Cap, Repeat Repeat);

/// <summary>How often a rule gives points for the same lead. Decided by event time, whatever the order of arrival.</summary>
internal abstract record Repeat
{
    private Repeat()
    {
    }

    public sealed record Always : Repeat;

    /// <summary>Only the earliest event.</summary>
    public sealed record Once : Repeat;

    /// <summary>Only the earliest event for each value of a property; events without the property count as one value.</summary>
    public sealed record OncePer(string Path) : Repeat;

    /// <summary>An event for which fewer than <paramref name="Max"/> gave points in the window before it.</summary>
    public sealed record Limited(int Max, Duration Per) : Repeat;
}

internal sealed record FitDocument(FitGrades Grades, IReadOnlyList<FitRule> Rules);

/// <summary>The lowest score of each grade; below <see cref="D"/> is F.</summary>
internal sealed record FitGrades(double A, double B, double C, double D);

internal sealed record FitRule(string Id, string? Name, Condition When, double Points);
