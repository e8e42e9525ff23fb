using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using LeadFunctions.Platform.Outbound;

namespace LeadFunctions.Mail.Acs;

/// <summary>
/// Hands mail to Azure Communication Services. The operation has the send id's own name, so that a mail that is handed over twice is one. Accepted is not delivered: what becomes of it the
/// service tells by events.
/// </summary>
internal sealed class AcsMail : IMailProvider
{
    private const string Version = "2023-03-31";
    private const string Scope = "https://communication.azure.com/.default";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpPipeline _pipeline;
    private readonly Uri _send;
    private readonly TimeProvider _time;
    private readonly TimeProvider _realTime;

    /// <param name="identity">Whom the app is, where there is no key.</param>
    /// <param name="time">What "not before" is told in.</param>
    /// <param name="realTime">The service refuses requests that are minutes old by a real clock, whatever this app's shows.</param>
    /// <param name="transport">Null: the one that Azure's clients share.</param>
    public AcsMail(AcsOptions options, Func<TokenCredential> identity, TimeProvider time, TimeProvider realTime, HttpPipelineTransport? transport = null)
    {
        (_time, _realTime) = (time, realTime);
        _send = new Uri($"{options.Endpoint.TrimEnd('/')}/emails:send?api-version={Version}");
        HttpPipelinePolicy signing = options.AccessKey.Length > 0
            ? new AcsKeyPolicy(Convert.FromBase64String(options.AccessKey), realTime)
            : new BearerTokenAuthenticationPolicy(identity(), Scope);
        _pipeline = HttpPipelineBuilder.Build(new PipelineOptions(transport), signing);
    }

    public string Name => MailOptions.Acs;

    public bool IsIdempotent => true;

    public async Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var (message, refusal) = AcsMessage.Of(mail);
        if (message is null)
        {
            return refusal!; // one of the two is always set
        }

        cancellationToken.ThrowIfCancellationRequested();
        using var request = _pipeline.CreateRequest();
        request.Method = RequestMethod.Post;
        request.Uri.Reset(_send);
        request.Headers.SetValue("Content-Type", "application/json");
        request.Headers.SetValue("Operation-Id", SendIds.Uuid(mail.SendId).ToString());
        request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(message, AcsJson.Default.AcsMessage));
        try
        {
            using var response = await _pipeline.SendRequestAsync(request, CancellationToken.None);
            return OutcomeOf(response);
        }
        catch (AuthenticationFailedException)
        {
            return new MailOutcome.Deferred("The app's identity got no token for Communication Services.");
        }
        catch (RequestFailedException unreachable) when (IsUnreachable(unreachable))
        {
            return new MailOutcome.Deferred("Communication Services cannot be reached.");
        }
        catch (Exception lost) when (lost is RequestFailedException or OperationCanceledException or IOException)
        {
            return new MailOutcome.Unknown("Communication Services did not answer.");
        }
    }

    /// <summary>Before anything was said.</summary>
    private static bool IsUnreachable(RequestFailedException failed) =>
        failed.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    private MailOutcome OutcomeOf(Response response)
    {
        var answer = Read(response);
        var reason = $"{response.Status} {answer?.Error?.Message ?? response.ReasonPhrase}".TrimEnd();
        return response.Status switch
        {
            >= 200 and < 300 => new MailOutcome.Accepted(answer?.Id),
            // Wants other rights, another address of the service, or a linked domain; or has too much to do: nothing of this is about a person.
            401 or 403 or 404 or 405 or 408 or 409 or 429 => new MailOutcome.Deferred(reason, Until(response)),
            >= 400 and < 500 => new MailOutcome.Rejected(reason, answer?.Error?.Code ?? (response.Headers.TryGetValue("x-ms-error-code", out var code) ? code : null)),
            _ => new MailOutcome.Deferred(reason, Until(response)),
        };
    }

    private DateTimeOffset? Until(Response response) => RetryAfter.Of(response.Headers.TryGetValue("Retry-After", out var header) ? header : null, _time.GetUtcNow(), _realTime.GetUtcNow());

    private static AcsAnswer? Read(Response response)
    {
        try
        {
            return JsonSerializer.Deserialize(response.Content.ToMemory().Span, AcsJson.Default.AcsAnswer);
        }
        catch (JsonException)
        {
            return null; // whatever stands between us and the service need not speak JSON
        }
    }

    // Who sends decides when again, over restarts: nothing is retried here.
    private sealed class PipelineOptions : ClientOptions
    {
        public PipelineOptions(HttpPipelineTransport? transport)
        {
            Transport = transport ?? Transport;
            Retry.MaxRetries = 0;
            Retry.NetworkTimeout = Patience;
            Diagnostics.IsLoggingContentEnabled = false;
            Diagnostics.ApplicationId = "LeadFunctions";
        }
    }
}
