using System.Text.Json.Serialization;

namespace LeadFunctions.Facts;

/// <summary>
/// How often and when one event name happened: to the millisecond for the newest, as many as a lead's record keeps; by the UTC day in the 400 days
/// before the newest of all; in total for ever. A function of the set of event times alone: the order they arrive in leaves no trace.
/// </summary>
internal sealed class ActivityCounter
{
    private const int DaysKept = 400;
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    [JsonPropertyName("n")]
    public int Total { get; set; }

    /// <summary>Unix ms.</summary>
    [JsonPropertyName("f")]
    public long First { get; set; } = long.MaxValue;

    /// <summary>Unix ms.</summary>
    [JsonPropertyName("l")]
    public long Last { get; set; } = long.MinValue;

    /// <summary>Those known exactly.</summary>
    [JsonPropertyName("t")]
    public EventTimes Times { get; set; } = new();

    /// <summary>Of those that are not: hours since 1970 to a count. Nothing adds to them any more; rows from before times were kept have them.</summary>
    [JsonPropertyName("h")]
    public SortedList<int, int>? Hours { get; set; }

    /// <summary>Of those that are not: days since 1970 to a count.</summary>
    [JsonPropertyName("d")]
    public SortedList<int, int>? Days { get; set; }

    /// <summary>Stands for the record that may change it: for all others it is immutable.</summary>
    [JsonIgnore]
    public object? Owner { get; private init; }

    public ActivityCounter CopyFor(object? owner) => new()
    {
        Total = Total,
        First = First,
        Last = Last,
        Times = Times.Copy(),
        Hours = Sum(Hours, null),
        Days = Sum(Days, null),
        Owner = owner,
    };

    public void Add(long ms)
    {
        Total++;
        First = Math.Min(First, ms);
        Last = Math.Max(Last, ms);
        Times.Add(ms);
        Forget();
    }

    /// <summary>The times of the oldest are forgotten, so that those of as many are left: of these remains the day.</summary>
    public void KeepNewest(int count)
    {
        if (Times.Count <= count)
        {
            return;
        }

        foreach (var ms in Times.KeepNewest(count))
        {
            AddTo(Days ??= [], (int)Math.Floor(ms / (double)DayMs), 1);
        }

        Forget();
    }

    /// <summary>The counter of both sets of events; the sets must be disjoint.</summary>
    public static ActivityCounter Sum(ActivityCounter a, ActivityCounter b)
    {
        var sum = new ActivityCounter
        {
            Total = a.Total + b.Total,
            First = Math.Min(a.First, b.First),
            Last = Math.Max(a.Last, b.Last),
            Times = EventTimes.Union(a.Times, b.Times),
            Hours = Sum(a.Hours, b.Hours),
            Days = Sum(a.Days, b.Days),
        };
        sum.Forget();
        return sum;
    }

    /// <summary>Events in [from, to], Unix ms. Where <see cref="IsExact"/> does not hold, the hours or days at both ends count whole.</summary>
    public int Between(long from, long to)
    {
        if (from <= First && to >= Last)
        {
            return Total;
        }

        if (from > Last || to < First)
        {
            return 0;
        }

        var count = Times.Between(from, to);
        return Total == Times.Count ? count : count + Buckets.Where(bucket => bucket.Begin <= to && bucket.End > from).Sum(bucket => bucket.Count);
    }

    /// <summary>Whether the number of events in [from, to] is known, and not only about.</summary>
    public bool IsExact(long from, long to) =>
        Total == Times.Count || (from <= First && to >= Last) || from > Last || to < First
        || ((Total == Times.Count + Known || from >= OldestDay * DayMs)
            && Buckets.All(bucket => bucket.End <= from || bucket.Begin > to || (bucket.Begin >= from && bucket.End <= to + 1)));

    /// <summary>
    /// A window that begins at <paramref name="from"/> or later shows something else only when its end comes to a begin, or its begin to an end, of one of these: Unix ms, in no order.
    /// </summary>
    public IEnumerable<(long Begin, long End)> Spans(long from)
    {
        var times = Times.Since(from).ToArray().Select(ms => (ms, ms + 1));
        return Total == Times.Count ? times : [.. times, (First, First + 1), (Last, Last + 1), .. Buckets.Where(bucket => bucket.End >= from).Select(bucket => (bucket.Begin, bucket.End))];
    }

    private int Known => (Hours?.Values.Sum() ?? 0) + (Days?.Values.Sum() ?? 0);

    /// <summary>Hours and days, cut to where there can be events.</summary>
    private IEnumerable<(long Begin, long End, int Count)> Buckets =>
        (Hours ?? []).Select(hour => (Begin: hour.Key * HourMs, End: (hour.Key + 1) * HourMs, hour.Value))
            .Concat((Days ?? []).Select(day => (Begin: day.Key * DayMs, End: (day.Key + 1) * DayMs, day.Value)))
            .Select(bucket => (Math.Max(bucket.Begin, First), Math.Min(bucket.End, Last + 1), bucket.Value));

    private int OldestDay => (int)(Last / DayMs) - DaysKept;

    private void Forget()
    {
        Forget(Days, OldestDay);
        Forget(Hours, OldestDay * 24);
    }

    private static void Forget(SortedList<int, int>? counts, int oldest)
    {
        while (counts is { Count: > 0 } && counts.Keys[0] < oldest)
        {
            counts.RemoveAt(0);
        }
    }

    private static SortedList<int, int>? Sum(SortedList<int, int>? a, SortedList<int, int>? b)
    {
        SortedList<int, int>? sum = null;
        foreach (var (key, count) in (a ?? []).Concat(b ?? []))
        {
            AddTo(sum ??= [], key, count);
        }

        return sum;
    }

    private static void AddTo(SortedList<int, int> counts, int key, int count) => counts[key] = counts.GetValueOrDefault(key) + count;
}
