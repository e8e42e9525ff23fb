namespace LeadFunctions.Integrations;

/// <summary>
/// Spares a target that fails, and whoever waits behind it: after some failures in a row, of whatever leads, nothing is sent for a while, then one event to see. Immutable.
/// </summary>
/// <param name="Failures">In a row.</param>
/// <param name="OpenUntil">Nothing is sent before; null: it is closed.</param>
internal sealed record Breaker(int Failures = 0, DateTimeOffset? OpenUntil = null)
{
    public const int OpensAfter = 5;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>How long one that was let through may take; then another is.</summary>
    private static readonly TimeSpan Probe = TimeSpan.FromMinutes(1);

    public static readonly Breaker Closed = new();

    /// <summary>Whether an event may go out now. Where <paramref name="after"/> is another one than this, it has to be stored first: whoever stores it is the one who looks.</summary>
    public bool Allows(DateTimeOffset now, out Breaker after)
    {
        after = OpenUntil <= now ? this with { OpenUntil = now + Probe } : this;
        return OpenUntil is null || OpenUntil <= now;
    }

    /// <summary>Twice as long each time, up to an hour.</summary>
    public Breaker Failed(DateTimeOffset now)
    {
        var failures = Failures + 1;
        var open = Shortest * Math.Pow(2, Math.Clamp(failures - OpensAfter, 0, 10));
        return new(failures, failures < OpensAfter ? null : now + (open < Longest ? open : Longest));
    }
}
