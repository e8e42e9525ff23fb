using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Facts;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Leads;

public sealed class ActivityCounterTests
{
    private const long Hour = 3_600_000;
    private const long Start = 1_700_000_000_000;
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(4711, 13);
    private static readonly Gen<long[]> Times = Gen.Choose(0, 500 * 24 * 60).Select(minute => Start + minute * 60_000L).ArrayOf();

    [Fact]
    public void The_order_of_arrival_leaves_no_trace() => Prop.ForAll(
        (from times in Times from shuffled in Gen.Shuffle(times) select (times, shuffled)).ToArbitrary(),
        pair => Assert.Equal(Text(Of(pair.times)), Text(Of(pair.shuffled)))).Check(Fixed);

    [Fact]
    public void The_sum_of_two_counters_is_the_counter_of_both() => Prop.ForAll(
        (from a in Times from b in Times select (a, b)).ToArbitrary(),
        pair => Assert.Equal(Text(Of([.. pair.a, .. pair.b])), Text(ActivityCounter.Sum(Of(pair.a), Of(pair.b))))).Check(Fixed);

    [Fact]
    public void Counts_are_exact_to_the_millisecond() => Prop.ForAll(
        (from times in Times from window in Gen.Choose(0, 500 * 24 * 60).Two() select (times, window)).ToArbitrary(),
        drawn =>
        {
            var counter = Read(Text(Of(drawn.times)));
            var (from, to) = (Start + (drawn.window.Item1 * 60_000L), Start + (drawn.window.Item2 * 60_000L));

            Assert.Equal(drawn.times.Count(ms => ms >= from && ms <= to), counter.Between(from, to));
            Assert.Equal(drawn.times.Count(ms => ms > from && ms < to), counter.Between(from + 1, to - 1));
            Assert.True(counter.IsExact(from, to));
            Assert.Equal(drawn.times.Where(ms => ms >= from).Select(ms => (ms, ms + 1)).Order(), counter.Spans(from));
        }).Check(Fixed);

    [Fact]
    public void Of_what_is_beyond_its_share_the_day_remains()
    {
        var counter = Of([Start, Start + Hour, Start + (30 * Hour), Start + (90 * Hour)]);

        counter.KeepNewest(1);

        Assert.Equal((4, 1), (counter.Total, counter.Times.Count));
        Assert.Equal(4, counter.Between(long.MinValue, long.MaxValue));
        Assert.Equal((1, true), (counter.Between(Start + (80 * Hour), Start + (90 * Hour)), counter.IsExact(Start + (80 * Hour), Start + (90 * Hour))));
        Assert.Equal((2, false), (counter.Between(Start, Start + 1), counter.IsExact(Start, Start + 1)));
        Assert.Equal((0, true), (counter.Between(Start - 5, Start - 1), counter.IsExact(Start - 5, Start - 1)));
        Assert.Contains((Start, Start + 1), counter.Spans(Start));
    }

    [Fact]
    public void Which_times_are_kept_does_not_depend_on_order_or_batching()
    {
        var random = new Random(5);
        var events = Enumerable.Range(0, 70_000).Select(i => (Name: "n" + (int)Math.Min(random.Next(20), random.Next(20)), Ms: Start + random.NextInt64(900 * 24 * Hour))).ToArray();
        var texts = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var record = new LeadRecord();
            foreach (var batch in events.Chunk(round == 0 ? 70_000 : 7_000))
            {
                record = record.Copy();
                foreach (var (name, ms) in batch)
                {
                    record.Count(name, ms, ScoringModels.None);
                }
            }

            Assert.InRange(record.Activity.Values.Sum(counter => counter.Times.Count), 65_500, 65_536);
            Assert.All(record.Activity.Values, counter => Assert.True(counter.Times.Count == counter.Total || counter.Times.Count > 1_000));
            texts.Add(string.Join('\n', record.Activity.OrderBy(name => name.Key).Select(name => name.Key + Text(name.Value))));
            random.Shuffle(events);
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public void A_counter_of_an_earlier_build_keeps_its_hours_and_days_and_counts_exactly_from_then_on()
    {
        var counter = Read("""{"n":7,"f":1699450000000,"l":1700000400000,"h":{"472200":1,"472222":2},"d":{"19669":1,"19671":3}}""").CopyFor(null);
        counter.Add(1_700_500_000_000);
        counter.Add(1_700_500_000_001);

        Assert.Equal(9, counter.Between(0, long.MaxValue));
        Assert.Equal(1, counter.Between(1_700_500_000_001, 1_700_600_000_000));
        Assert.Equal((4, true), (counter.Between(1_700_000_000_000 / Hour * Hour, 1_700_600_000_000), counter.IsExact(1_700_000_000_000 / Hour * Hour, 1_700_600_000_000)));
        Assert.Equal((4, false), (counter.Between(1_700_000_000_000, 1_700_600_000_000), counter.IsExact(1_700_000_000_000, 1_700_600_000_000)));
        Assert.Equal(Text(counter), Text(Read(Text(counter))));
    }

    [Fact]
    public void A_time_takes_a_few_bytes()
    {
        var random = new Random(7);
        var hourly = Of([.. Enumerable.Range(0, 1_000).Select(_ => Start + random.NextInt64(1_000 * Hour))]);
        var daily = Of([.. Enumerable.Range(0, 400).Select(_ => Start + random.NextInt64(400 * 24 * Hour))]);

        Assert.InRange(Bytes(hourly), 3_000, 4_000);
        Assert.InRange(Bytes(daily), 1_500, 1_700);

        static int Bytes(ActivityCounter counter) => Convert.FromBase64String(JsonSerializer.Serialize(counter.Times).Trim('"').Replace("\\u002B", "+", StringComparison.Ordinal)).Length;
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

    private static ActivityCounter Read(string json) => JsonSerializer.Deserialize<ActivityCounter>(json)!; // it is not null

    private static string Text(ActivityCounter counter) => JsonSerializer.Serialize(counter);
}
