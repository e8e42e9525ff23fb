using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using LeadFunctions.Tests.Support.Otlp;

namespace LeadFunctions.Tests.Support;

/// <summary>Stands in for an OTLP collector, and for Application Insights: keeps what it is sent.</summary>
public sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
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

    /// <summary>Have an app send here by OTLP.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>Have an app take this for Application Insights, and send it every trace.</summary>
    public Dictionary<string, string> InsightsSettings => new()
    {
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey={Guid.Empty};IngestionEndpoint={Address}",
        ["OTEL_TRACES_SAMPLER"] = "microsoft.fixed_percentage",
        ["OTEL_TRACES_SAMPLER_ARG"] = "1",
    };

    /// <summary>All that came to a path (<c>/v1/traces</c>, <c>/v1/metrics</c>) so far, as Latin-1 text: names and values stand in it as they are.</summary>
    public string Received(string path) => string.Concat(Bodies(path).Select(Encoding.Latin1.GetString));

    /// <summary>The names of the spans of a trace.</summary>
    public IReadOnlyList<string> SpansOf(System.Diagnostics.ActivityTraceId trace)
    {
        var id = ByteString.CopyFrom(Convert.FromHexString(trace.ToHexString()));
        return [.. Bodies("/v1/traces").Select(ExportedTraces.Parser.ParseFrom)
            .SelectMany(export => export.ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)
            .Where(span => span.TraceId == id).Select(span => span.Name)];
    }

    /// <summary>What a counter came to, by the values of one of its attributes.</summary>
    public IReadOnlyDictionary<string, long> SumsOf(string metric, string by) =>
        Bodies("/v1/metrics").Select(ExportedMetrics.Parser.ParseFrom)
            .Select(export => export.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics)
                .Where(m => m.Name == metric).SelectMany(m => m.Sum.DataPoints).ToList())
            .LastOrDefault(points => points.Count > 0, []) // each export holds the sums from the start
            .GroupBy(point => point.Attributes.Single(attribute => attribute.Key == by).Value.StringValue)
            .ToDictionary(points => points.Key, points => points.Sum(point => point.AsInt));

    /// <summary>What Application Insights was sent: measurements, spans as requests and dependencies.</summary>
    public IReadOnlyList<JsonElement> InsightsItems() =>
        [.. Bodies("/v2.1/track").SelectMany(body => Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => JsonDocument.Parse(line).RootElement)];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private IEnumerable<byte[]> Bodies(string path) => _received.Where(r => r.Path == path).Select(r => r.Body);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var isPacked = context.Request.Headers["Content-Encoding"] == "gzip";
                await using var input = isPacked ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress) : context.Request.InputStream;
                using var body = new MemoryStream();
                await input.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray())); // a request has an address
                context.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
        }
    }
}
