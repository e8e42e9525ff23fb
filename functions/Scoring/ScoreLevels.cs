namespace LeadFunctions.Scoring;

/// <summary>The levels of engagement that a model names as worth telling: they are reached at or above.</summary>
internal static class ScoreLevels
{
    /// <summary>Those that are reached at one of the two and not at the other, in the order in which engagement passes them.</summary>
    /// <param name="levels">Rising.</param>
    public static IEnumerable<double> Crossed(IReadOnlyList<double> levels, double before, double after)
    {
        var crossed = levels.Where(level => before >= level != after >= level);
        return after < before ? crossed.Reverse() : crossed;
    }
}

/// <summary>A score counts as it is shown, in hundredths: who is shown with 20 has 20, wherever it is asked, and decay passes a level where what is shown does.</summary>
internal static class ShownScore
{
    /// <summary>Half of what is shown at the least: as far a value may be from what it is shown as.</summary>
    public const double Half = 0.005;

    /// <summary>Greater doubles have no hundredths to be rounded to.</summary>
    private const double Most = 1e13;

    /// <summary>To the nearest hundredth, half to even. Never falls where the score rises. What was rounded stays as it is, and is the very number that a document spells with two decimals.</summary>
    public static double Of(double score) => Math.Abs(score) < Most ? (Math.Round(score * 100, MidpointRounding.ToEven) / 100) + 0.0 : score; // adding zero makes -0 one
}
