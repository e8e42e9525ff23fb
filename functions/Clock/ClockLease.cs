namespace LeadFunctions.Clock;

/// <summary>Another request moves the clock.</summary>
public sealed class ClockTakenException(string message) : Exception(message);

/// <summary>
/// The clock in one request's hands: it stands where the request wants it, for all instances. Should the request's process die, a clock that was going goes on by itself when
/// the lease is over, and anybody can move it on.
/// </summary>
internal sealed class ClockLease
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ClockReader _reader;
    private readonly string _mover;
    private ClockRow _row;

    private ClockLease(ClockReader reader, ClockRow row, string mover, bool stood) => (_reader, _row, _mover, Stood) = (reader, row, mover, stood);

    /// <summary>It stood when it was taken.</summary>
    public bool Stood { get; }

    public DateTimeOffset Now => _row.State.StandsAt;

    private DateTimeOffset RealNow => _reader.RealNow;

    /// <summary>Stops the clock; waits while somebody else has it.</summary>
    /// <exception cref="ClockTakenException">That took longer than <paramref name="patience"/>.</exception>
    public static async Task<ClockLease> TakeAsync(ClockTable table, ClockReader reader, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (mover, started) = (Guid.NewGuid().ToString("N"), TimeProvider.System.GetTimestamp());
        while (true)
        {
            var row = await table.ReadAsync(cancellationToken);
            if (!(row.MoverUntil > reader.RealNow))
            {
                var lease = new ClockLease(reader, row, mover, row.State.Stands);
                if (await lease.TryShowAsync(row.State.At(reader.RealNow), cancellationToken))
                {
                    return lease;
                }
            }
            else if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                throw new ClockTakenException("Another request is moving it.");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Shows that time from now on.</summary>
    /// <exception cref="ClockTakenException">The lease was over, and another request has it.</exception>
    public async Task ShowAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!await TryShowAsync(at, cancellationToken))
        {
            throw new ClockTakenException("Another request has taken it over.");
        }
    }

    /// <summary>To be called often: keeps it from ending.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) =>
        _row.MoverUntil - RealNow > Length / 2 ? Task.CompletedTask : ShowAsync(Now, cancellationToken);

    /// <summary>Gives the clock back: it stands, or goes on from where it is.</summary>
    /// <param name="stands">Null: as before it was taken.</param>
    public async Task EndAsync(bool? stands, CancellationToken cancellationToken)
    {
        var state = new ClockState(Now, stands ?? Stood ? null : RealNow);
        _row = await _reader.WriteAsync(_row with { State = state, Mover = null, MoverUntil = null }, cancellationToken)
            ?? throw new ClockTakenException("Another request has taken it over.");
    }

    private async Task<bool> TryShowAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var until = RealNow + Length;
        if (await _reader.WriteAsync(_row with { State = new(at, Stood ? null : until), Mover = _mover, MoverUntil = until }, cancellationToken) is not { } written)
        {
            return false;
        }

        _row = written;
        return true;
    }
}
