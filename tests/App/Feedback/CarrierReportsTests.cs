using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Mail;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Feedback;

/// <summary>Reports in the words of each carrier, and their proofs of who they are.</summary>
public sealed class CarrierReportsTests
{
    private static readonly DateTimeOffset At = TokenLaws.Now;

    // When it is told: a report says itself when it was.
    private static readonly DateTimeOffset Now = At.AddDays(1);

    [Theory]
    [InlineData("""{"event":"bounce","type":"bounce","email":"ann@example.com","timestamp":1772366400,"smtp-id":"<a@b>","sg_event_id":"e1","status":"5.1.1","reason":"550 no such user","lf-send":"h"}""", "HardBounce", "h,<a@b>")]
    [InlineData("""{"event":"bounce","type":"blocked","email":"ann@example.com","timestamp":1772366400,"smtp-id":"<a@b>","sg_event_id":"e1"}""", "SoftBounce", "<a@b>")]
    [InlineData("""{"event":"spamreport","email":"ann@example.com","timestamp":1772366400,"sg_message_id":"m"}""", "Complaint", "m")]
    [InlineData("""{"event":"dropped","reason":"Bounced Address","email":"ann@example.com","timestamp":1772366400}""", "HardBounce", "")]
    [InlineData("""{"event":"dropped","reason":"Unsubscribed Address","email":"ann@example.com","timestamp":1772366400}""", "Unsubscribe", "")]
    [InlineData("""{"event":"group_unsubscribe","email":"ann@example.com","timestamp":1772366400}""", "Unsubscribe", "")]
    [InlineData("""{"event":"delivered","email":"ann@example.com","timestamp":1772366400}""", "Delivered", "")]
    [InlineData("""{"event":"deferred","email":"ann@example.com","timestamp":1772366400}""", null, "")]
    [InlineData("""{"event":"open"}""", null, "")]
    [InlineData("""{"event":7}""", null, "")]
    [InlineData("\"text\"", null, "")]
    public void SendGrid(string e, string? kind, string references) => Same(SendGridReports.Read(Json($"[{e}]"), Now), kind, references);

    [Theory]
    [InlineData("failed", "permanent", "bounce", "HardBounce")]
    [InlineData("failed", "permanent", "suppress-bounce", "HardBounce")]
    [InlineData("failed", "permanent", "suppress-complaint", "Complaint")]
    [InlineData("failed", "permanent", "suppress-unsubscribe", "Unsubscribe")]
    [InlineData("failed", "permanent", "old", "SoftBounce")]
    [InlineData("failed", "permanent", "espblock", "SoftBounce")]
    [InlineData("failed", "temporary", "generic", null)]
    [InlineData("complained", null, null, "Complaint")]
    [InlineData("unsubscribed", null, null, "Unsubscribe")]
    [InlineData("delivered", null, null, "Delivered")]
    [InlineData("opened", null, null, null)]
    public void Mailgun(string name, string? severity, string? reason, string? kind)
    {
        var body = Json(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["event-data"] = new Dictionary<string, object?>
            {
                ["event"] = name,
                ["severity"] = severity,
                ["reason"] = reason,
                ["recipient"] = "ann@example.com",
                ["timestamp"] = 1772366400.25,
                ["id"] = "x1",
                ["message"] = new { headers = new Dictionary<string, string> { ["message-id"] = "a@b" } },
                ["user-variables"] = new Dictionary<string, string> { ["lf-send"] = "h" },
                ["delivery-status"] = new { code = 605, message = "Not delivering to previously bounced address" },
            },
        }));

        var reports = MailgunReports.Read(body, Now);

        Same(reports, kind, "h,a@b");
        Assert.All(reports, report => Assert.Equal(("x1", "605"), (report.Id, report.Code)));
    }

    [Theory]
    [InlineData("""{"RecordType":"Bounce","Type":"HardBounce","ID":42,"MessageID":"p","Email":"ann@example.com","BouncedAt":"2026-03-01T12:00:00Z","Description":"No such user","Metadata":{"lf-send":"h"}}""", "HardBounce", "h,p")]
    [InlineData("""{"RecordType":"Bounce","Type":"Transient","ID":42,"MessageID":"p","Email":"ann@example.com","BouncedAt":"2026-03-01T12:00:00Z"}""", "SoftBounce", "p")]
    [InlineData("""{"RecordType":"Bounce","Type":"AutoResponder","ID":42,"MessageID":"p","Email":"ann@example.com","BouncedAt":"2026-03-01T12:00:00Z"}""", null, "")]
    [InlineData("""{"RecordType":"SpamComplaint","Type":"SpamComplaint","ID":42,"MessageID":"p","Email":"ann@example.com","BouncedAt":"2026-03-01T12:00:00Z"}""", "Complaint", "p")]
    [InlineData("""{"RecordType":"SubscriptionChange","MessageID":"p","Recipient":"ann@example.com","ChangedAt":"2026-03-01T12:00:00Z","SuppressSending":true,"SuppressionReason":"ManualSuppression"}""", "Unsubscribe", "p")]
    [InlineData("""{"RecordType":"SubscriptionChange","MessageID":"p","Recipient":"ann@example.com","ChangedAt":"2026-03-01T12:00:00Z","SuppressSending":false}""", null, "")]
    [InlineData("""{"RecordType":"Delivery","MessageID":"p","Recipient":"ann@example.com","DeliveredAt":"2026-03-01T12:00:00Z"}""", "Delivered", "p")]
    [InlineData("""{"RecordType":"Open"}""", null, "")]
    public void Postmark(string body, string? kind, string references) => Same(PostmarkReports.Read(Json(body), Now), kind, references);

    [Theory]
    [InlineData("""{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","timestamp":"2026-03-01T12:00:00.000Z","feedbackId":"f","bouncedRecipients":[{"emailAddress":"ann@example.com","status":"5.1.1","diagnosticCode":"smtp; 550"}]},"mail":{"messageId":"s","commonHeaders":{"messageId":"<a@b>"},"headers":[{"name":"Message-ID","value":"<a@b>"}]}}""", "HardBounce", "<a@b>,<a@b>,s")]
    [InlineData("""{"eventType":"Bounce","bounce":{"bounceType":"Transient","timestamp":"2026-03-01T12:00:00.000Z","bouncedRecipients":[{"emailAddress":"ann@example.com"}]},"mail":{"messageId":"s","tags":{"lf-send":["h"]}}}""", "SoftBounce", "h,s")]
    [InlineData("""{"notificationType":"Complaint","complaint":{"timestamp":"2026-03-01T12:00:00.000Z","complainedRecipients":[{"emailAddress":"ann@example.com"}]},"mail":{"messageId":"s"}}""", "Complaint", "s")]
    [InlineData("""{"notificationType":"Delivery","delivery":{"timestamp":"2026-03-01T12:00:00.000Z","recipients":["ann@example.com"]},"mail":{"messageId":"s"}}""", "Delivered", "s")]
    [InlineData("""{"eventType":"Subscription","subscription":{"timestamp":"2026-03-01T12:00:00.000Z"},"mail":{"messageId":"s","destination":["ann@example.com"]}}""", "Unsubscribe", "s")]
    [InlineData("""{"eventType":"Send","mail":{"messageId":"s"}}""", null, "")]
    public void Ses(string message, string? kind, string references) => Same(SesReports.Read(Json(message), Now), kind, references);

    [Theory]
    [InlineData("Bounced", "HardBounce")]
    [InlineData("Suppressed", "HardBounce")]
    [InlineData("Failed", "SoftBounce")]
    [InlineData("FilteredSpam", "SoftBounce")]
    [InlineData("Quarantined", "SoftBounce")]
    [InlineData("Delivered", "Delivered")]
    [InlineData("OutForDelivery", null)]
    public void Communication_Services_in_both_schemas(string status, string? kind)
    {
        var data = $$"""{"sender":"us@shop.example","recipient":"ann@example.com","messageId":"op","internetMessageId":"<a@b>","status":"{{status}}","deliveryStatusDetails":{"statusMessage":"so"},"deliveryAttemptTimeStamp":"2026-03-01T12:00:00Z"}""";
        var grid = $$"""[{"id":"g1","topic":"t","subject":"s","data":{{data}},"eventType":"Microsoft.Communication.EmailDeliveryReportReceived","dataVersion":"1.0","metadataVersion":"1","eventTime":"2026-03-01T12:00:00Z"}]""";
        var cloud = $$"""{"specversion":"1.0","id":"g1","source":"/x","type":"Microsoft.Communication.EmailDeliveryReportReceived","time":"2026-03-01T12:00:00Z","data":{{data}}}""";

        foreach (var body in new[] { grid, cloud, $"[{cloud}]" })
        {
            Same(AcsReports.Read(Encoding.UTF8.GetBytes(body), Now)!.Reports, kind, "op,<a@b>");
        }
    }

    [Fact]
    public void Communication_Services_tells_opens_and_clicks_and_asks_whether_this_is_the_endpoint()
    {
        const string envelope = """[{"id":"g1","topic":"t","subject":"s","data":DATA,"eventType":"TYPE","dataVersion":"1.0","metadataVersion":"1","eventTime":"2026-03-01T12:00:00Z"}]""";
        AcsReports.Delivery? Read(string type, string data) => AcsReports.Read(Encoding.UTF8.GetBytes(envelope.Replace("TYPE", type, StringComparison.Ordinal).Replace("DATA", data, StringComparison.Ordinal)), Now);

        var click = Read("Microsoft.Communication.EmailEngagementTrackingReportReceived", """{"sender":"s","messageId":"op","userActionTimeStamp":"2026-03-01T13:00:00Z","engagementContext":"https://shop.example/","userAgent":"UA","engagementType":"click"}""");
        var view = Read("Microsoft.Communication.EmailEngagementTrackingReportReceived", """{"sender":"s","messageId":"op","userActionTimeStamp":"2026-03-01T13:00:00Z","engagementContext":"","userAgent":"UA","engagementType":"view"}""");

        Assert.Equal((ReportKind.Click, "https://shop.example/", "UA", At.AddHours(1)), (click!.Reports[0].Kind, click.Reports[0].Url, click.Reports[0].Agent, click.Reports[0].At));
        Assert.Equal((ReportKind.Open, null), (view!.Reports[0].Kind, view.Reports[0].Url));
        Assert.Equal("the-code", Read("Microsoft.EventGrid.SubscriptionValidationEvent", """{"validationCode":"the-code","validationUrl":"https://x"}""")!.ValidationCode);
        Assert.Empty(Read("Microsoft.Storage.BlobCreated", "{}")!.Reports);
        Assert.Null(AcsReports.Read("{}"u8.ToArray(), Now));
        Assert.Null(AcsReports.Read("no json"u8.ToArray(), Now));
    }

    [Fact]
    public void SendGrids_signature_covers_the_time_and_every_byte()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var shown = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        var body = """[{"event":"bounce"}]"""u8.ToArray();
        var signature = Convert.ToBase64String(key.SignData([.. "1772366400"u8, .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        Assert.True(SendGridReports.IsSigned(shown, signature, "1772366400", body));
        Assert.False(SendGridReports.IsSigned(shown, signature, "1772366401", body));
        Assert.False(SendGridReports.IsSigned(shown, signature, "1772366400", [.. body, (byte)' ']));
        Assert.False(SendGridReports.IsSigned(shown, "", "1772366400", body));
        Assert.False(SendGridReports.IsSigned("no key", signature, "1772366400", body));
    }

    [Fact]
    public void Mailguns_signature_is_over_its_time_and_token()
    {
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData("key"u8, "1772366400token"u8));
        JsonElement Signed(string timestamp, string token) => Json($$$"""{"signature":{"timestamp":"{{{timestamp}}}","token":"{{{token}}}","signature":"{{{signature}}}"}}""");

        Assert.True(MailgunReports.IsSigned("key", Signed("1772366400", "token")));
        Assert.False(MailgunReports.IsSigned("other", Signed("1772366400", "token")));
        Assert.False(MailgunReports.IsSigned("key", Signed("1772366401", "token")));
        Assert.False(MailgunReports.IsSigned("key", Json("{}")));
    }

    [Fact]
    public void Whoever_knocks_a_thousand_times_is_told_of_once_and_counted()
    {
        var (clock, logs) = (new FakeTimeProvider(), new Told());
        var refused = new RefusedCarriers(clock, logs);

        Enumerable.Range(0, 1_000).ToList().ForEach(_ => refused.Tell("sendgrid", "The signature is missing or wrong."));
        refused.Tell("mailgun", "The signature is missing or wrong.");
        clock.Advance(TimeSpan.FromSeconds(61));
        refused.Tell("sendgrid", "The signature is missing or wrong.");

        Assert.Equal(3, logs.Lines.Count);
        Assert.Contains("999 more", logs.Lines[2], StringComparison.Ordinal);
    }

    private sealed class Told : Microsoft.Extensions.Logging.ILogger<RefusedCarriers>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }

    /// <summary>As the mail slice names messages.</summary>
    [Fact]
    public void A_message_is_known_by_its_reference_by_its_Message_ID_and_by_the_carriers_id()
    {
        const string send = "welcome~lead~1/offer/1";

        Assert.Equal(SendLinks.HashOf(send), SentIndex.KeyOf(SendLinks.HashOf(send)));
        Assert.Equal(SendLinks.HashOf(send), SentIndex.KeyOf($"<{SendIds.Local(send)}@shop.example>"));
        Assert.Equal(SendLinks.HashOf(send), SentIndex.KeyOf($"{SendIds.Local(send).ToUpperInvariant()}@shop.example"));
        Assert.Equal(4, new[] { "op-1", "<a@b>", SendIds.Uuid(send).ToString(), SendIds.Local(send) }.Select(SentIndex.KeyOf).Distinct().Count());
    }

    private static void Same(IReadOnlyList<DeliveryReport> reports, string? kind, string references)
    {
        if (kind is null)
        {
            Assert.Empty(reports);
            return;
        }

        var report = Assert.Single(reports);
        Assert.Equal((kind, "ann@example.com", references), ($"{report.Kind}", report.Address, string.Join(',', report.References)));
        Assert.Equal(At, report.At, TimeSpan.FromSeconds(1));
        Assert.NotEqual("", report.Id);
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
