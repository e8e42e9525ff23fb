using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Json.Schema;
using LeadFunctions.Mail;
using LeadFunctions.Mail.Acs;
using LeadFunctions.Tests.Integrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using static LeadFunctions.Tests.Mail.SmtpVerdictTests;

namespace LeadFunctions.Tests.Mail;

/// <summary>Azure Communication Services, as its specification describes it: a server here that holds requests against that.</summary>
public sealed class AcsMailTests
{
    private static readonly byte[] Key = SHA256.HashData("key"u8);
    private static readonly DateTimeOffset Real = new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero);

    /// <summary>EmailMessage of version 2023-03-31, without what is optional and not sent; nothing else may be there.</summary>
    private static readonly JsonSchema Message = JsonSchema.FromText("""
        {
          "type": "object", "required": ["senderAddress", "content", "recipients"], "additionalProperties": false,
          "properties": {
            "senderAddress": {"type": "string", "pattern": "^[^<> ]+@[^<> ]+$"},
            "content": {"type": "object", "required": ["subject"], "additionalProperties": false, "properties": {"subject": {"type": "string"}, "plainText": {"type": "string"}, "html": {"type": "string"}}},
            "recipients": {"type": "object", "required": ["to"], "additionalProperties": false, "properties": {"to": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/address"}}}},
            "replyTo": {"type": "array", "items": {"$ref": "#/$defs/address"}},
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
            "userEngagementTrackingDisabled": {"type": "boolean"}
          },
          "$defs": {"address": {"type": "object", "required": ["address"], "additionalProperties": false, "properties": {"address": {"type": "string"}, "displayName": {"type": "string"}}}}
        }
        """);

    [Fact]
    public async Task A_mail_is_asked_for_as_specified_and_signed_with_the_key()
    {
        await using var service = await Receiver.StartAsync();
        var query = "";
        service.Answer = async (_, context) =>
        {
            query = context.Request.QueryString.Value;
            context.Response.StatusCode = 202;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"id":"8540c0de-899f-5cce-acb5-3ec493af3800","status":"Running"}""");
            return 202;
        };

        var told = await Acs(service).SendAsync(Mails.Of(), CancellationToken.None);
        await Acs(service).SendAsync(Mails.Of(), CancellationToken.None);
        await Acs(service).SendAsync(Mails.Of("another"), CancellationToken.None);

        Assert.Equal(new MailOutcome.Accepted("8540c0de-899f-5cce-acb5-3ec493af3800"), told);
        var request = service.All.First();
        Assert.Equal(("/emails:send", "?api-version=2023-03-31"), (request.Path, query));
        Assert.True(Message.Evaluate(JsonDocument.Parse(request.Body).RootElement).IsValid, request.Body);
        var body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal("news@acme.example", body.GetProperty("senderAddress").GetString());
        Assert.Equal("<https://app.example/e/u/token>", body.GetProperty("headers").GetProperty("List-Unsubscribe").GetString());
        Assert.True(body.GetProperty("userEngagementTrackingDisabled").GetBoolean());

        // What the service computes anew from what arrived.
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(request.Body)));
        var asked = $"POST\n/emails:send?api-version=2023-03-31\n{request.Headers["x-ms-date"]};{request.Headers["Host"]};{hash}";
        Assert.Equal((hash, "Thu, 26 Nov 2026 10:00:00 GMT"), (request.Headers["x-ms-content-sha256"], request.Headers["x-ms-date"]));
        Assert.Equal($"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(asked)))}", request.Headers["Authorization"]);

        // The same mail is the same operation.
        var operations = service.All.Select(one => Guid.Parse(one.Headers["Operation-Id"])).ToList();
        Assert.Equal(operations[0], operations[1]);
        Assert.NotEqual(operations[0], operations[2]);
    }

    [Theory]
    [InlineData(200, null, "", "Accepted", null)]
    [InlineData(400, null, """{"error":{"code":"BadRequest","message":"The content is missing."}}""", "Rejected BadRequest", null)]
    [InlineData(413, null, "", "Rejected ", null)]
    [InlineData(422, null, "<html>", "Rejected ", null)]
    [InlineData(401, null, """{"error":{"code":"Denied","message":"Denied."}}""", "Deferred", null)]
    [InlineData(403, null, "", "Deferred", null)]
    [InlineData(404, null, """{"error":{"code":"DomainNotLinked","message":"Not linked."}}""", "Deferred", null)]
    [InlineData(429, "120", "", "Deferred", 120)]
    [InlineData(429, null, "", "Deferred", null)]
    [InlineData(503, "7", "", "Deferred", 7)]
    [InlineData(500, null, "", "Deferred", null)]
    [InlineData(302, null, "", "Deferred", null)]
    public async Task What_it_answers_is_told_as_what_it_means(int status, string? retryAfter, string body, string outcome, int? seconds)
    {
        await using var service = await Receiver.StartAsync();
        service.Answer = async (_, context) =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            await context.Response.WriteAsync(body);
            return status;
        };

        var told = await Acs(service).SendAsync(Mails.Of(), CancellationToken.None);

        Assert.Equal(outcome, Shown(told));
        Assert.Single(service.All);
        Assert.Equal(seconds is { } some ? Mails.Noon.AddSeconds(some) : null, (told as MailOutcome.Deferred)?.Until);
    }

    [Fact]
    public async Task Nobody_there_is_not_the_same_as_no_answer()
    {
        await using var service = await Receiver.StartAsync();
        service.Answer = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(0);
        };
        Assert.Equal("Unknown", Shown(await Acs(service).SendAsync(Mails.Of(), CancellationToken.None)));

        var acs = Acs(service);
        await service.DisposeAsync();
        Assert.Equal("Deferred", Shown(await acs.SendAsync(Mails.Of(), CancellationToken.None)));
        Assert.True(acs.IsIdempotent);
    }

    private static AcsMail Acs(Receiver service) =>
        new(new() { Endpoint = service.Url + "/", AccessKey = Convert.ToBase64String(Key) }, () => throw new InvalidOperationException("There is a key."), new FakeTimeProvider(Mails.Noon), new FakeTimeProvider(Real));
}
