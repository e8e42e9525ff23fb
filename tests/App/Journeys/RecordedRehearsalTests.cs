using System.Diagnostics;
using System.Text;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>A rehearsal with people as they were: what brings them there is a part of what it may cost.</summary>
[Collection(nameof(HeavyJourneys))]
public sealed class RecordedRehearsalTests
{
    private const int People = 24;
    private const int Events = 10_000;
    private const string Body = """
        {"document":{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"s","type":"send","template":"s"}]},"recorded":{"from":"2026-05-31T00:00:00Z"}}
        """;

    [Fact]
    public async Task Pasts_that_are_too_long_give_a_part_that_says_so_and_nobody_works_for_who_has_left()
    {
        await using var app = await StartAsync();
        await app.SendAsync([.. Enumerable.Range(0, People).Select(i => Identify($"u{i}", new { email = $"u{i}@b.c" }))]);
        await app.SettleAsync();
        var table = new TableClient(app.ConnectionString, LeadRows.Table);
        foreach (var i in Enumerable.Range(0, People))
        {
            await GiveAPastAsync(table, $"u{i}");
        }

        var answer = await app.PostAsync("/api/journeys/x/simulate", Body);
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, answer.Text);
        Assert.Contains("are the most of one simulation.", answer.Json.GetProperty("partial").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.InRange(answer.Json.GetProperty("leads").GetInt32(), 0, People - 1);

        using var worker = Process.GetProcessById(app.WorkerProcessId);
        using var left = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/journeys/x/simulate") { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", $"Bearer {Api.AdminKey}");
        var call = app.Client.SendAsync(request, left.Token);
        await WorkedAsync(worker, worker.TotalProcessorTime + TimeSpan.FromSeconds(0.5)); // it is at it
        left.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Task.Delay(TimeSpan.FromSeconds(1)); // until it hears of it

        worker.Refresh();
        var before = worker.TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(4));
        worker.Refresh();
        Assert.InRange(worker.TotalProcessorTime - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static async Task WorkedAsync(Process worker, TimeSpan until)
    {
        while (worker.TotalProcessorTime < until)
        {
            await Task.Delay(20);
            worker.Refresh();
        }
    }

    /// <summary>As if all that had been sent in the year before.</summary>
    private static async Task GiveAPastAsync(TableClient table, string user)
    {
        var leadId = Identity.User(user).Hash();
        var first = Start.AddDays(-300);
        var entries = Enumerable.Range(0, Events).Select(i =>
        {
            var at = first.AddMinutes(i * 30);
            return new TimelineEntry(new LeadEvent { Id = $"{user}-{i}", Type = EventType.Track, Name = i % 3 == 0 ? "Product Added" : "Product Viewed", At = at, UserId = user }, at, [], null);
        });
        var rows = entries.Chunk(500).Select((some, i) => LeadRows.WriteTimeline(leadId, [.. some], $"past{i}"));
        await table.SubmitTransactionAsync(rows);
    }
}
