using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using LeadFunctions.Platform;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Journeys;

/// <summary>Calls other systems for webhook steps.</summary>
public sealed class Webhooks : IDisposable
{
    private const int AnswerLimit = 256 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;

    public Webhooks(IOptions<JourneysOptions> options)
    {
        var allowsPrivate = options.Value.AllowPrivateWebhooks;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            // Checked where the connection is made: a name that is public when looked up first may be private the next time.
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, allowsPrivate, cancellationToken),
        })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = AnswerLimit,
        };
    }

    /// <summary>A refusal is a result; trouble that may pass is an exception, and the step is tried again.</summary>
    /// <exception cref="HttpRequestException">The other side cannot be reached, or is in trouble.</exception>
    internal async Task<ActResult> CallAsync(RunState run, PendingAct act, Step.Webhook step, RunView view, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(step.Method), Placeholders.Fill(step.Url, path => Escaped(view.Find(path))));
        if (step.Method is not ("GET" or "DELETE"))
        {
            object body = step.Body.ValueKind == JsonValueKind.Undefined
                ? new { run = run.Id, run.Journey, run.Version, step = step.Id, lead = new { id = run.LeadId, email = view.Trait("email").Text }, run.Trigger }
                : Placeholders.Fill(step.Body, view.Find);
            request.Content = JsonContent.Create(body, options: WebJson.Options);
        }

        request.Headers.TryAddWithoutValidation("Idempotency-Key", act.Id);
        foreach (var (name, value) in step.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, Placeholders.Fill(value, view.Find));
        }

        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var status = (int)response.StatusCode;
            if (status >= 500 || status is 408 or 429)
            {
                throw new HttpRequestException($"The webhook answered {status}.", null, response.StatusCode);
            }

            return status is >= 200 and < 300
                ? new ActResult("done", $"{status}", Saved: await JsonAsync(response, cancellationToken))
                : new ActResult("failed", $"{status}", "The webhook refused.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is PrivateAddressException)
        {
            return new ActResult("failed", null, "The webhook's address is private.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"The webhook did not answer within {Timeout.TotalSeconds} s.");
        }
    }

    public void Dispose() => _client.Dispose();

    private static JsonElement Escaped(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? JsonSerializer.SerializeToElement(Uri.EscapeDataString(value.GetString()!)) // it is text
        : value;

    private static async Task<JsonElement?> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return text.Length == 0 ? null : JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // an answer need not be JSON
        }
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowsPrivate, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var allowed = allowsPrivate ? addresses : [.. addresses.Where(IsPublic)];
        if (allowed.Length == 0)
        {
            throw new PrivateAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !(IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any));
        }

        return address.GetAddressBytes() is not ([0 or 10 or 127, ..] or [>= 224, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [169, 254, ..] or [100, >= 64 and < 128, ..] or [198, 18 or 19, ..]);
    }

    private sealed class PrivateAddressException() : Exception("The address is private.");
}
