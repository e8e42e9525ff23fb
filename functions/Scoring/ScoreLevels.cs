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
