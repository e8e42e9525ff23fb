using System.Text.Json.Serialization;

namespace LeadFunctions.Leads;

/// <summary>
/// How often one event name happened: by the hour in the 48 hours before the newest of them, by the UTC day in the 400
/// days before, in total for ever. A function of the set of event times alone: the order they arrive in leaves no trace.
/// </summary>
internal sealed class ActivityCounter
{
    private const int HoursKept = 48;
    private const int DaysKept = 400;
    private const long HourMs = 3_600_000;

    [JsonPropertyName("n")]
    public int Total { get; set; }

    /// <summary>Unix ms.</summary>
    [JsonPropertyName("f")]
    public long First { get; set; } = long.MaxValue;

    /// <summary>Unix ms.</summary>
    [JsonPropertyName("l")]
    public long Last { get; set; } = long.MinValue;

    /// <summary>Hours since 1970 to a count.</summary>
    [JsonPropertyName("h")]
    public SortedList<int, int> Hours { get; set; } = [];

    /// <summary>Days since 1970 to a count.</summary>
    [JsonPropertyName("d")]
    public SortedList<int, int> Days { get; set; } = [];

    public void Add(long ms) => Add(ms, 1);

    public ActivityCounter Copy() => new()
    {
        Total = Total,
        First = First,
        Last = Last,
        Hours = new SortedList<int, int>(Hours),
        Days = new SortedList<int, int>(Days),
    };

    /// <summary>The counter of both sets of events; the sets must be disjoint.</summary>
    public static ActivityCounter Sum(ActivityCounter a, ActivityCounter b)
    {
        var (newer, older) = a.Last >= b.Last ? (a, b) : (b, a);
        var sum = newer.Copy();
        sum.Total += older.Total;
        sum.First = Math.Min(a.First, b.First);
        foreach (var (hour, count) in older.Hours)
        {
            sum.Place(hour, count);
        }

        foreach (var (day, count) in older.Days)
        {
            sum.PlaceDay(day, count);
        }

        return sum;
    }

    /// <summary>Events in [from, to], Unix ms; the hours or days at both ends count whole.</summary>
    public int Between(long from, long to)
    {
        if (from <= First && to >= Last)
        {
            return Total;
        }

        var count = 0;
        foreach (var (hour, n) in Hours)
        {
            count += hour * HourMs + HourMs > from && hour * HourMs <= to ? n : 0;
        }

        foreach (var (day, n) in Days)
        {
            count += (day + 1L) * 24 * HourMs > from && day * 24L * HourMs <= to ? n : 0;
        }

        return count;
    }

    /// <summary>Where <see cref="Between"/>, and being before or after the first or last of them, can change: Unix ms.</summary>
    [JsonIgnore]
    public IEnumerable<long> Edges =>
    [
        First, First + 1, Last, Last + 1,
        .. Hours.Keys.SelectMany(hour => (long[])[hour * HourMs, (hour + 1) * HourMs]),
        .. Days.Keys.SelectMany(day => (long[])[day * 24 * HourMs, (day + 1) * 24 * HourMs]),
    ];

    private void Add(long ms, int count)
    {
        Total += count;
        First = Math.Min(First, ms);
        if (ms > Last)
        {
            Last = ms;
            Roll();
        }

        Place((int)(ms / HourMs), count);
    }

    private int OldestHour => (int)(Last / HourMs) - HoursKept;

    private void Place(int hour, int count)
    {
        if (hour >= OldestHour)
        {
            Hours[hour] = Hours.GetValueOrDefault(hour) + count;
        }
        else
        {
            PlaceDay(hour / 24, count);
        }
    }

    private void PlaceDay(int day, int count)
    {
        if (day >= (int)(Last / HourMs / 24) - DaysKept)
        {
            Days[day] = Days.GetValueOrDefault(day) + count;
        }
    }

    private void Roll()
    {
        while (Hours.Count > 0 && Hours.Keys[0] < OldestHour)
        {
            var (hour, count) = (Hours.Keys[0], Hours.Values[0]);
            Hours.RemoveAt(0);
            PlaceDay(hour / 24, count);
        }

        while (Days.Count > 0 && Days.Keys[0] < (int)(Last / HourMs / 24) - DaysKept)
        {
            Days.RemoveAt(0);
        }
    }
}
