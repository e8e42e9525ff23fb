using System.Diagnostics;
using System.Text.Json;
using LeadFunctions.Journeys.Rehearsal;
using Xunit.Abstractions;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The welcome journey at size.</summary>
[Collection(nameof(HeavyJourneys))]
public sealed class ManyLeadsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_hundred_and_fifty_leads_walk_through_ninety_days_and_every_send_is_at_its_time()
    {
        const int leads = 150; // A thousand go the same ways in the simulation below.
        await using var app = await StartAsync();

        // Where other work slows the emulator down beyond the storage timeout, a message is tried again: the counts below show that nothing else comes of it.
        app.ExpectErrors();
        await app.PublishSampleAsync("welcome");
        var watch = Stopwatch.StartNew();
        foreach (var some in Enumerable.Range(0, leads).Chunk(100))
        {
            await app.SendAsync([.. some.SelectMany(i => new[] { Identify($"u{i}", new { email = $"u{i}@example.com" }), Subscribe($"u{i}") })]);
        }

        await app.SettleAsync(TimeSpan.FromMinutes(3));
        output.WriteLine($"entered after {watch.Elapsed.TotalSeconds:0.0} s");
        await app.AdvanceAsync(TimeSpan.FromDays(90));
        output.WriteLine($"90 days after {watch.Elapsed.TotalSeconds:0.0} s");

        var sent = await app.SentAsync();
        var counts = sent.GroupBy(line => line).ToDictionary(group => group.Key, group => group.Count());
        output.WriteLine(JsonSerializer.Serialize(counts));
        Assert.Equal(leads, counts["2026-06-01 10:00 welcome-1"]);
        Assert.Equal(leads, counts["2026-06-06 10:00 welcome-2"]);
        var (a, b) = (counts["2026-06-08 09:00 offer-a"], counts["2026-06-08 09:00 offer-b"]);
        Assert.Equal(4, counts.Count);
        Assert.InRange(a, 50, 85);
        Assert.InRange(b, 50, 85);
        Assert.InRange(leads - a - b, 4, 28);
        var stats = (await app.GetAsync("/api/journeys/welcome/stats")).Json;
        Assert.Equal(leads, stats.GetProperty("left").GetProperty("completed").GetInt32());
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void A_thousand_simulated_leads_take_seconds_and_the_same_paths()
    {
        var journey = Rehearsal.Sample("welcome");
        var people = Enumerable.Range(0, 1000).Select(i =>
        {
            var name = $"u{i}";
            var state = new LeadFunctions.Leads.State.LeadState { Id = LeadFunctions.Events.Identity.User(name).Hash() };
            return new SimulatedPerson(name, state,
            [
                (new() { Id = name + "i", Type = LeadFunctions.Events.EventType.Identify, Name = "identify", At = Start, UserId = name, Traits = JsonSerializer.SerializeToElement(new { email = name + "@example.com" }) }, Start),
                (new() { Id = name + "f", Type = LeadFunctions.Events.EventType.Track, Name = "Consent Changed", At = Start, UserId = name, Properties = JsonSerializer.SerializeToElement(new { newsletter = true }), Context = JsonSerializer.SerializeToElement(new { form = new { id = "newsletter" } }) }, Start),
            ]);
        });
        var watch = Stopwatch.StartNew();

        var answer = Simulation.Run(journey, people, Start, Start.AddDays(90), LeadFunctions.Scoring.ScoringModels.None, NodaTime.DateTimeZone.Utc, new(int.MaxValue, TimeSpan.MaxValue, () => default, default));

        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s, {answer.Sends} sends, {JsonSerializer.Serialize(answer.Paths["offer"])}");
        Assert.Equal(1000, answer.Ended["completed"]);
        Assert.Equal(1000, answer.SendsPerDay["2026-06-01"]["welcome-1"]);
        Assert.Equal(1000, answer.SendsPerDay["2026-06-06"]["welcome-2"]);
        Assert.Equal(["bonus", "sales"], answer.NeverReached);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }
}
