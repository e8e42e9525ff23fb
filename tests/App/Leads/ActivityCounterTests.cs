using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Leads;

namespace LeadFunctions.Tests.Leads;

public sealed class ActivityCounterTests
{
    private const long Hour = 3_600_000;
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(4711, 13);
    private static readonly Gen<long[]> Times = Gen.Choose(0, 500 * 24 * 60).Select(minute => 1_700_000_000_000 + minute * 60_000L).ArrayOf();

    [Fact]
    public void The_order_of_arrival_leaves_no_trace() => Prop.ForAll(
        (from times in Times from shuffled in Gen.Shuffle(times) select (times, shuffled)).ToArbitrary(),
        pair => Assert.Equal(Text(Of(pair.times)), Text(Of(pair.shuffled)))).Check(Fixed);

    [Fact]
    public void The_sum_of_two_counters_is_the_counter_of_both() => Prop.ForAll(
        (from a in Times from b in Times select (a, b)).ToArbitrary(),
        pair => Assert.Equal(Text(Of([.. pair.a, .. pair.b])), Text(ActivityCounter.Sum(Of(pair.a), Of(pair.b))))).Check(Fixed);

    [Fact]
    public void Counts_by_the_hour_for_two_days_and_by_the_day_before()
    {
        var last = 1_700_000_000_000 / Hour * Hour;
        var counter = Of([last, last - Hour, last - 47 * Hour, last - 80 * Hour]);

        Assert.Equal(4, counter.Total);
        Assert.Equal(1, counter.Between(last, last + 1));
        Assert.Equal(2, counter.Between(last - Hour, last + 1));
        Assert.Equal(3, counter.Between(last - 48 * Hour, last + 1));
        Assert.Equal(4, counter.Between(last - 400 * 24 * Hour, last + 1));
        Assert.Equal(0, counter.Between(last + Hour, last + 2 * Hour));
        Assert.Single(counter.Days);
    }

    private static ActivityCounter Of(long[] times)
    {
        var counter = new ActivityCounter();
        foreach (var time in times)
        {
            counter.Add(time);
        }

        return counter;
    }

    private static string Text(ActivityCounter counter) => JsonSerializer.Serialize(counter);
}
