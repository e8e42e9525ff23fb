using LeadFunctions.Events;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>A migration that broke off: some runs were moved, and of one the lead was never told.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class HalfMigrationTests(SharedJourneyApp shared)
{
    private const string Document = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"event":"%"},"then":[{"id":"s","type":"send","template":"%"}]}]}""";

    [Fact]
    public async Task Asked_again_it_moves_who_is_left_and_tells_who_was_not_told()
    {
        await using var app = await shared.BeginAsync();
        string[] people = ["ann", "bob", "cid"];
        await app.PublishAsync("j", Document.Replace("%", "First", StringComparison.Ordinal));
        await app.SendAsync([.. people.Select(who => Identify(who, new { email = $"{who}@b.c" })), .. people.Select(who => Track(who, "Start"))]);
        await app.SettleAsync();
        await app.PublishAsync("j", Document.Replace("%", "Second", StringComparison.Ordinal));

        await MoveAsync(app, "bob");
        await app.SendAsync(Track("bob", "Second"));
        // Settled it is not: his run is due, and who was to look at it is gone.
        await Poll.UntilAsync(async () => (await app.GetAsync($"/api/leads?userId={app.Named("bob")}")).Text.Contains("\"Second\"", StringComparison.Ordinal));
        Assert.Empty(await app.SentAsync()); // nobody listens for him

        Assert.Equal(2, (await app.PostAsync("/api/journeys/j/migrate", """{"from":1,"to":2}""")).Json.GetProperty("moved").GetInt32());
        await app.SettleAsync();
        await app.SendAsync([.. people.Select(who => Track(who, "Second"))]);
        await app.SettleAsync();

        Assert.Equal(["Second", "Second", "Second"], (await app.SentAsync()).Select(line => line.Split(' ')[^1]));
        Assert.All(await app.RunsAsync("j"), run => Assert.Equal((2, "completed"), (run.GetProperty("version").GetInt32(), run.GetProperty("status").GetString())));
    }

    /// <summary>The run's row says that it goes on in the new version; nobody else knows.</summary>
    private static async Task MoveAsync(JourneyScope app, string user)
    {
        var runs = new RunsTable(StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = app.App.ConnectionString }));
        var run = Assert.Single(await runs.OfLeadAsync(app.Named("j"), Identity.User(app.Named(user)).Hash(), CancellationToken.None));
        var stored = await runs.FindAsync(run.Id, CancellationToken.None);
        var (from, to) = (Rehearsal.Parse(Document.Replace("%", "First", StringComparison.Ordinal), app.Named("j")), Rehearsal.Parse(Document.Replace("%", "Second", StringComparison.Ordinal), app.Named("j"), 2));
        await runs.SaveAsync(stored!, new Migration(from, to, new Dictionary<string, string?>()).Move(run, new("w"), app.Start)); // it was just found
    }
}
