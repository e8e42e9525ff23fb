using System.Text.Json.Serialization;

namespace LeadFunctions.Interests;

/// <summary>That somebody looked at something, put it into the cart, or bought it.</summary>
/// <param name="At">When: Unix ms.</param>
/// <param name="Value">What, as the event spelt it.</param>
/// <param name="Source">Which of the dimension's sources told of it: what it weighs is decided when it is asked for.</param>
internal readonly record struct Look(long At, string Value, int Source) : IComparable<Look>
{
    public int CompareTo(Look other)
    {
        var order = At.CompareTo(other.At);
        order = order != 0 ? order : string.CompareOrdinal(Value, other.Value);
        return order != 0 ? order : Source.CompareTo(other.Source);
    }
}

/// <summary>
/// What a lead looked at in one dimension: the newest looks one by one, at most so many and so far back. Which are kept follows from all that there were, so that order, batching and merging
/// leave no trace. Immutable.
/// </summary>
internal sealed class Looks
{
    public const int Most = 250;

    public const int Days = 400;

    public static readonly Looks None = new([]);

    /// <summary>Of an event: up to so many are put in their places, more are sorted with all.</summary>
    private const int Few = 8;

    private const long DayMs = 86_400_000;

    private readonly Look[] _looks;

    private Looks(Look[] looks) => _looks = looks;

    public int Count => _looks.Length;

    /// <summary>In order.</summary>
    [JsonIgnore]
    public ReadOnlySpan<Look> Span => _looks;

    /// <param name="looks">In any order; of equal ones each counts.</param>
    public static Looks Of(IEnumerable<Look> looks) => None.With([.. looks]);

    /// <summary>With looks of other events.</summary>
    public Looks With(IReadOnlyList<Look> more)
    {
        if (more.Count == 0)
        {
            return this;
        }

        Look[] all = [.. _looks, .. more];
        if (more.Count > Few)
        {
            Array.Sort(all);
        }
        else
        {
            for (var next = _looks.Length; next < all.Length; next++)
            {
                Sink(all, next); // most come in order, and stay where they are
            }
        }

        var drop = Math.Max(0, all.Length - Most);
        while (all[drop].At < all[^1].At - (Days * DayMs))
        {
            drop++;
        }

        return new(drop == 0 ? all : all[drop..]);
    }

    private static void Sink(Look[] looks, int place)
    {
        var look = looks[place];
        for (; place > 0 && looks[place - 1].CompareTo(look) > 0; place--)
        {
            looks[place] = looks[place - 1];
        }

        looks[place] = look;
    }

    /// <summary>Of both sets of events, which must be disjoint.</summary>
    public static Looks Union(Looks a, Looks b) => a.Count == 0 ? b : a.With(b._looks);
}
