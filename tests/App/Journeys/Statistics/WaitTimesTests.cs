using LeadFunctions.Journeys.Statistics;

namespace LeadFunctions.Tests.Journeys.Statistics;

public sealed class WaitTimesTests
{
    [Fact]
    public void Few_different_lengths_are_kept_to_the_second()
    {
        var counters = Of([.. Enumerable.Repeat(3600L, 1000), .. Enumerable.Repeat(7200L, 1000), 259_200]);

        Assert.Equal(new Waited(2001, 7200, true), WaitTimes.Of(counters)["s"]);
        Assert.Equal(new Waited(2, 5400, true), WaitTimes.Of(Of([3600, 7200]))["s"]);
    }

    [Fact]
    public void Many_are_kept_in_a_bounded_number_of_buckets_that_know_the_median_to_one_per_cent()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            List<long> lengths = [.. Enumerable.Range(0, 2001).Select(_ => (long)Math.Exp(random.NextDouble() * 18))];

            var waited = WaitTimes.Of(Of(lengths))["s"];

            lengths.Sort();
            Assert.Equal((2001L, false), (waited.Count, waited.Exact));
            Assert.InRange(waited.Median, (lengths[1000] * 0.985) - 1, (lengths[1000] * 1.015) + 1);
        }

        Assert.InRange(Of([.. Enumerable.Range(0, 100_000).Select(i => (long)i * i)]).All.Count, 100, 1200);
    }

    [Fact]
    public void Added_in_any_order_and_taken_away_again_they_count_the_same()
    {
        List<long> lengths = [.. Enumerable.Range(1, 200).Select(i => (long)i * 97)];
        var (up, down) = (Of(lengths), Of([.. lengths.AsEnumerable().Reverse()]));
        var back = Of(lengths);
        foreach (var length in lengths.Skip(10))
        {
            back = WaitTimes.Bounded(back.Add(WaitTimes.Exact("s", TimeSpan.FromSeconds(length)), -1));
        }

        Assert.True(up.IsSameAs(down));
        Assert.False(back.IsSameAs(Of(lengths[..10]))); // by buckets, and to the second
        Assert.True(WaitTimes.AreSame(back, Of(lengths[..10])));
        Assert.False(WaitTimes.AreSame(back, Of(lengths[..11])));
    }

    [Fact]
    public void Each_second_up_to_a_year_is_in_the_bucket_that_it_lies_in()
    {
        Assert.Equal((0, 1, 36), (WaitTimes.BucketOf(0), WaitTimes.BucketOf(1), WaitTimes.BucketOf(2)));
        for (var (seconds, last) = (1L, 0); seconds < 31_622_400; seconds += 1 + (seconds / 50))
        {
            var bucket = WaitTimes.BucketOf(seconds);
            Assert.True(bucket >= last);
            Assert.InRange(seconds, Math.Pow(1.02, bucket - 1) * 0.999_999, Math.Pow(1.02, bucket) * 1.000_001);
            last = bucket;
        }
    }

    private static Counters Of(IEnumerable<long> lengths)
    {
        var counters = new Counters();
        foreach (var length in lengths)
        {
            counters = WaitTimes.Bounded(counters.Add(WaitTimes.Exact("s", TimeSpan.FromSeconds(length))));
        }

        return counters;
    }
}
