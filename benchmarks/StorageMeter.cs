using System.Diagnostics.Metrics;

namespace LeadFunctions.Benchmarks;

/// <summary>Counts the requests that this process sends to the emulator's ports, as the HTTP client itself reports them. A transaction of many rows is one.</summary>
internal sealed class StorageMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly HashSet<int> _ports;
    private long _requests;
    private long _writes;

    public StorageMeter(IEnumerable<int> ports)
    {
        _ports = [.. ports];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "http.client.request.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(Count);
        _listener.Start();
    }

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>All but GET: what polling an empty queue adds nothing to.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var isStorage = false;
        var isWrite = false;
        foreach (var tag in tags)
        {
            isStorage |= tag.Key == "server.port" && tag.Value is int port && _ports.Contains(port);
            isWrite |= tag.Key == "http.request.method" && tag.Value is not "GET";
        }

        if (isStorage)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _writes, isWrite ? 1 : 0);
        }
    }
}
