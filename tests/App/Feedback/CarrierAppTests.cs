using System.Net;
using System.Text;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.Tests.Leads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What carriers report, through the app's own doors.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class CarrierAppTests(SharedLeadApp shared)
{
    [Fact]
    public async Task Reports_find_their_lead_and_suppress_the_address_however_often_they_are_told()
    {
        await using var app = shared.Borrow();
        var (lead, _) = await FeedbackDoors.SendAsync(app, "bob.bounce@example.com", hoursAgo: 1);
        var services = app.App.NewServices();
        await services.GetRequiredService<SentIndex>().NoteAsync(new("test/bob.bounce@example.com", lead, LeadEvents.Start, Topic: "news"), ["<m1@shop.example>", "carrier-1"], CancellationToken.None);
        var doors = Doors(services, "postmark=us:secret;eventgrid=grid-key");

        var bounce = """{"RecordType":"Bounce","Type":"HardBounce","ID":42,"MessageID":"carrier-1","Email":"Bob.Bounce@example.com","BouncedAt":"2026-03-20T12:00:00Z","Description":"No such user"}""";
        var complaint = """{"RecordType":"SpamComplaint","ID":43,"MessageID":"unheard-of","Email":"bob.bounce@example.com","BouncedAt":"2026-03-21T12:00:00Z"}""";
        Assert.Equal(401, await PostAsync(doors, "postmark", bounce, "us:wrong"));
        Assert.Equal(401, await PostAsync(doors, "sendgrid", "[]", "us:secret"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync("/api/suppressions/bob.bounce%40example.com")).Status);
        Assert.Equal(200, await PostAsync(doors, "postmark", bounce, "us:secret"));
        Assert.Equal(200, await PostAsync(doors, "postmark", bounce, "us:secret"));
        Assert.Equal("hardBounce", (await app.App.GetAsync("/api/suppressions/bob.bounce%40example.com")).Json.GetProperty("reason").GetString());
        Assert.Equal(200, await PostAsync(doors, "postmark", complaint, "us:secret"));
        await app.App.SettleAsync();

        var told = (await app.TimelineAsync(lead)).Where(e => ((string)e["name"]!).StartsWith("Message ", StringComparison.Ordinal)).ToList();
        Assert.Equal([("Message Complained", "carrier/postmark"), ("Message Bounced", "carrier/postmark")], told.Select(e => ((string)e["name"]!, (string)e["source"]!)));
        var properties = told[1]["properties"]!;
        Assert.Equal(("test/bob.bounce@example.com", "hard", "No such user", "postmark"), ((string)properties["messageId"]!, (string)properties["kind"]!, (string)properties["reason"]!, (string)properties["carrier"]!));
        Assert.Null(told[0]["properties"]!["messageId"]); // known by the address alone
        Assert.Equal("complaint", (await app.App.GetAsync("/api/suppressions/bob.bounce%40example.com")).Json.GetProperty("reason").GetString());

        // Somebody knows better, and a carrier that tells the old bounce again does not.
        Assert.Equal(HttpStatusCode.NoContent, (await app.App.DeleteAsync("/api/suppressions/bob.bounce%40example.com")).Status);
        Assert.Equal(200, await PostAsync(doors, "postmark", bounce, "us:secret"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync("/api/suppressions/bob.bounce%40example.com")).Status);
    }

    /// <summary>A carrier takes every message and tells later: a campaign hears of it, once for each person.</summary>
    [Fact]
    public async Task A_campaign_hears_what_came_back_of_its_messages()
    {
        await using var app = shared.Borrow();
        var services = app.App.NewServices();
        var (campaign, lead) = (Guid.NewGuid().ToString("N"), Identity.Email("camp.aign@example.com").Hash());
        var doors = Doors(services, "postmark=us:secret");
        await services.GetRequiredService<SentIndex>().NoteAsync(new($"campaign/{campaign}/{lead}", lead, LeadEvents.Start, Topic: "news"), [$"carrier-{campaign}"], CancellationToken.None);

        foreach (var (type, id) in (IEnumerable<(string, int)>)[("SoftBounce", 1), ("HardBounce", 2), ("HardBounce", 2)])
        {
            Assert.Equal(200, await PostAsync(doors, "postmark", $$"""{"RecordType":"Bounce","Type":"{{type}}","ID":{{id}},"MessageID":"carrier-{{campaign}}","Email":"camp.aign@example.com","BouncedAt":"2026-03-20T12:00:00Z"}""", "us:secret"));
        }

        Assert.Equal(200, await PostAsync(doors, "postmark", $$"""{"RecordType":"Delivery","MessageID":"carrier-{{campaign}}","Recipient":"camp.aign@example.com","DeliveredAt":"2026-03-20T12:00:00Z"}""", "us:secret"));
        Assert.Equal(1, await services.GetRequiredService<CampaignsTable>().CountReturnedAsync(campaign, CancellationToken.None));
        Assert.Equal(0, await services.GetRequiredService<CampaignsTable>().CountReturnedAsync(Guid.NewGuid().ToString("N"), CancellationToken.None));
    }

    [Fact]
    public async Task Event_Grid_is_answered_in_both_of_its_handshakes_and_only_with_the_key()
    {
        await using var app = shared.Borrow();
        var doors = Doors(app.App.NewServices(), "eventgrid=grid-key");
        var validation = """[{"id":"1","topic":"t","subject":"s","data":{"validationCode":"code-7","validationUrl":"https://x"},"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","dataVersion":"1","metadataVersion":"1","eventTime":"2026-03-01T12:00:00Z"}]""";

        Assert.Equal((200, """{"validationResponse":"code-7"}"""), await GridAsync("POST", validation, "grid-key"));
        Assert.Equal(401, (await GridAsync("POST", validation, "other")).Status);
        Assert.Equal(401, (await GridAsync("OPTIONS", "", "")).Status);
        Assert.Equal((200, "eventgrid.azure.net"), await GridAsync("OPTIONS", "", "grid-key"));
        Assert.Equal(400, (await GridAsync("POST", "{}", "grid-key")).Status);

        async Task<(int Status, string Said)> GridAsync(string method, string body, string key)
        {
            var context = Request(method, body);
            context.Request.QueryString = new($"?key={key}");
            context.Request.Headers["WebHook-Request-Origin"] = "eventgrid.azure.net";
            await (await doors.TakeEventGridReports(context.Request, CancellationToken.None)).ExecuteAsync(context);
            return (context.Response.StatusCode, context.Response.Headers["WebHook-Allowed-Origin"].ToString() is { Length: > 0 } origin ? origin : Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
        }
    }

    /// <summary>The signature is not over the report: whoever has seen one, in some log, could suppress anybody under it, by an instance that has not.</summary>
    [Fact]
    public async Task What_Mailgun_signed_is_let_in_for_a_day_and_on_all_instances_with_the_report_that_it_came_with()
    {
        await using var app = shared.Borrow();
        var (now, salt) = (TimeProvider.System.GetUtcNow(), Guid.NewGuid().ToString("N"));
        var doors = new[] { app.App.NewServices(), app.App.NewServices() }.Select(services => Doors(services, "mailgun=key")).ToArray();

        Assert.Equal(200, await TellAsync(doors[0], now, "a", "carl.complains"));
        Assert.Equal(200, await TellAsync(doors[1], now, "a", "carl.complains")); // it tries again
        Assert.Equal(401, await TellAsync(doors[1], now, "a", "dora.does-not"));
        Assert.Equal(401, await TellAsync(doors[0], now, "a", "dora.does-not"));
        Assert.Equal(200, await TellAsync(doors[0], now.AddHours(-9), "b", "carl.complains"));
        Assert.Equal(401, await TellAsync(doors[0], now.AddHours(-26), "c", "dora.does-not"));
        Assert.Equal(401, await TellAsync(doors[0], now.AddHours(1), "d", "dora.does-not"));

        Assert.Equal("complaint", (await app.App.GetAsync("/api/suppressions/carl.complains%40example.com")).Json.GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync("/api/suppressions/dora.does-not%40example.com")).Status);

        Task<int> TellAsync(CarrierFunctions doors, DateTimeOffset at, string token, string recipient)
        {
            var (seconds, named) = ($"{at.ToUnixTimeSeconds()}", token + salt);
            var signature = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("key"u8, Encoding.UTF8.GetBytes(seconds + named)));
            var json = $$$"""{"signature":{"timestamp":"{{{seconds}}}","token":"{{{named}}}","signature":"{{{signature}}}"},"event-data":{"id":"{{{recipient}}}","event":"complained","timestamp":{{{now.ToUnixTimeSeconds()}}},"recipient":"{{{recipient}}}@example.com"}}""";
            return PostAsync(doors, "mailgun", json, "");
        }
    }

    [Fact]
    public async Task Tokens_are_forgotten_when_their_time_counts_no_more()
    {
        await using var app = shared.Borrow();
        var (then, salt) = (LeadEvents.Start.AddYears(-20), Guid.NewGuid().ToString("N"));
        var tokens = app.App.NewServices().GetRequiredService<CarrierTokens>();

        Assert.True(await tokens.TryKeepAsync(salt, then, "one", then, CancellationToken.None));
        Assert.False(await tokens.TryKeepAsync(salt, then, "another", then.AddHours(20), CancellationToken.None));
        Assert.True(await tokens.TryKeepAsync($"{salt}.2", then.AddDays(2), "one", then.AddDays(3), CancellationToken.None));
        Assert.True(await tokens.TryKeepAsync(salt, then, "another", then.AddDays(3), CancellationToken.None));
    }

    internal static CarrierFunctions Doors(IServiceProvider services, string keys)
    {
        var options = Options.Create(new FeedbackOptions { Keys = keys });
        var reports = new LeadFunctions.Feedback.Api.Reports(services.GetRequiredService<Suppressions>(), services.GetRequiredService<SentIndex>(), services.GetRequiredService<LeadReader>(), services.GetRequiredService<EventWriter>(), services.GetServices<IReturns>(), options, NullLogger<LeadFunctions.Feedback.Api.Reports>.Instance);
        var carriers = new CarrierKeys(options);
        return new(carriers, services.GetRequiredService<SesDoor>(), new(carriers, services.GetRequiredService<CarrierTokens>()), new(TimeProvider.System, NullLogger<RefusedCarriers>.Instance), reports, services.GetRequiredService<TimeProvider>());
    }

    internal static async Task<int> PostAsync(CarrierFunctions doors, string carrier, string body, string password)
    {
        var context = Request("POST", body);
        context.Request.Headers.Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(password))}";
        await (await doors.TakeReports(context.Request, carrier, CancellationToken.None)).ExecuteAsync(context);
        return context.Response.StatusCode;
    }

    private static DefaultHttpContext Request(string method, string body) => new()
    {
        RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider(),
        Request = { Method = method, Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) },
        Response = { Body = new MemoryStream() },
    };
}
