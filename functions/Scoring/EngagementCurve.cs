namespace LeadFunctions.Scoring;

/// <summary>What is left of some points, and how it decays.</summary>
/// <param name="HalfLife">In milliseconds; infinite for what does not decay.</param>
/// <param name="Points">At the curve's time, or, of what is to come, at its own.</param>
/// <param name="From">Unix ms: of an event that lies in the future, from when on it counts; 0 for what counts already.</param>
internal readonly record struct CurvePart(double HalfLife, double Points, long From = 0);

/// <summary>
/// How engagement goes on while nothing happens but time passing, in a few numbers that know neither ledger nor model: of all points that decay at one pace the sum does, so
/// there is one part for each half-life. Beside <see cref="EngagementCourse"/> it is what can be kept for a million leads; it adds up in another order, and so may be
/// a hundredth off where what is shown is about to change.
/// </summary>
/// <param name="At">Unix ms: as of when.</param>
internal sealed record EngagementCurve(long At, IReadOnlyList<CurvePart> Parts)
{
    public static readonly EngagementCurve Zero = new(0, []);

    public bool Equals(EngagementCurve? other) => other is not null && At == other.At && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => HashCode.Combine(At, Parts.Count);

    /// <summary>The value at a time. Before <see cref="At"/> it is what it was then.</summary>
    /// <param name="cap">The live model's.</param>
    public static double ValueAt(ReadOnlySpan<CurvePart> parts, long at, long time, double cap)
    {
        var sum = 0.0;
        foreach (var part in parts)
        {
            var from = part.From == 0 ? at : part.From;
            sum += part.From > time ? 0 : part.Points * ScoreDecay.Factor(time - from, part.HalfLife);
        }
        return ShownScore.Of(Math.Max(0, Math.Min(sum, cap)));
    }

    /// <summary>Adds points to the part that decays as they do.</summary>
    public static void Add(List<CurvePart> parts, double halfLife, double points)
    {
        if (points == 0)
        {
            return;
        }
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].HalfLife == halfLife)
            {
                parts[i] = parts[i] with { Points = parts[i].Points + points };
                return;
            }
        }
        parts.Add(new(halfLife, points));
    }
}
