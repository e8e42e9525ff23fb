using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What comes by SNS: only what is signed by the service, of our topic; and nothing but the service is asked on a stranger's word.</summary>
public sealed class SesDoorTests : IDisposable
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:mail";
    private const string CertificateUrl = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem";

    private readonly RSA _key = RSA.Create(2048);
    private readonly List<string> _asked = [];

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_signed_notification_is_read(string version)
    {
        var (reports, refusal) = await ReadAsync(Signed(version));

        Assert.Null(refusal);
        Assert.Equal((ReportKind.Complaint, "ann@example.com"), (Assert.Single(reports).Kind, reports[0].Address));
        Assert.Equal([CertificateUrl], _asked);
    }

    [Theory]
    [InlineData("Message", "{}")]
    [InlineData("MessageId", "other")]
    [InlineData("Timestamp", "2026-03-02T12:00:00.000Z")]
    [InlineData("Signature", "AAAA")]
    [InlineData("Signature", "no base64!")]
    [InlineData("SignatureVersion", "3")]
    public async Task What_was_altered_is_not(string field, string value)
    {
        var body = Signed("1");
        body[field] = value;

        Assert.Equal("It is not signed by SNS.", (await ReadAsync(body)).Refusal);
    }

    [Theory]
    [InlineData("https://sns.eu-central-1.amazonaws.com.example.com/x.pem")]
    [InlineData("https://evil.example/sns.eu-central-1.amazonaws.com/x.pem")]
    [InlineData("http://sns.eu-central-1.amazonaws.com/x.pem")]
    [InlineData("https://sns.eu-central-1.amazonaws.com:8443/x.pem")]
    [InlineData("https://a@sns.eu-central-1.amazonaws.com/x.pem")]
    [InlineData("https://s3.amazonaws.com/x.pem")]
    [InlineData("https://sns.eu-central-1.amazonaws.com@evil.example/x.pem")]
    [InlineData("https://localhost/x.pem")]
    [InlineData("file:///etc/passwd")]
    [InlineData("x")]
    public async Task No_certificate_is_fetched_from_elsewhere(string address)
    {
        var body = Signed("1");
        body["SigningCertURL"] = address;

        Assert.NotNull((await ReadAsync(body)).Refusal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_subscription_is_confirmed_to_the_topic_of_the_setting_alone_and_at_the_service_alone()
    {
        const string confirm = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";

        Assert.Null((await ReadAsync(Confirmation(confirm))).Refusal);
        Assert.Equal([CertificateUrl, confirm], _asked);

        _asked.Clear();
        Assert.NotNull((await ReadAsync(Confirmation("https://evil.example/confirm"))).Refusal);
        Assert.DoesNotContain(_asked, address => address.Contains("evil", StringComparison.Ordinal));

        _asked.Clear();
        Assert.Equal("It is of another topic.", (await ReadAsync(Confirmation(confirm), topic: Topic + "2")).Refusal);
        Assert.Equal("No SNS topic is set.", (await ReadAsync(Confirmation(confirm), topic: "")).Refusal);
        Assert.Equal("It is no message of SNS.", (await ReadAsync(new())).Refusal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task What_else_is_published_to_the_topic_is_no_report() =>
        Assert.Equal((0, null), ((await ReadAsync(Signed("1", "hello"))).Reports.Count, (await ReadAsync(Signed("1", "hello"))).Refusal));

    private async Task<(IReadOnlyList<DeliveryReport> Reports, string? Refusal)> ReadAsync(JsonObject body, string topic = Topic)
    {
        using var door = new SesDoor(topic, NullLogger<SesDoor>.Instance, (address, _) =>
        {
            _asked.Add(address);
            return Task.FromResult(Pem());
        });
        return await door.ReadAsync(JsonSerializer.SerializeToElement(body), TokenLaws.Now, CancellationToken.None);
    }

    private string Pem()
    {
        using var certificate = new CertificateRequest("CN=sns.amazonaws.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TokenLaws.Now, TokenLaws.Now.AddYears(1));
        return certificate.ExportCertificatePem();
    }

    private JsonObject Signed(string version, string message = """{"notificationType":"Complaint","complaint":{"timestamp":"2026-03-01T12:00:00.000Z","complainedRecipients":[{"emailAddress":"ann@example.com"}]},"mail":{"messageId":"s"}}""") =>
        Sign(new() { ["Type"] = "Notification", ["MessageId"] = "m1", ["TopicArn"] = Topic, ["Message"] = message, ["Timestamp"] = "2026-03-01T12:00:00.000Z", ["SignatureVersion"] = version, ["SigningCertURL"] = CertificateUrl },
            "Message", "MessageId", "Timestamp", "TopicArn", "Type");

    private JsonObject Confirmation(string url) =>
        Sign(new() { ["Type"] = "SubscriptionConfirmation", ["MessageId"] = "m2", ["TopicArn"] = Topic, ["Message"] = "You have chosen …", ["Timestamp"] = "2026-03-01T12:00:00.000Z", ["SignatureVersion"] = "1", ["SigningCertURL"] = CertificateUrl, ["SubscribeURL"] = url, ["Token"] = "t" },
            "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

    /// <summary>As the service's documentation says it, apart from how the app says it.</summary>
    private JsonObject Sign(JsonObject body, params string[] fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            text.Append(field).Append('\n').Append((string?)body[field]).Append('\n');
        }

        body["Signature"] = Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(text.ToString()), (string?)body["SignatureVersion"] == "2" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
        return body;
    }
}
