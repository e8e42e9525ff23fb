using LeadFunctions.Conditions.Values;
using LeadFunctions.Facts;

namespace LeadFunctions.Messaging;

/// <summary>What a reader wishes of messages beside topics: a break, and how often. Of two that may be the same person's the stricter is kept: one letter less harms nobody. Pure.</summary>
internal static class Wishes
{
    private static readonly string[] Paths = [Arbiter.PausedUntil, Arbiter.Frequency];

    /// <summary>Those that somebody has; null when they have none.</summary>
    public static TraitMap? Of(TraitMap traits) => Where(traits, _ => true);

    /// <summary>Those that were said since; null when there are none.</summary>
    /// <param name="then">What <see cref="Of"/> answered then.</param>
    public static TraitMap? Since(TraitMap traits, TraitMap? then) => Where(traits, path => then is null || then.SetAt(path) != traits.SetAt(path) || !traits.Find(path).Equals(then.Find(path)));

    /// <summary>Sets those that are stricter than what stands.</summary>
    public static void Keep(TraitMap traits, TraitMap wishes)
    {
        foreach (var path in Paths.Where(path => IsStricter(path, wishes.Find(path), traits.Find(path))))
        {
            traits.Set(path, wishes.Find(path), Math.Max(wishes.SetAt(path) ?? 0, (traits.SetAt(path) ?? -1) + 1), int.MaxValue); // it is set: else it would be no stricter
        }
    }

    private static TraitMap? Where(TraitMap traits, Func<string, bool> isOne) =>
        Paths.Where(path => traits.SetAt(path) is not null && isOne(path)).ToDictionary(path => path, path => new Trait(traits.Find(path), traits.SetAt(path) ?? 0)) is { Count: > 0 } some ? new TraitMap(some) : null;

    private static bool IsStricter(string path, Value wish, Value standing) => path == Arbiter.Frequency ? Arbiter.DaysOf(wish) > Arbiter.DaysOf(standing) : UntilOf(wish) > UntilOf(standing);

    private static DateTimeOffset UntilOf(Value wish) => Dates.TryRead(Scalar.Of(wish, stackalloc char[Scalar.NumberLength]), out var until) ? until : DateTimeOffset.MinValue;
}
