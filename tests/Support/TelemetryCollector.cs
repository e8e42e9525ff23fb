using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace LeadFunctions.Tests.Support;

/// <summary>Stands in for an OTLP collector: keeps what it is sent.</summary>
public sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Text)> _received = new();
    private readonly Task _serving;

    public TelemetryCollector()
    {
        using var port = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        port.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}/";
        port.Stop();
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Have an app send here.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>All that came to a path (<c>/v1/traces</c>, <c>/v1/metrics</c>) so far, as Latin-1 text: names and values stand in it as they are.</summary>
    public string Received(string path) => string.Concat(_received.Where(r => r.Path == path).Select(r => r.Text));

    /// <summary>The names of the spans of a trace.</summary>
    public IReadOnlyList<string> SpansOf(System.Diagnostics.ActivityTraceId trace) =>
        [.. Received("/v1/traces").Split(Encoding.Latin1.GetString(Convert.FromHexString(trace.ToHexString()))).Skip(1).Select(NameOf)];

    /// <summary>In the export's protobuf a span begins with its trace's id; after it come short fields (2, 3, 4), each with a tag and a length before it, flags (16, four bytes), and then its name (5).</summary>
    private static string NameOf(string span)
    {
        var at = 0;
        while (span[at] is '\x12' or '\x1A' or '\x22' or '\x85')
        {
            at += span[at] == '\x85' ? 6 : 2 + span[at + 1];
        }

        return span[at] == '\x2A' ? span.Substring(at + 2, span[at + 1]) : "";
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()))); // a request has an address
                context.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
        }
    }
}
