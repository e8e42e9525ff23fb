using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LeadFunctions.Benchmarks;

/// <summary>A segment that is published over leads which are there: how long until everybody was looked at, and until everybody who belongs there is in it. A million's time follows, since the walk goes on from lead to lead.</summary>
internal static class SegmentBenchmark
{
    private const int Leads = 100_000;
    private const int PerMillion = 1_000_000 / Leads;
    private const int Percent = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static async Task RunAsync(FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App);
        await (await ListBenchmark.OtherInstance.StartAsync(app.Account)).FillAsync(Leads);
        var before = await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));

        var started = Stopwatch.GetTimestamp();
        using (var put = await app.Client.PutAsJsonAsync("/api/segments/share", new
        {
            name = "A share of those who filled a cart",
            when = new { all = new object[] { new { @event = "Product Added", within = "30d" }, new { bucket = new { salt = "b", from = 0, to = Percent } } } },
        }))
        {
            put.EnsureSuccessStatusCode();
        }

        using (var published = await app.Client.PostAsync("/api/segments/share/publish", null))
        {
            published.EnsureSuccessStatusCode();
        }

        JsonNode? fill;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            fill = (await app.Client.GetFromJsonAsync<JsonObject>("/api/segments/share"))!["fill"]; // it is there
        }
        while (fill?["done"]?.GetValue<bool>() != true && Stopwatch.GetElapsedTime(started) < Patience);

        var looked = Stopwatch.GetElapsedTime(started);
        await app.Storage.QuietAsync(TimeSpan.FromSeconds(3));
        var all = Stopwatch.GetElapsedTime(started) - TimeSpan.FromSeconds(3);
        var (count, changed, asked) = (fill?["looked"]?.GetValue<int>() ?? 0, fill?["changed"]?.GetValue<int>() ?? 0, await app.Storage.ReadAsync() - before);
        FigureTable.Note($"storage: {asked}");
        table.Add(
            $"a segment published over {count:N0} leads: all looked at, and the {changed:N0} who belong there in it; for a million",
            $"{looked.TotalSeconds:N0} s, {all.TotalSeconds:N0} s; {looked.TotalMinutes * PerMillion:N0} min, {all.TotalMinutes * PerMillion:N0} min; {asked.Work / (double)Leads:N3} storage transactions a lead",
            "", "progress meanwhile, and events go on");
    }
}
