using System.Net.Http.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>
/// Waits of journeys, each with a message after it, beside bare orchestrations of one timer and one activity. Every request to storage counts, from the event that lets a
/// lead in to the end of its run, but for polls that found nothing.
/// </summary>
internal static class WaitBenchmark
{
    private const int Alone = 5;
    private const int Together = 500;
    private const int Sleepers = 1_000;
    private const int WaitsEach = 5;
    private const int WaitSeconds = 3;
    private const int AsleepWithin = 90;

    /// <summary>Nothing happens while all wait; this is longer than that, and than the longest polling interval.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(WaitSeconds + 2);

    public static async Task RunAsync(FigureTable table)
    {
        Waits floorAlone, floorTogether, floorDue;
        await using (var floor = await Stack.StartAsync(Stack.Floor))
        {
            await OrchestrationsAsync(floor, 50);
            floorAlone = await AloneAsync(_ => OrchestrationsAsync(floor, 1));
            floorTogether = await OrchestrationsAsync(floor, Together);
            floorDue = await SleepingOrchestrationsAsync(floor);
        }

        await using var app = await Stack.StartAsync(Stack.App);
        var journeys = new JourneyLeads(app);
        await journeys.PublishAsync("waits", Journey("Started", $"\"for\": \"{WaitSeconds}s\"", WaitsEach));
        await journeys.PublishAsync("sleepers", Journey("Slept", "\"until\": { \"trait\": \"renewsAt\" }", 1));
        await RunsAsync(app, journeys, "warm", 50);
        var alone = await AloneAsync(n => RunsAsync(app, journeys, $"alone{n}", 1));
        var together = await RunsAsync(app, journeys, "together", Together);
        Compare(table, "one lead at a time", alone, floorAlone);
        Compare(table, $"{Together} leads at once", together, floorTogether);

        var due = await SleepersAsync(app, journeys);
        table.Add(
            $"{Sleepers:N0} journey timers due at once, each with a message", $"{due.PerSecond:N0}/s, late p50 {due.Late(0.5):N1} s, p99 {due.Late(0.99):N1} s",
            $"timer and activity {floorDue.PerSecond:N0}/s, late p50 {floorDue.Late(0.5):N1} s, p99 {floorDue.Late(0.99):N1} s: {due.PerSecond / floorDue.PerSecond:P0}", "≥ 80 %", due.PerSecond >= 0.8 * floorDue.PerSecond);
    }

    private static void Compare(FigureTable table, string how, Waits measured, Waits floor)
    {
        var (each, floorEach) = (measured.WorkEach, floor.WorkEach);
        table.Add(
            $"storage transactions per journey wait, {how}, the way in included", $"{each:N1}", $"timer and activity {floorEach:N1}: × {each / floorEach:N2}", "≤ 1.5 ×", each <= 1.5 * floorEach);
        table.Add(
            $"from the end of a journey's wait to what follows it, {how}", $"p50 {measured.Late(0.5) * 1000:N0} ms, p99 {measured.Late(0.99) * 1000:N0} ms",
            $"timer and activity p50 {floor.Late(0.5) * 1000:N0} ms, p99 {floor.Late(0.99) * 1000:N0} ms");
    }

    private static async Task<Waits> AloneAsync(Func<int, Task<Waits>> oneAsync)
    {
        var all = new List<Waits>();
        for (var n = 0; n < Alone; n++)
        {
            all.Add(await oneAsync(n));
        }

        return new Waits([.. all.SelectMany(waits => waits.SecondsLate).Order()], all.Sum(waits => waits.Work));
    }

    private static async Task<Waits> OrchestrationsAsync(Stack floor, int count)
    {
        var before = await floor.Storage.ReadAsync();
        await StartAsync(floor, count, $"seconds={WaitSeconds}");
        return await FloorWaitsAsync(floor, before, count);
    }

    private static async Task<Waits> SleepingOrchestrationsAsync(Stack floor)
    {
        var before = await floor.Storage.ReadAsync();
        await AsleepAsync(floor, due => StartAsync(floor, Sleepers, $"at={due:O}"));
        return await FloorWaitsAsync(floor, before, Sleepers);
    }

    private static async Task<Waits> FloorWaitsAsync(Stack floor, StorageRequests before, int count)
    {
        var asked = await floor.Storage.QuietAsync(Quiet) - before;
        FigureTable.Note($"{count} orchestrations; storage: {asked}");
        var late = await floor.Client.GetFromJsonAsync<List<double>>("/acts");
        return late!.Count == count ? new Waits([.. late.Select(milliseconds => milliseconds / 1000).Order()], asked.Work) // it always answers
            : throw new InvalidOperationException($"{late.Count} activities ran, {count} should have.");
    }

    private static async Task StartAsync(Stack floor, int count, string until) =>
        (await floor.Client.PostAsync($"/waits/{count}?{until}", null)).EnsureSuccessStatusCode().Dispose();

    private static async Task<Waits> RunsAsync(Stack app, JourneyLeads journeys, string leads, int count)
    {
        var before = await app.Storage.ReadAsync();
        await journeys.EnterAsync("Started", leads, count);
        var asked = await app.Storage.QuietAsync(Quiet) - before;
        FigureTable.Note($"{count} runs of {WaitsEach} waits; storage: {asked}");
        return new Waits(await journeys.LateAsync("waits", leads, count * WaitsEach), asked.Work);
    }

    private static async Task<Waits> SleepersAsync(Stack app, JourneyLeads journeys)
    {
        var before = await app.Storage.ReadAsync();
        await AsleepAsync(app, due => journeys.EnterAsync("Slept", "sleeper", Sleepers, due));
        var asked = await app.Storage.QuietAsync(Quiet) - before;
        FigureTable.Note($"{Sleepers} sleepers; storage: {asked}");
        return new Waits(await journeys.LateAsync("sleepers", "sleeper", Sleepers), asked.Work);
    }

    /// <summary>Has all of them go to sleep, and waits until they are due.</summary>
    private static async Task AsleepAsync(Stack stack, Func<DateTime, Task> start)
    {
        var due = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(AsleepWithin);
        await start(due);
        await stack.Storage.QuietAsync(Quiet);
        var left = due - TimeProvider.System.GetUtcNow().UtcDateTime;
        if (left < TimeSpan.Zero)
        {
            throw new InvalidOperationException($"Not all were asleep within {AsleepWithin} s.");
        }

        await Task.Delay(left);
    }

    private static string Journey(string trigger, string wait, int waits) =>
        $$"""{ "name": "{{trigger}}", "trigger": { "event": "{{trigger}}" }, "steps": [ {{string.Join(", ", Enumerable.Range(0, waits).Select(n =>
            $$"""{ "id": "wait{{n}}", "type": "wait", {{wait}} }, { "id": "send{{n}}", "type": "send", "template": "t{{n}}" }"""))}} ] }""";
}

/// <summary>Waits that are over.</summary>
/// <param name="SecondsLate">From when the wait was over to when what follows was done; sorted.</param>
/// <param name="Work">Requests to storage.</param>
internal sealed record Waits(IReadOnlyList<double> SecondsLate, long Work)
{
    public double WorkEach => Work / (double)SecondsLate.Count;

    /// <summary>Of waits that were over at the same moment.</summary>
    public double PerSecond => SecondsLate.Count / SecondsLate[^1];

    public double Late(double p) => SecondsLate[(int)(SecondsLate.Count * p)];
}
