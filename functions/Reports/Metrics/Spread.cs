namespace LeadFunctions.Reports.Metrics;

/// <summary>Where a quarter, half and three quarters of them are; null as long as so many have not come there.</summary>
/// <param name="Observed">Those whose number is known.</param>
/// <param name="Open">Those of whom it is only known that it is more.</param>
internal sealed record Spread(double? Lower, double? Median, double? Upper, int Observed, int Open)
{
    /// <summary>After Kaplan and Meier: who has not come there yet counts among those who may for as long as they have been on the way. To leave them out would make everything look quick.</summary>
    public static Spread Of(List<(double Number, bool IsOpen)> all)
    {
        all.Sort(); // of the same number those that are known come first
        var (left, share, observed) = (all.Count, 1.0, 0);
        double?[] quartiles = [null, null, null];
        foreach (var (number, isOpen) in all)
        {
            if (!isOpen)
            {
                observed++;
                share *= 1 - (1.0 / left);
                for (var i = 0; i < quartiles.Length; i++)
                {
                    quartiles[i] ??= share <= 0.75 - (0.25 * i) + 1e-12 ? number : null;
                }
            }

            left--;
        }

        return new(quartiles[0], quartiles[1], quartiles[2], observed, all.Count - observed);
    }
}
