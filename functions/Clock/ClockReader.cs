namespace LeadFunctions.Clock;

/// <summary>Keeps this instance's clock true: whatever begins after the row was written sees it. Those who ask at the same time share a read that began after they asked.</summary>
public sealed class ClockReader(ClockTable table, MovableClock clock)
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private Task? _next;
    private int _writes;

    internal DateTimeOffset RealNow => clock.RealNow;

    public Task FreshAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_next is null)
            {
                // It serves many callers: it must not run on under the trace of the one who happened to start it.
                using (ExecutionContext.SuppressFlow())
                {
                    _next = Task.Run(() => ReadAsync(_reading), CancellationToken.None);
                }
            }

            return _next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes the row, and shows it here at once. Null when somebody else wrote it since it was read.</summary>
    internal async Task<ClockRow?> WriteAsync(ClockRow row, CancellationToken cancellationToken)
    {
        if (await table.WriteAsync(row, cancellationToken) is not { } written)
        {
            return null;
        }

        lock (_gate)
        {
            _writes++;
            clock.Set(written.State);
        }

        return written;
    }

    private async Task ReadAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its callers learn of it
        int writes;
        lock (_gate)
        {
            (_reading, _next, writes) = (_next!, null, _writes); // this task is the next one until here
        }

        using var timeout = new CancellationTokenSource(ReadTimeout);
        var row = await table.ReadAsync(timeout.Token);
        lock (_gate)
        {
            // What was written here meanwhile is newer.
            if (writes == _writes)
            {
                clock.Set(row.State);
            }
        }
    }
}
