using Azure.Data.Tables;
using LeadFunctions.Clock;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Clock;

/// <summary>Several instances' clocks over one row, and the requests that move them.</summary>
public sealed class ClockLeaseTests
{
    private static readonly DateTimeOffset Monday = new(2030, 1, 7, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private readonly FakeTimeProvider _real = new(DateTimeOffset.UnixEpoch.AddYears(55));

    private sealed record Instance(ClockTable Table, MovableClock Clock, ClockReader Reader)
    {
        public Task<ClockLease> TakeAsync() => ClockLease.TakeAsync(Table, Reader, Soon, default);

        public async Task<DateTimeOffset> NowAsync()
        {
            await Reader.FreshAsync(default);
            return Clock.GetUtcNow();
        }
    }

    [Fact]
    public async Task What_one_instance_shows_all_show()
    {
        var (one, other) = await TwoAsync(standing: Monday);
        Assert.Equal(Monday, one.Clock.GetUtcNow());

        var lease = await one.TakeAsync();
        await lease.ShowAsync(Monday.AddDays(3), default);
        Assert.Equal(Monday.AddDays(3), one.Clock.GetUtcNow());
        Assert.Equal(Monday.AddDays(3), await other.NowAsync());
        await lease.EndAsync(stands: null, default);

        Assert.True(other.Clock.State.Stands);
        Assert.Equal(Monday.AddDays(3), await other.NowAsync());
    }

    [Fact]
    public async Task A_clock_that_goes_stands_while_it_is_moved_and_goes_on_from_there()
    {
        var (one, other) = await TwoAsync(standing: null);
        var lease = await one.TakeAsync();
        var goal = lease.Now.AddDays(90);

        await lease.ShowAsync(goal, default);
        _real.Advance(Soon);
        Assert.Equal(goal, await other.NowAsync());
        await lease.EndAsync(stands: null, default);

        Assert.False(one.Clock.State.Stands);
        _real.Advance(Soon);
        Assert.Equal(goal + Soon, await other.NowAsync());
    }

    [Fact]
    public async Task One_request_at_a_time_has_the_clock()
    {
        var (one, other) = await TwoAsync(standing: Monday);
        var lease = await one.TakeAsync();

        await Assert.ThrowsAsync<ClockTakenException>(other.TakeAsync);
        await lease.EndAsync(stands: false, default);
        await other.TakeAsync();
    }

    [Fact]
    public async Task Who_was_away_for_too_long_has_lost_it_and_learns_of_that()
    {
        var (one, other) = await TwoAsync(standing: Monday);
        var lost = await one.TakeAsync();
        _real.Advance(TimeSpan.FromMinutes(1));

        var lease = await other.TakeAsync();
        await Assert.ThrowsAsync<ClockTakenException>(() => lost.ShowAsync(Monday.AddDays(1), default));
        await Assert.ThrowsAsync<ClockTakenException>(() => lost.EndAsync(null, default));
        await lease.ShowAsync(Monday.AddDays(2), default);

        Assert.Equal(Monday.AddDays(2), await one.NowAsync());
    }

    [Fact]
    public async Task A_clock_whose_mover_has_died_goes_on_when_the_lease_is_over()
    {
        var (one, other) = await TwoAsync(standing: null);
        var lease = await one.TakeAsync();
        await lease.ShowAsync(Monday, default);

        var row = await other.Table.ReadAsync(default);

        Assert.Equal(Monday, row.State.At(row.MoverUntil!.Value));
        Assert.Equal(Monday.AddMinutes(1), row.State.At(row.MoverUntil.Value.AddMinutes(1)));
    }

    [Fact]
    public async Task However_reads_and_writes_meet_the_last_write_is_shown()
    {
        var (one, other) = await TwoAsync(standing: Monday);
        var lease = await one.TakeAsync();
        for (var day = 1; day <= 20; day++)
        {
            var reads = Enumerable.Range(0, 10).Select(_ => one.Reader.FreshAsync(default)).ToList();
            await lease.ShowAsync(Monday.AddDays(day), default);
            await Task.WhenAll(reads);

            Assert.Equal(Monday.AddDays(day), one.Clock.GetUtcNow());
            Assert.Equal(Monday.AddDays(day), await other.NowAsync());
        }
    }

    private async Task<(Instance, Instance)> TwoAsync(DateTimeOffset? standing)
    {
        var account = await Emulator.NewSharedAccountAsync();
        var storage = StorageClients.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = account });
        await storage.Table(ClockTable.Name).CreateIfNotExistsAsync();
        if (standing is { } at)
        {
            await storage.Table(ClockTable.Name).AddEntityAsync(new TableEntity("clock", "clock") { ["standsAt"] = at });
        }

        return (New(), New());

        Instance New()
        {
            var (table, clock) = (new ClockTable(storage), new MovableClock(_real));
            clock.Set(table.ReadAtStart());
            return new(table, clock, new(table, clock));
        }
    }
}
