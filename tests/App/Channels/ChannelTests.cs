using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Channels;
using LeadFunctions.Channels.Delivery;
using LeadFunctions.Integrations;
using LeadFunctions.Integrations.Api;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Outbound;
using LeadFunctions.Tests.Integrations;
using LeadFunctions.Tests.Mail;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tests.Channels;

/// <summary>Gateways for what is no mail: what they are sent, and what their answers mean.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class ChannelTests(SharedApp shared)
{
    private static readonly ChannelMessage Message = new("run/step/\u0142", "sms", "lead-1", "+48123456789", null, "Cześć", Mails.Noon, JsonDocument.Parse("""{"code":"A1"}""").RootElement, new(Journey: "welcome", Step: "hello"));

    [Theory]
    [InlineData(200, """{"id":"sm-1"}""", "accepted sm-1")]
    [InlineData(204, "", "accepted ")]
    [InlineData(200, """{"id":17}""", "accepted 17")]
    [InlineData(200, "<html>", "accepted ")]
    [InlineData(409, """{"id":"sm-1"}""", "accepted sm-1")]
    [InlineData(400, """{"reason":"Too long"}""", "rejected 400 400: Too long")]
    [InlineData(422, """{"reason":"No such number","code":"unreachable","isAddress":true}""", "rejected unreachable 422: No such number address")]
    [InlineData(422, """{"isAddress":"yes"}""", "rejected 422 The gateway answered 422.")]
    [InlineData(401, """{"reason":"Who are you?"}""", "deferred 401: Who are you?")]
    [InlineData(404, "", "deferred The gateway answered 404.")]
    [InlineData(410, "", "deferred The gateway answered 410.")]
    [InlineData(301, "", "deferred The gateway answered 301.")]
    [InlineData(429, "", "deferred The gateway answered 429. +60")]
    [InlineData(503, "[]", "deferred The gateway answered 503. +60")]
    public async Task An_answer_means_what_it_says(int status, string body, string outcome)
    {
        await using var gateway = await Receiver.StartAsync();
        gateway.Answer = async (_, context) =>
        {
            context.Response.StatusCode = status;
            if (status is 429 or 503)
            {
                context.Response.Headers.RetryAfter = "60";
            }

            if (status != 204)
            {
                await context.Response.WriteAsync(body);
            }

            return status;
        };

        var answer = await PostAsync(gateway.Url);

        Assert.Equal(outcome, answer.Outcome switch
        {
            MailOutcome.Accepted accepted => $"accepted {accepted.CarrierId}",
            MailOutcome.Deferred deferred => $"deferred {deferred.Reason}{(deferred.Until is { } until ? $" +{(until - Mails.Noon).TotalSeconds}" : "")}",
            MailOutcome.Rejected rejected => $"rejected {rejected.Code} {rejected.Reason}{(rejected.IsAddress ? " address" : "")}",
            _ => "unknown",
        });
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_message_is_signed_and_named_alike_at_each_try()
    {
        await using var gateway = await Receiver.StartAsync();
        var secret = WebhookFunctions.NewSecret();

        await PostAsync(gateway.Url, secret);
        await PostAsync(gateway.Url, secret);

        var all = gateway.All.ToList();
        Assert.Equal([true, true], await IndependentVerifier.VerdictsAsync(secret, all));
        Assert.Equal(all[0].Id, all[1].Id);
        Assert.Equal((all[0].Id, "application/json; charset=utf-8"), (all[0].Headers["Idempotency-Key"], all[0].ContentType));
        Assert.Equal(
            """{"type":"message.send","timestamp":"2026-06-01T12:00:00+00:00","data":{"id":"run/step/ł","channel":"sms","leadId":"lead-1","to":"+48123456789","text":"Cześć","journey":"welcome","step":"hello","data":{"code":"A1"}}}""",
            all[0].Body);
    }

    [Fact]
    public async Task No_gateway_a_private_one_and_no_answer_are_told_apart()
    {
        await using var gateway = await Receiver.StartAsync();
        gateway.Answer = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return 200;
        };
        Assert.Equal(new MailOutcome.Unknown("The gateway did not answer."), (await PostAsync(gateway.Url, patience: TimeSpan.FromMilliseconds(300))).Outcome);
        gateway.Answer = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(0);
        };
        Assert.Equal(new MailOutcome.Unknown("The gateway did not answer."), (await PostAsync(gateway.Url)).Outcome);
        Assert.Equal(new MailOutcome.Deferred("The gateway's address is private."), (await PostAsync(gateway.Url, allowsPrivate: false)).Outcome);

        var url = gateway.Url;
        await gateway.DisposeAsync();
        Assert.Equal(new MailOutcome.Deferred("The gateway cannot be reached."), (await PostAsync(url)).Outcome);
    }

    [Theory]
    [InlineData("""{"name":"SMS"}""", "$.url")]
    [InlineData("""{"url":"https://a.example"}""", "$.name")]
    [InlineData("""{"name":"SMS","url":"ftp://a.example"}""", "$.url")]
    [InlineData("""{"name":"SMS","url":"https://u:p@a.example"}""", "$.url")]
    [InlineData("""{"name":"SMS","url":"https://a.example","secret":"x"}""", "$.secret")]
    [InlineData("[]", "$")]
    public void A_mistake_in_a_document_is_answered_with_its_place(string document, string path) => Assert.Equal(path, Assert.Single(ChannelDocument.Parse(Encoding.UTF8.GetBytes(document)).Errors).Path);

    [Fact]
    public async Task A_channel_is_made_tried_rotated_and_deleted()
    {
        await using var app = shared.Borrow();
        await using var gateway = await Receiver.StartAsync();
        gateway.Answer = async (_, context) =>
        {
            await context.Response.WriteAsync("""{"id":"sm-1"}""");
            return 200;
        };
        var document = JsonSerializer.Serialize(new { name = "Texts", url = gateway.Url + "/send" });

        Assert.Equal("id", Assert.Single((await app.PutAsync("/api/channels/email", document)).ErrorPaths));
        Assert.Equal("$.url", Assert.Single((await app.PutAsync("/api/channels/sms", """{"name":"x"}""")).ErrorPaths));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/channels/sms")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/api/channels/sms/test", """{"to":"+48"}""")).Status);

        var made = await app.PutAsync("/api/channels/sms", document);
        var secret = made.Json.GetProperty("secret").GetString()!; // it was made
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (made.Status, (await app.PutAsync("/api/channels/sms", document)).Status));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/channels/sms", document, ifMatch: "\"9.9.9\"")).Status);
        Assert.False((await app.GetAsync("/api/channels/sms")).Json.TryGetProperty("secret", out _));
        Assert.Contains((await app.GetAsync("/api/channels")).Json.GetProperty("items").EnumerateArray(), channel => channel.GetProperty("id").GetString() == "sms");

        Assert.Equal("$.to", Assert.Single((await app.PostAsync("/api/channels/sms/test", """{"to":""}""")).ErrorPaths));
        var tried = await app.PostAsync("/api/channels/sms/test", """{"to":"+48123456789","text":"Hello"}""");
        Assert.Equal(("accepted", "sm-1"), (tried.Json.GetProperty("outcome").GetString(), tried.Json.GetProperty("answer").GetProperty("id").GetString()));
        Assert.True(await IndependentVerifier.AcceptsAsync(secret, Assert.Single(gateway.All)));

        var rotated = await app.PostAsync("/api/channels/sms/rotate");
        await app.PostAsync("/api/channels/sms/test", """{"to":"+48123456789"}""");
        Assert.True(await IndependentVerifier.AcceptsAsync(secret, gateway.All.Last()));
        Assert.True(await IndependentVerifier.AcceptsAsync(rotated.Json.GetProperty("secret").GetString()!, gateway.All.Last())); // it has one

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/channels/sms")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/channels/sms")).Status);
        Assert.NotEqual(secret, (await app.PutAsync("/api/channels/sms", document)).Json.GetProperty("secret").GetString());
    }

    private static async Task<ChannelAnswer> PostAsync(string url, string? secret = null, bool allowsPrivate = true, TimeSpan? patience = null)
    {
        using var client = new HttpClient(WebhookConnections.Create(allowsPrivate).CreateHandler());
        return await ChannelSender.PostAsync(client, new Uri(url), Message, new WebhookSecret(secret ?? WebhookFunctions.NewSecret()), Mails.Noon, patience ?? TimeSpan.FromSeconds(30));
    }
}
