using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using LeadFunctions.Events.Queueing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tests.Ingest;

internal enum Mishap
{
    None,

    /// <summary>503, and the app has seen nothing.</summary>
    Refused,

    /// <summary>503, though the app has taken it.</summary>
    AnswerLost,

    /// <summary>The connection breaks after the app has taken it.</summary>
    Broken,

    /// <summary>The answer comes after the client has lost its patience.</summary>
    Late,
}

/// <summary>Stands between a client and the app, and has mishaps: which one is said for each attempt (0, 1, …) at a batch.</summary>
internal sealed partial class UnreliableProxy : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Func<int, Mishap> _mishaps;
    private readonly Func<Uri> _app;
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private int _forwarded;

    private UnreliableProxy(WebApplication web, Func<int, Mishap> mishaps, Func<Uri> app) => (_web, _mishaps, _app) = (web, mishaps, app);

    public string Address => _web.Urls.Single();

    public int Forwarded => _forwarded;

    public static async Task<UnreliableProxy> StartAsync(Func<Uri> app, Func<int, Mishap> mishaps)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var proxy = new UnreliableProxy(web, mishaps, app);
        web.Run(proxy.HandleAsync);
        await web.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var mishap = _mishaps(_attempts.AddOrUpdate(BatchOf(body.ToArray()), 0, (_, attempts) => attempts + 1));
        if (mishap == Mishap.Refused)
        {
            http.Response.StatusCode = 503;
            return;
        }

        using var answer = await ForwardAsync(http, body.ToArray());
        switch (mishap)
        {
            case Mishap.AnswerLost:
                http.Response.StatusCode = 503;
                return;
            case Mishap.Broken:
                http.Abort();
                return;
            case Mishap.Late:
                await Task.Delay(TimeSpan.FromSeconds(3));
                break;
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(http.Response.Body);
    }

    // An app that is restarting cannot be reached for a moment: as a load balancer would, this waits for it.
    private async Task<HttpResponseMessage> ForwardAsync(HttpContext http, byte[] body)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_app(), http.Request.Path + http.Request.QueryString)) { Content = new ByteArrayContent(body) };
            foreach (var (name, value) in http.Request.Headers)
            {
                if (name is not ("Host" or "Connection" or "Content-Length") && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                {
                    request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
                }
            }

            try
            {
                var answer = await _client.SendAsync(request);
                Interlocked.Increment(ref _forwarded);
                return answer;
            }
            catch (HttpRequestException) when (DateTime.UtcNow < deadline)
            {
                await Task.Delay(50);
            }
        }
    }

    // Clients write sentAt anew for each attempt; the ids stay.
    private static string BatchOf(byte[] bytes)
    {
        using var body = Normalised.Decode(bytes);
        return body.Outcome == Outcome.Accepted ? MessageId().Match(body.Json.GetRawText()).Value : "";
    }

    [GeneratedRegex("\"messageId\":\"[^\"]*\"")]
    private static partial Regex MessageId();
}
