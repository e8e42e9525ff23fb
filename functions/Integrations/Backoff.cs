namespace LeadFunctions.Integrations;

/// <summary>
/// When a delivery that failed is tried again. The waits grow threefold from half a minute to six hours and are spread at random, so that a receiver that comes back does not meet everything at
/// once. Tries end three days after the event: whoever is away for a weekend misses nothing.
/// </summary>
internal static class Backoff
{
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>Null: there is no other try.</summary>
    /// <param name="since">When the event came to this target.</param>
    /// <param name="tries">That failed, at least one.</param>
    /// <param name="now">When the last one failed.</param>
    /// <param name="chance">From 0 to 1: where in the spread it falls.</param>
    public static DateTimeOffset? After(DateTimeOffset since, int tries, DateTimeOffset now, double chance)
    {
        var end = since + Patience;
        if (now >= end)
        {
            return null;
        }

        // The second try comes with the next minute that begins: most failures are a restart on the other side.
        var wait = First * Math.Pow(3, Math.Clamp(tries - 1, 0, 20));
        var at = tries <= 1 ? now.AddMilliseconds(1) : now + ((wait < Longest ? wait : Longest) * (0.75 + (chance / 4)));
        return at < end ? at : end;
    }
}
