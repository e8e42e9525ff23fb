using System.Diagnostics.Metrics;

namespace LeadFunctions.Benchmarks;

/// <summary>Counts the events that the pipeline reports as scored.</summary>
internal sealed class AppliedMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _events;

    public AppliedMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "leadfunctions.event_to_score")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _events));
        _listener.Start();
    }

    public long Events => Interlocked.Read(ref _events);

    public async Task UntilAsync(long events)
    {
        while (Events < events)
        {
            await Task.Delay(1);
        }
    }

    public void Dispose() => _listener.Dispose();
}
