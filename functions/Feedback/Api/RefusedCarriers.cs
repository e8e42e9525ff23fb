using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Feedback.Api;

/// <summary>Tells of carriers that are not let in, of each once a minute: anybody can knock as often as they like, and the log is not to be theirs.</summary>
public sealed class RefusedCarriers(TimeProvider time, ILogger<RefusedCarriers> logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    /// <param name="carrier">One of those that there are.</param>
    internal void Tell(string carrier, string reason)
    {
        var seen = _seen.GetOrAdd(carrier, _ => new());
        int others;
        lock (seen)
        {
            var now = time.GetTimestamp();
            if (seen.ToldAt is { } told && time.GetElapsedTime(told, now) < Silence)
            {
                seen.Untold++;
                return;
            }

            (seen.ToldAt, others, seen.Untold) = (now, seen.Untold, 0);
        }

        logger.NotLetIn(carrier, reason, others);
    }

    private sealed class Seen
    {
        public long? ToldAt { get; set; }

        public int Untold { get; set; }
    }
}
