using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Messaging.Sending;

/// <summary>
/// How fast messages may go out, by channel, since each has a provider of its own: so many a second from this instance, and while a sender is new so many a day from all of them. A gateway that takes one a second
/// holds up no mail.
/// </summary>
public sealed class Pace
{
    public const string Name = "SendingDays";

    /// <summary>Of a day's ceiling, taken at once: what an instance has taken and not used is lost to the others.</summary>
    private const int TakenAtOnce = 20;

    private const int Attempts = 50;

    /// <summary>Of one channel at a time: more than a campaign sends at once.</summary>
    internal const int MostWaiting = 50;

    /// <summary>Timers know no less: who waits for a part of it asks again and again until it is over.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly TableClient _table;
    private readonly Func<MessagingRules> _rules;
    private readonly TimeProvider _time, _machine;
    private readonly ConcurrentDictionary<string, Provider> _providers = new(StringComparer.Ordinal);

    public Pace(StorageClients storage, MessagingStore rules, TimeProvider time)
        : this(storage.Table(Name), () => rules.Current, time, TimeProvider.System)
    {
    }

    /// <param name="machine">Tells and waits seconds: a provider's patience does not go by the app's clock.</param>
    internal Pace(TableClient table, Func<MessagingRules> rules, TimeProvider time, TimeProvider machine) => (_table, _rules, _time, _machine) = (table, rules, time, machine);

    /// <summary>
    /// Until the next message of the channel may be asked about: before its arbiter is, so that nobody refuses meanwhile and is not heard. Null when it may; else it is to come back after so long: who waits here keeps others
    /// from working, those who send by other channels too.
    /// </summary>
    /// <param name="isUrgent">It waits here whoever else does.</param>
    internal async Task<TimeSpan?> WaitAsync(string channel, bool isUrgent, CancellationToken cancellationToken)
    {
        var provider = Of(channel);
        if (!isUrgent && _rules().PaceOf(channel).Rate is { } usual && provider.Waiting >= MostWaitingAt(usual))
        {
            return provider.TurnAway(usual, _machine.GetElapsedTime(0));
        }

        Interlocked.Increment(ref provider.Waiting);
        try
        {
            while (_rules().PaceOf(channel).Rate is { } rate && !provider.Bucket.TryTake(1, rate, Math.Max(1, rate), 0, _machine.GetElapsedTime(0), out var wait))
            {
                await Task.Delay(wait + Least, _machine, cancellationToken);
            }

            return null;
        }
        finally
        {
            Interlocked.Decrement(ref provider.Waiting);
        }
    }

    /// <summary>Takes one of the day's: asked of a message that is about to be handed over, so that what is skipped or held takes none. Null when there was room; else when there is.</summary>
    internal async Task<DateTimeOffset?> FindRoomAsync(string channel, CancellationToken cancellationToken)
    {
        var today = LocalDate.FromDateTime(_time.GetUtcNow().UtcDateTime);
        return _rules().PaceOf(channel).WarmUp?.CeilingOn(today) is { } ceiling && !await TakeAsync(channel, today, ceiling, cancellationToken) ? NextDay(today) : null;
    }

    /// <summary>So many that none waits here much longer than a minute.</summary>
    private static int MostWaitingAt(double rate) => (int)Math.Clamp(rate * 60, 1, MostWaiting);

    private Provider Of(string channel) => _providers.GetOrAdd(channel, _ => new());

    private async Task<bool> TakeAsync(string channel, LocalDate today, int ceiling, CancellationToken cancellationToken)
    {
        var provider = Of(channel);
        await provider.Turn.WaitAsync(cancellationToken);
        try
        {
            if (provider.Taken.Day != today || provider.Taken.Left == 0)
            {
                provider.Taken = (today, await TakeSomeAsync(PartitionOf(channel), LocalDatePattern.Iso.Format(today), ceiling, cancellationToken));
            }

            if (provider.Taken.Left == 0)
            {
                return false;
            }

            provider.Taken = (today, provider.Taken.Left - 1);
            return true;
        }
        finally
        {
            provider.Turn.Release();
        }
    }

    /// <summary>Mail's is the one that there was before other channels had days of their own.</summary>
    private static string PartitionOf(string channel) => channel == Addresses.Mail ? "day" : $"day|{Uri.EscapeDataString(channel)}";

    private async Task<int> TakeSomeAsync(string partition, string day, int ceiling, CancellationToken cancellationToken)
    {
        for (var attempts = 0; attempts < Attempts; attempts++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(partition, day, cancellationToken: cancellationToken);
            var before = found.HasValue ? found.Value!.GetInt32("taken") ?? 0 : 0; // it has a value
            var some = Math.Min(TakenAtOnce, ceiling - before);
            if (some <= 0)
            {
                return 0;
            }

            try
            {
                var row = new TableEntity(partition, day) { ["taken"] = before + some };
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

    /// <summary>Of one channel.</summary>
    private sealed class Provider
    {
        private readonly Lock _back = new();
        private (TimeSpan At, double Rate) _lastBack;

        public int Waiting;

        /// <summary>How long somebody is to stay away for whom there is no room: they come back one after another, as fast as messages go out, and after those who wait already.</summary>
        public TimeSpan TurnAway(double rate, TimeSpan now)
        {
            lock (_back)
            {
                var free = now + TimeSpan.FromSeconds(MostWaitingAt(rate) / rate);
                _lastBack = ((_lastBack.Rate == rate && _lastBack.At > free ? _lastBack.At : free) + TimeSpan.FromSeconds(1 / rate), rate); // what was promised at another rate holds no more
                return _lastBack.At - now;
            }
        }

        public TokenBucket Bucket { get; } = new();

        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>Of a day's ceiling, not used yet.</summary>
        public (LocalDate Day, int Left) Taken { get; set; }
    }
}
