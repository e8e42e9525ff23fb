using LeadFunctions.Events.Queueing;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Operations.Meters;

/// <summary>What came in by each source.</summary>
/// <param name="AsOf">What other instances counted in the last twenty minutes before it may be missing.</param>
/// <param name="Since">When counting began; null: just now.</param>
/// <param name="Day">From when <see cref="SourceHealth.Day"/> counts: whole hours.</param>
/// <param name="Month">From when <see cref="SourceHealth.Month"/> counts: whole days (UTC).</param>
/// <param name="Items">Sources by which anything came in that month.</param>
internal sealed record SourceMeters(DateTimeOffset AsOf, DateTimeOffset? Since, DateTimeOffset Day, DateTimeOffset Month, IReadOnlyList<SourceHealth> Items)
{
    public const int Days = 30;

    private const int Hours = 24;

    public static SourceMeters Of(IReadOnlyDictionary<DateOnly, DayMeter> days, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(now.UtcDateTime.Hour);
        var (day, month) = (hour.AddHours(1 - Hours), new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - Days));
        var all = (from one in days
                   from counted in one.Value.Hours
                   let at = new DateTimeOffset(one.Key.ToDateTime(new TimeOnly(counted.Key, 0)), TimeSpan.Zero)
                   where at >= month
                   from source in counted.Value.Sources
                   select (At: at, Source: source.Key, Meter: source.Value)).ToList();
        return new(now, all.Count == 0 ? null : all.Min(one => one.At), day, month, [.. from one in all
                                                                                        group one by one.Source into source
                                                                                        orderby source.Key
                                                                                        select SourceHealth.Of(source.Key, [.. source], day)]);
    }
}

/// <param name="Source">Its id; null: requests whose write key is nobody's.</param>
/// <param name="LastAccepted">When an event was accepted last.</param>
/// <param name="SilentSince">The same, where there was none in all of the day: who sent before does not any more.</param>
internal sealed record SourceHealth(string? Source, SourceCounts Day, SourceCounts Month, DateTimeOffset? LastAccepted, DateTimeOffset? SilentSince)
{
    public static SourceHealth Of(string source, IReadOnlyList<(DateTimeOffset At, string Source, SourceMeter Meter)> counted, DateTimeOffset day)
    {
        var (lately, last) = (SourceCounts.Of(counted.Where(one => one.At >= day).Select(one => one.Meter)), counted.Max(one => one.Meter.LastAccepted));
        return new(source == IngestMetrics.NoSource ? null : source, lately, SourceCounts.Of(counted.Select(one => one.Meter)), last, lately.Accepted == 0 ? last : null);
    }
}

/// <param name="Refused">Events by why they were not accepted, as <c>rejected</c> names it in answers; a request that cannot be taken apart counts as one.</param>
internal sealed record SourceCounts(long Accepted, IReadOnlyDictionary<string, long> Refused)
{
    private static readonly string AcceptedName = Outcome.Accepted.Name();

    public static SourceCounts Of(IEnumerable<SourceMeter> meters)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (outcome, events) in meters.SelectMany(meter => meter.Outcomes))
        {
            sums[outcome] = sums.GetValueOrDefault(outcome) + events;
        }

        return new(sums.GetValueOrDefault(AcceptedName), new Dictionary<string, long>(sums.Where(one => one.Key != AcceptedName)));
    }
}

/// <summary>What this app's instances asked of storage.</summary>
/// <param name="Prices">For 10,000 transactions; null where no setting says.</param>
/// <param name="Days">The newest first; the first is not over yet.</param>
internal sealed record StorageMeters(DateTimeOffset AsOf, string? Currency, IReadOnlyDictionary<StorageService, decimal>? Prices, IReadOnlyList<StorageDay> Days)
{
    public static StorageMeters Of(IReadOnlyDictionary<DateOnly, DayMeter> days, PricesOptions prices, DateTimeOffset now) => new(
        now, prices.Known.Count > 0 ? prices.Currency : null, prices.Known.Count > 0 ? prices.Known : null,
        [.. days.OrderByDescending(day => day.Key).Select(day => StorageDay.Of(day.Key, day.Value, prices.Known)).Where(day => day.Transactions > 0)]);
}

/// <param name="Services">What each of the account's services was asked.</param>
/// <param name="Money">For the transactions of those services whose price is known; null where none is.</param>
internal sealed record StorageDay(DateOnly Day, long Transactions, IReadOnlyDictionary<StorageService, StorageUse> Services, decimal? Money)
{
    private const decimal Priced = 10_000;

    public static StorageDay Of(DateOnly day, DayMeter meter, IReadOnlyDictionary<StorageService, decimal> prices)
    {
        var services = new SortedDictionary<StorageService, StorageUse>();
        foreach (var (service, use) in meter.Hours.Values.SelectMany(hour => hour.Storage))
        {
            services[service] = services.GetValueOrDefault(service) + use;
        }

        return new(day, services.Values.Sum(use => use.Transactions), services, prices.Count == 0 ? null : decimal.Round(services.Sum(one => prices.GetValueOrDefault(one.Key) * one.Value.Transactions / Priced), 4));
    }
}
