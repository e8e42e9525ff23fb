using System.Collections.Concurrent;
using LeadFunctions.Access;
using LeadFunctions.Platform;

namespace LeadFunctions.Ingest;

/// <summary>
/// What each source may send: a second's worth may come at once, and a batch may overdraw it; but by a minute's worth at most, since write keys are public and one request must not silence a source for hours.
/// </summary>
public sealed class RateLimits
{
    private const int MostOverdrawnSeconds = 60;

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new();

    /// <param name="retryAfter">When refused: how long until the next request of this source can pass.</param>
    public bool TryTake(Source source, int events, TimeSpan now, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return source.EventsPerSecond <= 0 || BucketOf(source).TryTake(events, source.EventsPerSecond, source.EventsPerSecond, MostOverdrawn(source), now, out retryAfter);
    }

    /// <summary>Events of a request that was let in. Only those that were stored count, or a body full of garbage would keep the source's own visitors out.</summary>
    public void Take(Source source, int events)
    {
        if (source.EventsPerSecond > 0 && events > 0)
        {
            BucketOf(source).Take(events, MostOverdrawn(source));
        }
    }

    private TokenBucket BucketOf(Source source) => _buckets.GetOrAdd(source.Id, static _ => new TokenBucket());

    private static double MostOverdrawn(Source source) => MostOverdrawnSeconds * (double)source.EventsPerSecond;
}
