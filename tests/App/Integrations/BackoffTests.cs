using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Integrations;

namespace LeadFunctions.Tests.Integrations;

/// <summary>When what failed is tried again, and when a target is spared.</summary>
public sealed class BackoffTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 0, "00:00:00.001")] // with the next minute that begins
    [InlineData(1, 1, "00:00:00.001")]
    [InlineData(2, 1, "00:01:30")]
    [InlineData(2, 0, "00:01:07.5")]
    [InlineData(3, 1, "00:04:30")]
    [InlineData(6, 1, "02:01:30")]
    [InlineData(7, 1, "06:00:00")]
    [InlineData(50, 1, "06:00:00")]
    [InlineData(50, 0, "04:30:00")]
    public void Waits_grow_threefold_up_to_six_hours_and_are_spread(int tries, double chance, string wait) =>
        Assert.Equal(TimeSpan.Parse(wait), Backoff.After(Start, tries, Start, chance) - Start);

    [Fact]
    public void The_last_try_is_three_days_after_the_event_and_there_is_none_after_it()
    {
        var end = Start + Backoff.Patience;

        Assert.Equal(end, Backoff.After(Start, 12, end.AddMinutes(-5), 0.5));
        Assert.Null(Backoff.After(Start, 13, end, 0.5));
    }

    [Fact]
    public void Whatever_chance_says_the_tries_go_on_for_three_days_and_are_few() => Prop.ForAll(
        Gen.Choose(0, 1000).ListOf(200).ToArbitrary(),
        chances =>
        {
            var (now, tries) = (Start, 0);
            foreach (var chance in chances)
            {
                if (Backoff.After(Start, ++tries, now, chance / 1000.0) is not { } next)
                {
                    break;
                }

                Assert.True(next > now);
                now = next;
            }

            return now == Start + Backoff.Patience && tries is > 14 and < 30;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_breaker_opens_after_five_failures_in_a_row_and_ever_longer_up_to_an_hour()
    {
        var breaker = Breaker.Closed;
        var open = new List<double>();
        for (var i = 0; i < 13; i++)
        {
            breaker = breaker.Failed(Start);
            open.Add(breaker.OpenUntil is { } until ? (until - Start).TotalMinutes : 0);
        }

        Assert.Equal([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60], open);
    }

    [Fact]
    public void An_open_breaker_lets_one_through_when_its_time_is_over_and_the_next_a_minute_later()
    {
        var breaker = new Breaker(Failures: 5, OpenUntil: Start);

        Assert.False(breaker.Allows(Start.AddTicks(-1), out _));
        Assert.True(breaker.Allows(Start, out var half));
        Assert.False(half.Allows(Start.AddSeconds(59), out _));
        Assert.True(half.Allows(Start.AddMinutes(1), out _));
        Assert.True(Breaker.Closed.Allows(Start, out var closed) && closed == Breaker.Closed);
        Assert.True(half.Failed(Start).OpenUntil > Start.AddMinutes(1));
    }
}
