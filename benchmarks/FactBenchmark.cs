using System.Diagnostics;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Benchmarks;

/// <summary>
/// What figures cost: requests to storage of events that make a fact each, beside those of events that make none, of the same leads; to gather the facts, the sooner the dearer; and to read them all again.
/// </summary>
internal static class FactBenchmark
{
    private const int Events = 20_000;
    private const string Headers = "Authorization: Basic bG9jYWwtd3JpdGUta2V5Og==\r\nContent-Type: application/json\r\n";

    public static async Task RunAsync(FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App);
        await SentAsync(app, "first", "Product Viewed");
        var without = await SentAsync(app, "without", "Product Viewed");
        var with = await SentAsync(app, "with", "Form Submitted");

        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = app.Account });
        var store = new FactStore(new LeadsTable(storage), storage, keptAfter: TimeSpan.FromMinutes(-1), fewRows: 1);
        var before = await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        foreach (var shard in LeadIds.AllShards)
        {
            await store.FoldAsync(shard, CancellationToken.None);
        }

        var gathered = await app.Storage.ReadAsync() - before;
        FigureTable.Note($"gathering: {gathered}");
        var started = Stopwatch.GetTimestamp();
        var facts = await new FactReader(store).ReadAsync(book => book.Count, CancellationToken.None);
        var read = Stopwatch.GetElapsedTime(started);
        if (facts < Events)
        {
            throw new InvalidOperationException($"{Events} events made {facts} facts.");
        }

        table.Add(
            "storage transactions per event, 64 connections, known leads: that makes a fact; that makes none; to gather the facts",
            $"{with.Work / (double)Events:N3}; {without.Work / (double)Events:N3}; {gathered.Work / (double)Events:N4}", "", "for facts ≤ 0.02",
            (gathered.Work + with.For(FactStore.Name)) / (double)Events <= 0.02);
        table.Add($"an instance that begins to count reads {facts:N0} gathered facts", $"{read.TotalSeconds:N2} s");
    }

    private static async Task<StorageRequests> SentAsync(Stack app, string run, string name)
    {
        var requests = Enumerable.Range(0, Events).Select(n => Load.Post(app.Address, "/v1/track", Headers, $$$"""{"type":"track","messageId":"{{{run}}}{{{n}}}","userId":"u{{{n}}}","event":"{{{name}}}","properties":{"form":"contact","productId":"p{{{n % 40}}}"}}""")).ToList();
        var before = await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        await Load.RunAsync(app.Address, requests, connections: 64);
        await PipelineBenchmark.AppliedAsync(app, before);
        await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        var asked = await app.Storage.ReadAsync() - before;
        FigureTable.Note($"{name}: {asked}");
        return asked;
    }
}
