using System.Collections.Concurrent;
using LeadFunctions.Access;

namespace LeadFunctions.Ingest;

/// <summary>
/// A token bucket for each source, of this instance: a second's worth may come at once, and a batch may overdraw it, so that a large one is
/// slowed down and not refused for ever; but by a minute's worth at most, since write keys are public and one request must not silence a source for hours.
/// </summary>
public sealed class RateLimits
{
    private static readonly TimeSpan MostOverdrawn = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();

    /// <param name="retryAfter">When refused: how long until the next request of this source can pass.</param>
    public bool TryTake(Source source, int events, DateTimeOffset now, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return source.EventsPerSecond <= 0 || _buckets.GetOrAdd(source.Id, static _ => new Bucket()).TryTake(source.EventsPerSecond, events, now, out retryAfter);
    }

    private sealed class Bucket
    {
        private readonly Lock _lock = new();
        private double _tokens = double.MaxValue;
        private DateTimeOffset _at;

        public bool TryTake(int perSecond, int events, DateTimeOffset now, out TimeSpan retryAfter)
        {
            lock (_lock)
            {
                _tokens = Math.Min(perSecond, _tokens + Math.Max(0, (now - _at).TotalSeconds) * perSecond);
                _at = now;
                if (_tokens < 1)
                {
                    retryAfter = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
                    return false;
                }

                _tokens = Math.Max(_tokens - events, -MostOverdrawn.TotalSeconds * perSecond);
                retryAfter = TimeSpan.Zero;
                return true;
            }
        }
    }
}
