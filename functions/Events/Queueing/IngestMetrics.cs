using System.Diagnostics.Metrics;

namespace LeadFunctions.Events.Queueing;

/// <summary>What happens at the front door, in the meter <c>LeadFunctions</c>.</summary>
public sealed class IngestMetrics
{
    /// <summary>Counts events, with the tags below.</summary>
    internal const string Events = "leadfunctions.ingest.events", OutcomeTag = "outcome", SourceTag = "source";

    /// <summary>The tag's value where nobody's write key came.</summary>
    internal const string NoSource = "none";

    private readonly Counter<long> _events;
    private readonly Histogram<int> _written;
    private readonly Histogram<double> _duration;

    public IngestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("LeadFunctions");
        _events = meter.CreateCounter<long>(Events, "{event}", "Events by what became of them; a request that cannot be taken apart counts as one.");
        _written = meter.CreateHistogram<int>("leadfunctions.ingest.message.events", "{event}", "Events in one queue message.");
        _duration = meter.CreateHistogram<double>("leadfunctions.ingest.message.duration", "s", "Time to write one queue message.");
    }

    public void Count(Outcome outcome, string? source, int events = 1)
    {
        if (events > 0)
        {
            _events.Add(events, new KeyValuePair<string, object?>(OutcomeTag, outcome.Name()), new KeyValuePair<string, object?>(SourceTag, source ?? NoSource));
        }
    }

    public void Written(int events, TimeSpan duration)
    {
        _written.Record(events);
        _duration.Record(duration.TotalSeconds);
    }
}
