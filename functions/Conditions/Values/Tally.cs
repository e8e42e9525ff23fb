using System.Text.Json.Serialization;

namespace LeadFunctions.Conditions.Values;

/// <summary>
/// When events that somebody asks for happened, and what each brought: the newest, at most so many and so far back, one by one; of all there ever were, the number, the first, the last and the sum.
/// A function of the set of events: the order they arrive in leaves no trace. Immutable.
/// </summary>
public sealed class Tally
{
    public const int Most = 1_000;

    public const int Days = 400;

    /// <summary>Sums are kept in ten-thousandths, so that it makes no difference in which order they are added up. Divide by it: what is multiplied by 0.0001 is a hair off.</summary>
    public const double PerUnit = 10_000;

    private const long DayMs = 86_400_000;

    public static readonly Tally Empty = new(0, long.MaxValue, long.MinValue, 0, [], []);

    private readonly long[] _times;
    private readonly long[] _values;

    private Tally(int total, long first, long last, long sum, long[] times, long[] values) => (Total, First, Last, Sum, _times, _values) = (total, first, last, sum, times, values);

    /// <summary>How many there ever were.</summary>
    public int Total { get; }

    /// <summary>Unix ms.</summary>
    public long First { get; }

    /// <summary>Unix ms.</summary>
    public long Last { get; }

    /// <summary>Of all values there ever were, in ten-thousandths.</summary>
    public long Sum { get; }

    /// <summary>Unix ms, in order.</summary>
    [JsonIgnore]
    public ReadOnlySpan<long> Times => _times;

    /// <summary>What each brought: an amount in ten-thousandths, or what tells one value from another.</summary>
    [JsonIgnore]
    public ReadOnlySpan<long> Values => _values;

    /// <summary>As it was kept; the parts need not be trimmed.</summary>
    public static Tally Of(int total, long first, long last, long sum, long[] times, long[] values) => Trimmed(total, first, last, sum, times, values);

    public Tally With(long ms, long value)
    {
        var place = Array.BinarySearch(_times, ms);
        place = place < 0 ? ~place : place;
        while (place < _times.Length && _times[place] == ms && _values[place] < value)
        {
            place++;
        }

        while (place > 0 && _times[place - 1] == ms && _values[place - 1] > value)
        {
            place--;
        }

        return Trimmed(
            Total + 1, Math.Min(First, ms), Math.Max(Last, ms), unchecked(Sum + value),
            [.. _times.AsSpan(0, place), ms, .. _times.AsSpan(place)], [.. _values.AsSpan(0, place), value, .. _values.AsSpan(place)]);
    }

    /// <summary>Of both sets of events, which must be disjoint.</summary>
    public static Tally Union(Tally a, Tally b)
    {
        if (a.Total == 0 || b.Total == 0)
        {
            return a.Total == 0 ? b : a;
        }

        (long Time, long Value)[] all = [.. a._times.Zip(a._values), .. b._times.Zip(b._values)];
        Array.Sort(all);
        return Trimmed(a.Total + b.Total, Math.Min(a.First, b.First), Math.Max(a.Last, b.Last), unchecked(a.Sum + b.Sum), [.. all.Select(one => one.Time)], [.. all.Select(one => one.Value)]);
    }

    /// <summary>How many are not after a time.</summary>
    public int CountUntil(long ms)
    {
        var (low, high) = (0, _times.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _times[middle] <= ms ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static Tally Trimmed(int total, long first, long last, long sum, long[] times, long[] values)
    {
        var drop = Math.Max(0, times.Length - Most);
        while (drop < times.Length && times[drop] < last - (Days * DayMs))
        {
            drop++;
        }

        return new(total, first, last, sum, drop == 0 ? times : times[drop..], drop == 0 ? values : values[drop..]);
    }
}
