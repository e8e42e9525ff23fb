using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tests.Integrations;

/// <summary>What came, as it came.</summary>
internal sealed record Received(string Path, string Id, string Timestamp, string Signature, string ContentType, string Body)
{
    /// <summary>All, by name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Event Grid is sent a list of one.</summary>
    public JsonElement Event { get; } = JsonDocument.Parse(Body).RootElement is { ValueKind: JsonValueKind.Array } list ? list[0] : JsonDocument.Parse(Body).RootElement;

    /// <summary>Without the prefix.</summary>
    public string Type => Event.GetProperty("type").GetString()!["LeadFunctions.".Length..]; // every event has one

    public string Lead => Event.GetProperty("subject").GetString()!; // likewise

    public long Number => long.Parse(Event.GetProperty("sequence").GetString()!); // likewise

    public JsonElement Data => Event.GetProperty("data");
}

/// <summary>Somebody who is told: a server that keeps what comes, and answers as a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private Receiver(WebApplication server) => _server = server;

    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>Those that it answered with 2xx.</summary>
    public ConcurrentQueue<Received> Taken { get; } = new();

    /// <summary>The status of its answer to each; may take its time.</summary>
    public Func<Received, HttpContext, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(204);

    public string Url => _server.Urls.First();

    public static async Task<Receiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new Receiver(builder.Build());
        receiver._server.Map("/{**path}", receiver.TakeAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        var received = new Received(
            context.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), context.Request.ContentType ?? "", await reader.ReadToEndAsync())
        {
            Headers = headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        };
        All.Enqueue(received);
        var status = await Answer(received, context);
        if (!context.Response.HasStarted) // who writes a body says its status first
        {
            context.Response.StatusCode = status;
        }

        if (status is >= 200 and < 300)
        {
            Taken.Enqueue(received);
        }
    }
}
