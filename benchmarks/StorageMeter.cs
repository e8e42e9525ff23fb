using System.Diagnostics.Metrics;

namespace LeadFunctions.Benchmarks;

/// <summary>Counts the requests that this process sends to the emulator's ports, as the HTTP client itself reports them. A transaction of many rows is one.</summary>
internal sealed class StorageMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly int _queuePort;
    private readonly int _tablePort;
    private long _requests;
    private long _polls;
    private long _messages;

    private StorageMeter(int queuePort, int tablePort)
    {
        (_queuePort, _tablePort) = (queuePort, tablePort);
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

    /// <summary>Of the emulator that the connection string names.</summary>
    public static StorageMeter Of(string connectionString)
    {
        return new(Port("QueueEndpoint="), Port("TableEndpoint="));

        int Port(string endpoint) => new Uri(connectionString.Split(';').Single(part => part.StartsWith(endpoint, StringComparison.Ordinal))[endpoint.Length..]).Port;
    }

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>All but reading the queues, which an idle app does as well.</summary>
    public long RequestsWithoutPolling => Requests - Interlocked.Read(ref _polls);

    /// <summary>Of the reads of queues, one for each message that was put: the others found nothing.</summary>
    public long RequestsWithFetches => RequestsWithoutPolling + Interlocked.Read(ref _messages);

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var (port, method) = (0, "");
        foreach (var tag in tags)
        {
            port = tag.Key == "server.port" && tag.Value is int number ? number : port;
            method = tag.Key == "http.request.method" && tag.Value is string text ? text : method;
        }

        if (port == _queuePort || port == _tablePort)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _polls, method == "GET" && port == _queuePort ? 1 : 0);
            Interlocked.Add(ref _messages, method == "POST" && port == _queuePort ? 1 : 0);
        }
    }
}
