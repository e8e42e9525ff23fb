using LeadFunctions.Segments;

namespace LeadFunctions.Tests.Segments;

/// <summary>What sets two groups apart, and what may be chance.</summary>
public sealed class SegmentComparisonTests
{
    [Theory]
    [InlineData(56, 70, 48, 80, 0.2, 0.0524, 0.3339)] // Newcombe 1998, method 10
    [InlineData(6, 7, 2, 7, 0.5714, 0.0582, 0.8062)]
    [InlineData(5, 56, 0, 29, 0.0893, -0.0381, 0.1926)]
    public void A_difference_has_the_interval_of_the_literature(int a, int inA, int b, int inB, double difference, double low, double high)
    {
        var found = SegmentComparison.Of(new("event", "x"), a, inA, b, inB);

        Assert.Equal((difference, low, high), (Math.Round(found.Difference, 4), Math.Round(found.Low, 4), Math.Round(found.High, 4)));
    }

    [Fact]
    public void What_may_be_chance_is_left_out_and_the_largest_difference_comes_first()
    {
        var comparison = new SegmentComparison();
        for (var i = 0; i < 100; i++)
        {
            comparison.Add(true, [new("trait", "country", i < 80 ? "PL" : "FR"), .. i < 50 ? [new LeadFeature("event", "Demo Requested")] : Array.Empty<LeadFeature>(), new("trait", "id", $"a{i}"), new("stage", "lead"), new("stage", "lead")]);
            comparison.Add(false, [new("trait", "country", i < 20 ? "PL" : "FR"), .. i < 48 ? [new LeadFeature("event", "Visit")] : Array.Empty<LeadFeature>(), new("trait", "id", $"b{i}"), new("stage", "lead")]);
        }

        Assert.Equal(["country FR -0.6", "country PL 0.6", "Demo Requested  0.5", "Visit  -0.48"], comparison.Differences(10).Select(one => FormattableString.Invariant($"{one.Name} {one.Value} {Math.Round(one.Difference, 2)}")));
        Assert.Equal(2, comparison.Differences(2).Count);
        Assert.Empty(new SegmentComparison().Differences(9));
    }
}
