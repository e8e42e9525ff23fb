using LeadFunctions.Local.Functions.Time;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class VirtualClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Time_is_not_moved_before_the_triggers_have_started()
    {
        using var clock = new VirtualClock();
        clock.Freeze();
        var before = clock.GetUtcNow();
        var started = new TaskCompletionSource();
        clock.Started = started.Task;

        var advance = clock.AdvanceAsync(TimeSpan.FromDays(1));
        var settle = clock.SettleAsync();
        Assert.Equal(before, clock.GetUtcNow());
        Assert.False(advance.IsCompleted || settle.IsCompleted);

        started.SetResult();
        await Task.WhenAll(advance, settle);
        Assert.Equal(before.AddDays(1), clock.GetUtcNow());
    }

    [Fact]
    public async Task Time_runs_with_real_time_until_it_is_frozen()
    {
        using var clock = new VirtualClock();
        var before = TimeProvider.System.GetUtcNow();
        Assert.InRange(clock.GetUtcNow(), before, before.AddSeconds(5));

        clock.Freeze();
        var frozen = clock.GetUtcNow();
        await Task.Delay(20);
        Assert.Equal(frozen, clock.GetUtcNow());

        clock.Unfreeze();
        await Task.Delay(TimeSpan.FromMilliseconds(20), clock);
        Assert.InRange(clock.GetUtcNow(), frozen.AddMilliseconds(20), frozen.AddSeconds(5));
    }

    [Fact]
    public async Task Advancing_stops_at_each_timer_in_turn()
    {
        using var clock = Frozen();
        var log = new List<string>();
        var slow = Note(TimeSpan.FromHours(2), "slow");
        var fast = Note(TimeSpan.FromMinutes(1), "fast");

        var advanced = await clock.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(["fast at 10:01", "slow at 12:00"], log);
        Assert.Equal(Start.AddDays(1), advanced.Now);
        Assert.Equal(Start.AddDays(1), clock.GetUtcNow());
        await Task.WhenAll(slow, fast);

        async Task Note(TimeSpan delay, string name)
        {
            await Task.Delay(delay, clock);
            log.Add($"{name} at {clock.GetUtcNow():HH:mm}");
        }
    }

    [Fact]
    public async Task What_a_timer_starts_is_due_in_its_turn()
    {
        using var clock = Frozen();
        var log = new List<string>();
        var chain = Chain();

        await clock.AdvanceAsync(TimeSpan.FromMinutes(3.5));

        Assert.Equal(["10:01", "10:02", "10:03"], log);
        Assert.False(chain.IsCompleted);

        async Task Chain()
        {
            for (var i = 0; i < 5; i++)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), clock);
                log.Add($"{clock.GetUtcNow():HH:mm}");
            }
        }
    }

    [Fact]
    public async Task A_period_ticks_at_its_multiples()
    {
        using var clock = Frozen();
        var ticks = new List<DateTimeOffset>();
        await using var timer = clock.CreateTimer(_ => ticks.Add(clock.GetUtcNow()), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));

        await clock.AdvanceAsync(TimeSpan.FromSeconds(130));

        Assert.Equal([Start.AddSeconds(10), Start.AddSeconds(70), Start.AddSeconds(130)], ticks);
    }

    [Fact]
    public async Task A_disposed_or_changed_timer_does_not_fire()
    {
        using var clock = Frozen();
        var fired = new List<string>();
        var disposed = clock.CreateTimer(_ => fired.Add("disposed"), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        await using var changed = clock.CreateTimer(_ => fired.Add($"changed at {clock.GetUtcNow():ss}"), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        await disposed.DisposeAsync();
        changed.Change(TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);

        await clock.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["changed at 20"], fired);
        Assert.False(disposed.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_running_clock_fires_timers_in_real_time()
    {
        using var clock = new VirtualClock();
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(1, 50).Select(i => Task.Delay(TimeSpan.FromMilliseconds(i * 2), clock)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(99), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_clock_that_was_advanced_runs_on_from_there()
    {
        using var clock = new VirtualClock();
        await clock.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.InRange(clock.Ahead, TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1), TimeSpan.FromDays(3) + TimeSpan.FromSeconds(5));
        var before = clock.GetUtcNow();
        await Task.Delay(TimeSpan.FromMilliseconds(10), clock);
        Assert.True(clock.GetUtcNow() - before >= TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public async Task Time_does_not_go_back()
    {
        using var clock = Frozen();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => clock.AdvanceToAsync(Start.AddSeconds(-1)));
        await clock.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(Start.AddSeconds(1), clock.GetUtcNow());
    }

    [Fact]
    public async Task Elapsed_time_is_virtual_too()
    {
        using var clock = Frozen();
        var from = clock.GetTimestamp();
        await clock.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), clock.GetElapsedTime(from));
    }

    [Fact]
    public async Task An_advanced_clock_is_kept_for_the_next_process()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}", "clock");
        using (var first = new VirtualClock())
        {
            first.Keep(path);
            await first.AdvanceAsync(TimeSpan.FromDays(10));
        }

        using (var second = new VirtualClock())
        {
            second.Keep(path);
            Assert.InRange(second.Ahead, TimeSpan.FromDays(10) - TimeSpan.FromSeconds(1), TimeSpan.FromDays(10) + TimeSpan.FromSeconds(5));
            second.FreezeAt(Start);
        }

        using var third = new VirtualClock();
        third.Keep(path);
        Assert.True(third.IsFrozen);
        Assert.Equal(Start, third.GetUtcNow());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Many_timers_that_are_given_up_do_not_pile_up()
    {
        using var clock = Frozen();
        for (var i = 0; i < 50_000; i++)
        {
            using var source = new CancellationTokenSource(TimeSpan.FromDays(1), clock);
        }

        Assert.InRange(clock.ScheduledCount, 0, 5_000);
        await clock.AdvanceAsync(TimeSpan.FromDays(2));
    }

    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("5m", "00:05:00")]
    [InlineData("3h", "03:00:00")]
    [InlineData("2d", "2.00:00:00")]
    [InlineData("1w", "7.00:00:00")]
    [InlineData("1d12h", "1.12:00:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("250ms", "00:00:00.250")]
    [InlineData("PT5M", "00:05:00")]
    [InlineData("P1DT2H", "1.02:00:00")]
    [InlineData("1.02:03:04", "1.02:03:04")]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("d", null)]
    [InlineData("5y", null)]
    [InlineData("-5m", null)]
    [InlineData("PX", null)]
    [InlineData("1..5h", null)]
    public void Durations_are_read_as_people_write_them(string text, string? expected) =>
        Assert.Equal(expected is null ? null : TimeSpan.Parse(expected), LocalDuration.Find(text));

    private static VirtualClock Frozen()
    {
        var clock = new VirtualClock();
        clock.FreezeAt(Start);
        return clock;
    }
}
