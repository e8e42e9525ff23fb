namespace LeadFunctions.Segments;

/// <summary>Something that a lead has or did.</summary>
/// <param name="Kind"><c>trait</c>, <c>source</c>, <c>event</c>, <c>stage</c> or <c>grade</c>.</param>
/// <param name="Value">Of a trait, or of what says where it came from.</param>
internal readonly record struct LeadFeature(string Kind, string Name, string? Value = null);

/// <summary>How much more usual something is in one segment than in another.</summary>
/// <param name="A">Share of those in the first, from 0 to 1.</param>
/// <param name="Difference">A less B.</param>
/// <param name="Low">The difference among all such people is between this and <paramref name="High"/>, with a confidence of 95 %.</param>
internal sealed record SegmentDifference(string Kind, string Name, string? Value, double A, double B, double Difference, double Low, double High);

/// <summary>What sets two groups of leads apart: the share of each that has something, and whether the difference may be chance.</summary>
internal sealed class SegmentComparison
{
    /// <summary>Of 95 %.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>Values that hardly two people share fill no more than this: they set no groups apart.</summary>
    private const int MostFeatures = 50_000;

    private readonly Dictionary<LeadFeature, (int A, int B)> _counts = [];

    public int InA { get; private set; }

    public int InB { get; private set; }

    public void Add(bool isA, IEnumerable<LeadFeature> features)
    {
        (InA, InB) = isA ? (InA + 1, InB) : (InA, InB + 1);
        foreach (var feature in features.Distinct())
        {
            if (_counts.TryGetValue(feature, out var count) || _counts.Count < MostFeatures)
            {
                _counts[feature] = isA ? (count.A + 1, count.B) : (count.A, count.B + 1);
            }
        }
    }

    /// <summary>The largest differences that are hardly chance, largest first.</summary>
    public IReadOnlyList<SegmentDifference> Differences(int most)
    {
        if (InA == 0 || InB == 0)
        {
            return [];
        }

        var all = from count in _counts
                  let difference = Of(count.Key, count.Value.A, InA, count.Value.B, InB)
                  where difference.Low > 0 || difference.High < 0
                  orderby Math.Abs(difference.Difference) descending, difference.Kind, difference.Name, difference.Value
                  select difference;
        return [.. all.Take(most)];
    }

    /// <summary>The interval is Newcombe's, of two of Wilson's: right for small groups, and for shares near none and all.</summary>
    internal static SegmentDifference Of(LeadFeature feature, int a, int inA, int b, int inB)
    {
        var (shareA, lowA, highA) = Wilson(a, inA);
        var (shareB, lowB, highB) = Wilson(b, inB);
        var difference = shareA - shareB;
        return new(
            feature.Kind, feature.Name, feature.Value, shareA, shareB, difference,
            difference - Math.Sqrt(Square(shareA - lowA) + Square(highB - shareB)), difference + Math.Sqrt(Square(highA - shareA) + Square(shareB - lowB)));
    }

    private static (double Share, double Low, double High) Wilson(int count, int all)
    {
        var share = (double)count / all;
        var (middle, half) = (share + (Z * Z / (2 * all)), Z * Math.Sqrt((share * (1 - share) / all) + (Z * Z / (4.0 * all * all))));
        var whole = 1 + (Z * Z / all);
        return (share, (middle - half) / whole, (middle + half) / whole);
    }

    private static double Square(double number) => number * number;
}
