namespace LeadFunctions.Feedback;

/// <summary>What an instance saw of one message's links lately. Another instance saw other hits: where several answer, a burst shows later, or not at all.</summary>
internal sealed record SendSeen(IReadOnlyList<(int Link, DateTimeOffset At)> Clicks, DateTimeOffset? TrappedAt, DateTimeOffset Now)
{
    public static readonly SendSeen Nothing = new([], null, default);

    /// <summary>A scanner follows all that it finds within this.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(10);

    /// <summary>Of two links a person may well follow both; hardly within this.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Shortly = TimeSpan.FromMinutes(2);

    private const int Many = 3;
    private const int Kept = 20;

    /// <summary>As of a time.</summary>
    public SendSeen At(DateTimeOffset now) => this with { Now = now };

    /// <summary>With the hit that was just judged.</summary>
    public SendSeen With(LinkToken hit) => hit.Kind switch
    {
        LinkKind.Trap => this with { TrappedAt = Now },
        LinkKind.Click => this with { Clicks = [.. Clicks.TakeLast(Kept - 1), (hit.Link, Now)] },
        _ => this,
    };

    public bool HasTrapped => Now - TrappedAt < Shortly;

    /// <summary>Whether a click on this link makes it too many different ones in too little time.</summary>
    /// <param name="links">How many the message has.</param>
    public bool IsBurst(int link, int links) => Different(link, Together) >= Many || (links == 2 && Different(link, AtOnce) == 2);

    private int Different(int link, TimeSpan within) => Clicks.Where(click => Now - click.At < within).Select(click => click.Link).Append(link).Distinct().Count();
}
