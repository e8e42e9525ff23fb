namespace LeadFunctions.Conditions.Patterns;

/// <summary>
/// What all patterns together may take of one event's time, whosever definition they stand in: each of hundreds could take its own patience, and everything else waits for the sum. When it is used up, what a
/// pattern would have to look at is no match, and is counted as given up on. Half of it is for patterns that were not too slow the last time: they are not to miss what slow ones have used up. What is limited is the work
/// of one thread between two calls, which no ordinary patterns come near.
/// </summary>
internal static class PatternBudget
{
    public static readonly TimeSpan PerEvent = TimeSpan.FromMilliseconds(200);

    [ThreadStatic]
    private static TimeSpan? s_left;

    [ThreadStatic]
    private static TimeSpan s_reserve;

    /// <param name="isSlow">It was too slow the last time.</param>
    public static bool IsSpent(bool isSlow) => s_left <= (isSlow ? s_reserve : TimeSpan.Zero);

    /// <summary>Until the answer is disposed, on the same thread. Inside another it is that one's.</summary>
    public static Scope Of(int events)
    {
        var scope = new Scope(s_left);
        if (s_left is null)
        {
            (s_left, s_reserve) = (PerEvent * events, PerEvent * events / 2);
        }

        return scope;
    }

    public static void Spend(TimeSpan time) => s_left -= time;

    internal readonly ref struct Scope(TimeSpan? before)
    {
        public void Dispose() => s_left = before is null ? null : s_left;
    }
}
