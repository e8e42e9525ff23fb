using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>A service that answers as a test says: it fails, breaks off, or passes the request on and loses the answer.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly HttpClient Upstream = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly WebApplication _app;
    private readonly Func<HttpContext, Seen, Task> _answer;
    private readonly List<Seen> _requests = [];

    private ScriptedServer(WebApplication app, Func<HttpContext, Seen, Task> answer)
    {
        _app = app;
        _answer = answer;
        app.Run(RunAsync);
    }

    /// <summary>Without trailing slash.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<Seen> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <param name="answer">Gets the request with its position (from 1).</param>
    /// <param name="tls">https with a certificate that nobody vouches for.</param>
    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, Seen, Task> answer, bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.UseHttps(NewCertificate());
            }
        }));
        var server = new ScriptedServer(builder.Build(), answer);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Sends the request to another server; the signature holds there too, since it does not cover the host.</summary>
    public static async Task<HttpResponseMessage> ForwardAsync(HttpContext context, Seen seen, string target)
    {
        using var request = new HttpRequestMessage(new HttpMethod(seen.Method), target + context.Request.Path.ToUriComponent() + context.Request.QueryString)
        {
            Content = seen.Body.Length == 0 ? null : new ByteArrayContent(seen.Body),
        };
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name is not ("Host" or "Content-Length") && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value);
            }
        }

        return await Upstream.SendAsync(request);
    }

    public static async Task CopyAsync(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Content-Length"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task RunAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Seen seen;
        lock (_requests)
        {
            seen = new Seen(
                _requests.Count + 1,
                context.Request.Method,
                context.Request.Path + context.Request.QueryString.ToString(),
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray());
            _requests.Add(seen);
        }

        await _answer(context, seen);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1000));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}

internal sealed record Seen(int Number, string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
