using System.Diagnostics;
using LeadFunctions.Local.Functions.Time;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class TimerTriggerTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 10, 0, 30, TimeSpan.Zero);

    [Fact]
    public async Task A_timer_function_runs_at_each_time_of_its_schedule()
    {
        await using var app = await SampleApp.StartAsync(["EveryMinute"], now: Start);

        var advanced = await app.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal([Start.AddSeconds(30), Start.AddSeconds(90), Start.AddSeconds(150)], app.Seen().Times);
        Assert.Equal([new Ran("EveryMinute", 3)], advanced.Ran);
        var timer = app.Seen().Timers.Last();
        Assert.False(timer.IsPastDue);
        Assert.Equal(Start.AddSeconds(90).UtcDateTime, timer.ScheduleStatus!.Last);
        Assert.Equal(Start.AddSeconds(150).UtcDateTime, timer.ScheduleStatus.Next);
    }

    [Fact]
    public async Task A_schedule_may_come_from_a_setting_and_run_at_startup()
    {
        await using var app = await SampleApp.StartAsync(["Nightly"], new() { ["NightlySchedule"] = "0 0 3 * * *" }, now: Start);
        await app.SettleAsync();
        Assert.Equal([Start], app.Seen().Times);

        await app.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal([Start, new(2026, 12, 2, 3, 0, 0, TimeSpan.Zero), new(2026, 12, 3, 3, 0, 0, TimeSpan.Zero)], app.Seen().Times);
    }

    [Fact]
    public async Task A_run_missed_while_the_app_was_down_is_made_up_for_at_the_start()
    {
        var data = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        await using (var first = await SampleApp.StartAsync(["EveryMinute"], now: Start, data: data))
        {
            await first.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        File.Delete(Path.Combine(data, "clock"));
        await using (var second = await SampleApp.StartAsync(["EveryMinute"], now: Start.AddHours(1), data: data))
        {
            await second.SettleAsync();
            Assert.True(Assert.Single(second.Seen().Timers).IsPastDue);
            await second.AdvanceAsync(TimeSpan.FromMinutes(1));
            Assert.False(second.Seen().Timers.Last().IsPastDue);
        }

        await using (var third = await SampleApp.StartAsync(["EveryMinute"], now: Start, data: data))
        {
            await third.SettleAsync();
            Assert.Empty(third.Seen().Timers);
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_timer_function_never_overlaps_itself()
    {
        await using var app = await SampleApp.StartAsync(["EveryMinute"], now: Start);
        var time = (VirtualClock)app.Services.GetService(typeof(VirtualClock))!;
        var (running, most) = (0, 0);
        app.Seen().OnTimer = async cancellationToken =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(TimeSpan.FromMinutes(2.25), time, cancellationToken);
            Interlocked.Decrement(ref running);
        };

        await app.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(1, most);
        Assert.Equal(4, app.Seen().Times.Count);
    }

    [Fact]
    public async Task A_failing_timer_function_runs_again_at_its_next_time()
    {
        await using var app = await SampleApp.StartAsync(["EveryMinute"], now: Start);
        app.ExpectErrors();
        app.Seen().OnTimer = _ => throw new InvalidOperationException("broken");

        await app.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(2, app.Seen().Times.Count);
        Assert.Equal(2, app.Logs.Errors.Count);
    }

    [Fact]
    public async Task Messages_that_a_timer_sends_are_worked_on_before_time_moves_on()
    {
        await using var app = await SampleApp.StartAsync(["EveryTenSeconds", "OnText"], now: Start);
        var at = new List<string>();
        app.Seen().OnMessage = (text, _, _) =>
        {
            at.Add($"{text} at {app.Clock.GetUtcNow():mm:ss}");
            return Task.CompletedTask;
        };

        var advanced = await app.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["tick 00:40 at 00:40", "tick 00:50 at 00:50", "tick 01:00 at 01:00"], at);
        Assert.Equal([new Ran("EveryTenSeconds", 3), new Ran("OnText", 3)], advanced.Ran);
    }

    [Fact]
    public async Task Ninety_days_of_a_function_that_runs_every_minute_pass_in_seconds()
    {
        await using var app = await SampleApp.StartAsync(["TrivialEveryMinute", "OnText"], now: Start);
        var clock = Stopwatch.StartNew();

        var advanced = await app.AdvanceAsync(TimeSpan.FromDays(90));

        Assert.Equal([new Ran("TrivialEveryMinute", 90 * 24 * 60)], advanced.Ran);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
