using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Outbound;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Feedback.Api;

/// <summary>Lets SES's reports in that come by the SNS topic of the setting. Of what a message names only the service's own addresses are asked, and a subscription is confirmed to that topic alone.</summary>
public sealed class SesDoor : IDisposable
{
    private const int MostBytes = 64 * 1024;
    private const int Certificates = 16;

    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly HttpClient? _client;
    private readonly Func<string, CancellationToken, Task<string>> _get;
    private readonly RecentCache<X509Certificate2> _certificates = new(Certificates);

    public SesDoor(IOptions<FeedbackOptions> options, ILogger<SesDoor> logger)
    {
        (_topic, _logger) = (options.Value.SnsTopic, logger);
        _client = new HttpClient(WebhookConnections.Create(allowsPrivate: false).CreateHandler()) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = MostBytes };
        _get = _client.GetStringAsync;
    }

    /// <param name="get">What stands at an address.</param>
    internal SesDoor(string topic, ILogger<SesDoor> logger, Func<string, CancellationToken, Task<string>> get) => (_topic, _logger, _get) = (topic, logger, get);

    public void Dispose() => _client?.Dispose();

    /// <summary>Either what it reports, or why it is not let in.</summary>
    internal async Task<(IReadOnlyList<DeliveryReport> Reports, string? Refusal)> ReadAsync(JsonElement body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_topic.Length == 0)
        {
            return ([], "No SNS topic is set.");
        }

        if (SnsMessage.Read(body) is not { } message)
        {
            return ([], "It is no message of SNS.");
        }

        if (message.TopicArn != _topic)
        {
            return ([], "It is of another topic.");
        }

        if (!SnsMessage.IsTheirs(message.CertificateUrl) || !message.IsSigned(await CertificateAsync(message.CertificateUrl, cancellationToken)))
        {
            return ([], "It is not signed by SNS.");
        }

        if (message.Type == SnsMessage.Confirmation)
        {
            if (!SnsMessage.IsTheirs(message.SubscribeUrl))
            {
                return ([], "Its confirmation is not SNS's.");
            }

            await _get(message.SubscribeUrl!, cancellationToken); // it is theirs
            _logger.SubscriptionConfirmed(_topic);
            return ([], null);
        }

        return (message.Type == SnsMessage.Notification ? Reports(message.Message, now) : [], null);
    }

    // What else is published to the topic is nobody's report.
    private static IReadOnlyList<DeliveryReport> Reports(string text, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return SesReports.Read(json.RootElement, now);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private async Task<X509Certificate2> CertificateAsync(string address, CancellationToken cancellationToken)
    {
        if (!_certificates.TryFind(address, out var certificate))
        {
            certificate = X509Certificate2.CreateFromPem(await _get(address, cancellationToken));
            _certificates.Keep(address, certificate);
        }

        return certificate;
    }
}
