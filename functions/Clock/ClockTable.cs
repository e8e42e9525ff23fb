using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Clock;

/// <summary>What the clock shows, and who moves it just now.</summary>
/// <param name="MoverUntil">A real time: another may take it after that.</param>
/// <param name="ETag">Of what was read; the default when there was nothing.</param>
internal sealed record ClockRow(ClockState State, string? Mover = null, DateTimeOffset? MoverUntil = null, ETag ETag = default);

/// <summary>The clock of all instances: one row, which there is only where the clock was moved.</summary>
/// <remarks>
/// Partition and row are <c>clock</c>. <c>standsAt</c> is the app's time; <c>goesOnAt</c> the real time from which it goes on, absent while it stands until it is moved;
/// <c>mover</c> and <c>moverUntil</c> (real time) name the request that moves it. To start an app at another time, write the row with <c>standsAt</c> before.
/// </remarks>
public sealed class ClockTable(StorageClients storage)
{
    public const string Name = "Clock";

    private const string Key = "clock";

    private static readonly TimeSpan FirstReadTimeout = TimeSpan.FromSeconds(3);

    private readonly TableClient _table = storage.Table(Name);

    internal async Task<ClockRow> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Key, Key, cancellationToken: cancellationToken);
        return found.HasValue ? Read(found.Value!) : new(ClockState.Real); // it has a value
    }

    /// <summary>For the moment before anything runs; real time where storage or the table is not there yet.</summary>
    internal ClockState ReadAtStart()
    {
        using var timeout = new CancellationTokenSource(FirstReadTimeout);
        try
        {
            var found = _table.GetEntityIfExists<TableEntity>(Key, Key, cancellationToken: timeout.Token);
            return found.HasValue ? Read(found.Value!).State : ClockState.Real; // it has a value
        }
        catch (Exception exception) when (StorageOutage.Is(exception))
        {
            return ClockState.Real;
        }
    }

    /// <summary>Null when somebody else wrote it since it was read.</summary>
    internal async Task<ClockRow?> WriteAsync(ClockRow row, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(Key, Key)
        {
            ["standsAt"] = row.State.StandsAt,
            ["goesOnAt"] = row.State.GoesOnAt,
            ["mover"] = row.Mover,
            ["moverUntil"] = row.MoverUntil,
        };
        try
        {
            var written = row.ETag == default
                ? await _table.AddEntityAsync(entity, cancellationToken)
                : await _table.UpdateEntityAsync(entity, row.ETag, TableUpdateMode.Replace, cancellationToken);
            return row with { ETag = written.Headers.ETag ?? default };
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412 && !StorageOutage.Is(lost))
        {
            return null;
        }
    }

    private static ClockRow Read(TableEntity row) => new(
        new(row.GetDateTimeOffset("standsAt") ?? throw new InvalidDataException("The clock's row has no standsAt."), row.GetDateTimeOffset("goesOnAt")),
        row.GetString("mover"), row.GetDateTimeOffset("moverUntil"), row.ETag);
}
