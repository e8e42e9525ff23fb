using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>What would fail at every try fails at once, and says so; the run goes on.</summary>
public sealed class LastingFailureTests
{
    [Fact]
    public async Task A_message_or_an_event_that_is_too_large_fails_its_step_at_once()
    {
        await using var server = await ServeAsync(new { x = Noise(200_000) });
        await using var app = await StartAsync();
        await app.PublishAsync("large", """
            {"name":"x","trigger":{"event":"Start"},"steps":[
              {"id":"ask","type":"webhook","url":"%","saveAs":"a"},
              {"id":"two","type":"send","template":"two","data":{"1":"{{saved.a}}","2":"{{saved.a}}"}},
              {"id":"six","type":"send","template":"six","data":{"1":"{{saved.a}}","2":"{{saved.a}}","3":"{{saved.a}}","4":"{{saved.a}}","5":"{{saved.a}}","6":"{{saved.a}}"}},
              {"id":"tell","type":"track","event":"Told","properties":{"a":"{{saved.a}}"}},
              {"id":"go","type":"startJourney","journey":"other","data":{"a":"{{saved.a}}"}},
              {"id":"hook","type":"webhook","url":"%","body":["{{saved.a}}","{{saved.a}}","{{saved.a}}","{{saved.a}}"]},
              {"id":"after","type":"send","template":"after"}]}
            """.Replace("%", server.Urls.First(), StringComparison.Ordinal));
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();

        var run = await RunAsync(app, "large");
        Assert.Equal("completed", run.GetProperty("status").GetString());
        Assert.Equal(["ask done", "two sent", "six failed", "tell failed", "go failed", "hook failed", "after sent"], Steps(run));
        Assert.All(run.GetProperty("steps").EnumerateArray().Where(line => line.GetProperty("what").GetString() == "failed"), line => Assert.Contains("larger than", line.GetProperty("reason").GetString(), StringComparison.Ordinal));
        Assert.Equal(["2026-06-01 10:00 after", "2026-06-01 10:00 two"], await app.SentAsync());
    }

    [Fact]
    public async Task What_the_lead_has_no_room_for_is_not_done()
    {
        await using var app = await StartAsync();
        var traits = string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"t{i}\":\"{Noise(3_900)}\""));
        await app.PublishAsync("full", $$"""{"name":"x","trigger":{"api":true},"steps":[{"id":"set","type":"setTraits","traits":{ {{traits}} } },{"id":"after","type":"send","template":"after"}]}""");
        var lead = await FullLeadAsync(app.ConnectionString);

        var started = await app.PostAsync("/api/journeys/full/runs", $$"""{"leadId":"{{lead}}"}""");
        Assert.Equal(System.Net.HttpStatusCode.Accepted, started.Status);
        await app.SettleAsync();

        var run = await RunAsync(app, "full");
        Assert.Equal(["set failed", "after sent"], Steps(run));
        Assert.Contains("row ", run.GetProperty("steps").EnumerateArray().Single(line => line.GetProperty("what").GetString() == "failed").GetProperty("reason").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_run_is_not_started_by_hand_with_more_than_an_event_holds()
    {
        await using var app = await StartAsync();
        await app.PublishAsync("x", """{"name":"x","trigger":{"api":true},"steps":[{"id":"s","type":"send","template":"s"}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }));
        await app.SettleAsync();
        var lead = (await app.GetAsync("/api/leads?userId=ann")).Json.GetProperty("items")[0].GetProperty("id").GetString();

        var refused = await app.PostAsync("/api/journeys/x/runs", JsonSerializer.Serialize(new { leadId = lead, data = new { x = Noise(200_000) } }));

        Assert.Equal((System.Net.HttpStatusCode.BadRequest, "$.data"), (refused.Status, refused.ErrorPaths[0]));
    }

    private static IEnumerable<string> Steps(JsonElement run) => run.GetProperty("steps").EnumerateArray()
        .Where(line => line.TryGetProperty("step", out _) && line.GetProperty("what").GetString() is "done" or "sent" or "failed")
        .Select(line => $"{line.GetProperty("step").GetString()} {line.GetProperty("what").GetString()}");

    private static async Task<JsonElement> RunAsync(TestApp app, string journey) =>
        (await app.GetAsync($"/api/runs/{Assert.Single(await app.RunsAsync(journey)).GetProperty("id").GetString()}")).Json;

    /// <summary>One whose row has room for a few kilobytes more, by whatever whoever stores it counts.</summary>
    private static async Task<string> FullLeadAsync(string account)
    {
        var table = new TableClient(account, LeadRows.Table);
        var noise = Enumerable.Range(0, 400).Select(_ => Value.From(Noise(3_900))).ToList();
        var (fits, tooMany) = (0, noise.Count);
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            try
            {
                await WriteAsync(middle);
                fits = middle;
            }
            catch (Exception full) when (full is LeadTooLargeException or RequestFailedException { Status: 400 or 413 })
            {
                tooMany = middle;
            }
        }

        await WriteAsync(fits - 4);
        return Identity.User("full").Hash();

        Task WriteAsync(int traits)
        {
            var state = new LeadState { Id = Identity.User("full").Hash() };
            state.Own.AddIdentity(Identity.User("full"));
            state.Own.Traits.Set("email", Value.From("full@example.com"), Start.ToUnixTimeMilliseconds());
            for (var i = 0; i < traits; i++)
            {
                state.Own.Traits.Set($"noise{i}", noise[i], Start.ToUnixTimeMilliseconds());
            }

            return table.UpsertEntityAsync((TableEntity)LeadRows.Write(state, default, null).Entity, TableUpdateMode.Replace);
        }
    }

    /// <summary>So much text that no compression makes shorter than three quarters.</summary>
    private static string Noise(int length) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(length * 3 / 4)).Replace('+', '-');

    private static async Task<WebApplication> ServeAsync(object answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Map("/{**path}", context => context.Response.WriteAsJsonAsync(answer));
        await server.StartAsync();
        return server;
    }
}
