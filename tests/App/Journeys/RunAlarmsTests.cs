using LeadFunctions.Clock;
using LeadFunctions.Journeys.Runs;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The engine's time for a time of the app's.</summary>
public sealed class RunAlarmsTests
{
    private static readonly DateTimeOffset Monday = new(2030, 1, 7, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void With_a_real_clock_the_two_are_one_but_nothing_starts_further_ahead_than_storage_can_hide_a_message()
    {
        var alarms = new RunAlarms();
        var now = TimeProvider.System.GetUtcNow();

        Assert.Null(alarms.TimerFor(now.AddDays(90)));
        Assert.Equal(now.AddHours(-1), alarms.StartFor(now.AddHours(-1)));
        Assert.Equal(now.AddDays(5), alarms.StartFor(now.AddDays(5)));
        Assert.InRange(alarms.StartFor(now.AddDays(400)), now.AddDays(6), now.AddDays(7).AddMinutes(-1));
    }

    [Fact]
    public void With_a_clock_that_can_be_moved_a_timer_fires_when_what_is_left_is_over()
    {
        var real = new FakeTimeProvider();
        var clock = new MovableClock(real);
        clock.Set(new(Monday, real.GetUtcNow()));
        var alarms = new RunAlarms(clock);

        Assert.Equal(real.GetUtcNow().AddHours(3), alarms.TimerFor(Monday.AddHours(3)));
        Assert.Equal(real.GetUtcNow().AddHours(3), alarms.StartFor(Monday.AddHours(3)));
        Assert.Null(alarms.TimerFor(null));
    }
}
