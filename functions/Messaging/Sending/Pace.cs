using Azure;
using Azure.Data.Tables;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Messaging.Sending;

/// <summary>How fast messages may go out: so many a second from this instance, and while a sender is new so many a day from all of them.</summary>
public sealed class Pace(StorageClients storage, MessagingStore rules, TimeProvider time)
{
    public const string Name = "SendingDays";

    /// <summary>Of a day's ceiling, taken at once: what an instance has taken and not used is lost to the others.</summary>
    private const int TakenAtOnce = 20;

    private const int Attempts = 50;

    private readonly TableClient _table = storage.Table(Name);
    private readonly TokenBucket _bucket = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (LocalDate Day, int Left) _taken;

    /// <summary>Until the next message may be asked about: before its arbiter is, so that nobody refuses meanwhile and is not heard.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        // By the machine's own clock: a carrier's patience does not go by the app's.
        while (rules.Current.Rate is { } rate && !_bucket.TryTake(1, rate, Math.Max(1, rate), 0, TimeProvider.System.GetElapsedTime(0), out var wait))
        {
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Takes one of the day's: asked of a message that is about to be handed over, so that what is skipped or held takes none. Null when there was room; else when there is.</summary>
    internal async Task<DateTimeOffset?> FindRoomAsync(CancellationToken cancellationToken)
    {
        var today = LocalDate.FromDateTime(time.GetUtcNow().UtcDateTime);
        return rules.Current.WarmUp?.CeilingOn(today) is { } ceiling && !await TakeAsync(today, ceiling, cancellationToken) ? NextDay(today) : null;
    }

    private async Task<bool> TakeAsync(LocalDate today, int ceiling, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_taken.Day != today || _taken.Left == 0)
            {
                _taken = (today, await TakeSomeAsync(LocalDatePattern.Iso.Format(today), ceiling, cancellationToken));
            }

            if (_taken.Left == 0)
            {
                return false;
            }

            _taken.Left--;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<int> TakeSomeAsync(string day, int ceiling, CancellationToken cancellationToken)
    {
        for (var attempts = 0; attempts < Attempts; attempts++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>("day", day, cancellationToken: cancellationToken);
            var before = found.HasValue ? found.Value!.GetInt32("taken") ?? 0 : 0; // it has a value
            var some = Math.Min(TakenAtOnce, ceiling - before);
            if (some <= 0)
            {
                return 0;
            }

            try
            {
                var row = new TableEntity("day", day) { ["taken"] = before + some };
                await (found.HasValue ? _table.UpdateEntityAsync(row, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken) : _table.AddEntityAsync(row, cancellationToken)); // likewise
                return some;
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412 && !StorageOutage.Is(lost))
            {
                // Another instance was quicker.
            }
        }

        throw new TimeoutException($"Others changed what was sent on {day} {Attempts} times meanwhile.");
    }

    private static DateTimeOffset NextDay(LocalDate day) => day.PlusDays(1).AtMidnight().InUtc().ToDateTimeOffset();
}
