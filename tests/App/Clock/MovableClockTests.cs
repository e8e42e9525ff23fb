using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Clock;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Clock;

/// <summary>What a movable clock shows of real time, and when timers of real time are to fire for it.</summary>
public sealed class MovableClockTests
{
    private static readonly DateTimeOffset Monday = new(2030, 1, 7, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _real = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MovableClock _clock;

    public MovableClockTests() => _clock = new(_real);

    [Fact]
    public void A_clock_that_was_never_moved_shows_real_time()
    {
        Assert.Equal(_real.GetUtcNow(), _clock.GetUtcNow());
        Assert.Equal(_real.GetTimestamp(), _clock.GetTimestamp());
    }

    [Fact]
    public void A_clock_that_stands_shows_the_same_until_it_is_moved()
    {
        _clock.Set(new(Monday, null));
        _real.Advance(TimeSpan.FromHours(5));

        Assert.Equal(Monday, _clock.GetUtcNow());
    }

    [Fact]
    public void A_clock_goes_on_with_real_time_from_the_moment_that_its_row_says()
    {
        _clock.Set(new(Monday, _real.GetUtcNow().AddSeconds(10)));

        _real.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Monday, _clock.GetUtcNow());
        _real.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(Monday.AddSeconds(7), _clock.GetUtcNow());
    }

    [Fact]
    public void Elapsed_time_goes_on_while_the_clock_stands_and_jumps_when_it_is_moved()
    {
        _clock.Set(new(Monday, null));
        var started = _clock.GetTimestamp();

        _real.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.GetElapsedTime(started));
        _clock.Set(new(Monday.AddDays(14), null));
        Assert.Equal(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(3), _clock.GetElapsedTime(started));
    }

    [Fact]
    public void Elapsed_time_never_shrinks()
    {
        var started = _clock.GetTimestamp();
        _clock.Set(new(Monday, null));
        _clock.Set(new(Monday.AddYears(-20), null));

        Assert.True(_clock.GetElapsedTime(started) >= Monday - _real.GetUtcNow());
    }

    [Fact]
    public void A_timer_fires_after_what_is_left_of_the_app_s_time()
    {
        _clock.Set(new(Monday, _real.GetUtcNow()));
        _real.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(_real.GetUtcNow().AddMinutes(59), _clock.RealTimeOf(Monday.AddHours(1)));
        Assert.Equal(_real.GetUtcNow().AddMinutes(-1), _clock.RealTimeOf(Monday)); // at once
    }

    [Theory]
    [InlineData(true, 1)] // who could say when it comes?
    [InlineData(true, 100_000)]
    [InlineData(false, 100_000)]
    public void A_timer_looks_again_after_a_day_at_the_latest(bool stands, int hours)
    {
        _clock.Set(new(Monday, stands ? null : _real.GetUtcNow()));

        Assert.Equal(_real.GetUtcNow().AddDays(1), _clock.RealTimeOf(Monday.AddHours(hours)));
    }

    [Fact]
    public void The_end_of_all_time_can_be_waited_for()
    {
        _clock.Set(new(DateTimeOffset.UnixEpoch, _real.GetUtcNow()));

        Assert.Equal(_real.GetUtcNow().AddDays(1), _clock.RealTimeOf(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void It_never_goes_back_while_nobody_moves_it() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(int From, int GoesOn, bool Stands, PositiveInt Step)>(),
            given =>
            {
                var state = new ClockState(Monday.AddSeconds(given.From), given.Stands ? null : Monday.AddSeconds(given.GoesOn));
                var (before, after) = (state.At(Monday), state.At(Monday.AddSeconds(given.Step.Get)));
                return after >= before && after - before <= TimeSpan.FromSeconds(given.Step.Get);
            }).QuickCheckThrowOnFailure();
}
