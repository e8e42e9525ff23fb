using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Interests;

namespace LeadFunctions.Scoring;

/// <summary>A scoring model as a marketer wrote it, checked.</summary>
/// <param name="Cap">Engagement is never shown above it; null for no cap.</param>
/// <param name="Fit">Null when the model scores engagement only.</param>
/// <param name="Thresholds">Levels of engagement that the world is told of when a lead crosses them, rising.</param>
/// <param name="Interests">What leads are interested in, and how that is seen.</param>
internal sealed record ScoringModelDocument(
    string Name,
    string? Description,
    double? Cap,
    IReadOnlyDictionary<string, ScoringGroup> Groups,
    IReadOnlyList<ScoringRule> Rules,
    FitDocument? Fit,
    IReadOnlyList<double> Thresholds,
    InterestRules Interests)
{
    /// <summary>All mistakes at once; the document is null when any makes it unreadable.</summary>
    public static (ScoringModelDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json) => DocumentText.Read(json, ParseUnicode, error => (null, [error]));

    /// <summary>As above, from text.</summary>
    public static (ScoringModelDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) =>
        DocumentText.Read(utf8, Parse, error => (null, [error]));

    private static (ScoringModelDocument? Document, IReadOnlyList<DocumentError> Errors) ParseUnicode(JsonElement json)
    {
        var parser = new ScoringModelParser();
        var document = parser.Parse(json);
        parser.Errors.AddRange(PatternsGivenUp.TooMany(json) is { } tooMany ? [tooMany] : []);
        return (DocumentError.Grave(parser.Errors) == 0 ? document : null, parser.Errors);
    }
}

internal sealed record ScoringGroup(string Name, double Cap);

/// <summary>A rule that turns events into engagement points.</summary>
/// <param name="Id">In lower case: ids differ by more than case.</param>
/// <param name="Points">What an event gives; by amount, what each full <see cref="PointsByAmount.Each"/> of it gives.</param>
/// <param name="HalfLife">The time in which what it gave loses half its worth; null: never.</param>
/// <param name="ByAmount">Null: each event gives the same.</param>
internal sealed record ScoringRule(string Id, string? Name, Condition When, double Points, Duration? HalfLife, string? Group, double? Cap, Repeat Repeat, PointsByAmount? ByAmount = null)
{
    /// <param name="units">How many full ones the event brought; not asked where each event gives the same.</param>
    public double PointsOf(long units) => ByAmount is null ? Points : units == 0 ? 0 : Math.Sign(Points) * Math.Min(Math.Abs(Points) * units, ByAmount.Max);

    /// <summary>So many full ones are in an amount, as far as they count: whole numbers, which can be kept small and decide between events of one millisecond.</summary>
    public long UnitsOf(double amount) => ByAmount is null || amount < 0 ? 0
        : (long)Math.Min(Math.Floor((decimal)Math.Min(amount, MostAmount) / ByAmount.Each), (decimal)Math.Ceiling(ByAmount.Max / Math.Abs(Points)));

    // Of so much a decimal of 15 digits knows every whole one; in decimals 0.3 holds three times 0.1.
    private const double MostAmount = 1e12;
}

/// <summary>That a rule gives points by an amount which the event names.</summary>
/// <param name="Path">Of the property, as in conditions.</param>
/// <param name="Max">The most that one event gives, or takes.</param>
internal sealed record PointsByAmount(string Path, decimal Each, double Max);

/// <summary>
/// How often a rule gives points for the same lead. Decided by event time (then event id), whatever the order of arrival, and before caps: an event
/// that a cap left nothing of has still been the one that counts. An event that the lead's facts exclude has not.
/// </summary>
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

    /// <summary>An event for which fewer than <paramref name="Max"/> counted in the window that ends with it.</summary>
    public sealed record Limited(int Max, Duration Per) : Repeat;
}

internal sealed record FitDocument(FitGrades Grades, IReadOnlyList<FitRule> Rules);

/// <summary>The lowest score of each grade; below <see cref="D"/> is F.</summary>
internal sealed record FitGrades(double A, double B, double C, double D)
{
    public static readonly FitGrades Default = new(80, 60, 40, 20);

    public string Of(double score) => score >= A ? "A" : score >= B ? "B" : score >= C ? "C" : score >= D ? "D" : "F";
}

internal sealed record FitRule(string Id, string? Name, Condition When, double Points);
