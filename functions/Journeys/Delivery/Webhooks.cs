using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Outbound;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Journeys.Delivery;

/// <summary>Calls other systems for webhook steps.</summary>
public sealed class Webhooks : IDisposable
{
    /// <summary>Of one answer, and of all that a run keeps: its row must hold them.</summary>
    private const int AnswerLimit = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;

    public Webhooks(IOptions<JourneysOptions> options)
        : this(WebhookConnections.Create(options.Value.AllowPrivateWebhooks))
    {
    }

    internal Webhooks(WebhookConnections connections) => _client = new HttpClient(connections.CreateHandler()) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>A refusal, and whatever would be the same at every try, is a result; trouble that may pass is an exception, and the step is tried again.</summary>
    /// <exception cref="HttpRequestException">The other side cannot be reached, or is in trouble.</exception>
    internal async Task<ActResult> CallAsync(RunState run, PendingAct act, Step.Webhook step, RunView view, CancellationToken cancellationToken)
    {
        var (call, fault) = WebhookCall.Of(run, act, step, view);
        if (call is null)
        {
            return Failed(null, fault!); // one of the two is always set
        }

        using var request = RequestOf(call);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout); // for the answer's body too, which the client's own time-out would not cover
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            return status switch
            {
                501 or 505 => Failed($"{status}", "The webhook cannot do this."),
                >= 500 or 408 or 429 => throw new HttpRequestException($"The webhook answered {status}.", null, response.StatusCode),
                >= 200 and < 300 => step.SaveAs is { } name ? await SaveAsync(run, name, response, patience.Token) : new ActResult("done", $"{status}"),
                _ => Failed($"{status}", "The webhook refused."),
            };
        }
        catch (HttpRequestException exception) when (exception.InnerException is PrivateAddressException)
        {
            return Failed(null, "The webhook's address is private.");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return Failed(null, "The headers of the webhook's answer are too long.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"The webhook did not answer within {Timeout.TotalSeconds} s.");
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage RequestOf(WebhookCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Url);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        }

        foreach (var (name, value) in call.Headers)
        {
            // What is about the body goes with the body, instead of what stands there already; without one it says nothing.
            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static async Task<ActResult> SaveAsync(RunState run, string name, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"{(int)response.StatusCode}";
        var room = AnswerLimit - run.Saved.Where(saved => saved.Key != name).Sum(saved => saved.Value.GetRawText().Length);
        return await ReadAsync(response.Content, room, cancellationToken) is { } bytes
            ? new ActResult("done", status, Saved: JsonIn(bytes))
            : Failed(status, $"The webhook's answer is too large to keep: a run has {AnswerLimit / 1024} KiB for all of them.");
    }

    /// <summary>Null when there is more than that.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (all.Length + read > limit)
            {
                return null;
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>Null when it is not JSON: an answer need not be. What is not Unicode in it is replaced, since it could not be stored.</summary>
    private static JsonElement? JsonIn(byte[] bytes)
    {
        var utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'));
        Surrogates.Mend(utf8);
        try
        {
            using var json = JsonDocument.Parse(utf8);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ActResult Failed(string? detail, string reason) => new("failed", detail, reason);
}
