using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LeadFunctions.Events;

/// <summary>Where the app's own spans and measurements come from. Costs next to nothing while nobody listens.</summary>
public static class Telemetry
{
    public const string Name = "LeadFunctions";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> EventToScore = Meter.CreateHistogram<double>(
        "leadfunctions.event_to_score", "s", "From an event's arrival at the front door until the lead's score is stored.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600] });

    private static readonly Counter<long> Dead = Meter.CreateCounter<long>(
        "leadfunctions.dead_letters", "{message}", "Messages and events that could not be applied, by queue.");

    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Once per committed event (or per batch, with the number of its events).</summary>
    /// <param name="receivedAt">When the event arrived, by the clock that gives <paramref name="now"/>.</param>
    public static void EventScored(DateTimeOffset receivedAt, DateTimeOffset now, int events = 1)
    {
        if (!EventToScore.Enabled)
        {
            return;
        }

        var seconds = Math.Max(0, (now - receivedAt).TotalSeconds);
        for (var i = 0; i < events; i++)
        {
            EventToScore.Record(seconds);
        }
    }

    public static void DeadLettered(string queue) => Dead.Add(1, new KeyValuePair<string, object?>("queue", queue));

    /// <summary>A span that goes on with the trace that a queue message carries; null while nobody listens.</summary>
    /// <param name="traceParent">W3C trace context; a new trace when null or unreadable.</param>
    public static Activity? Continue(string name, string? traceParent, ActivityKind kind = ActivityKind.Consumer) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Activities.StartActivity(name, kind, parent)
            : Activities.StartActivity(name, kind);
}
