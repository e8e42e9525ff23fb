using System.Text.Json;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Conditions;

/// <summary>What a pattern gave up on, as whoever wrote it finds out.</summary>
public sealed class PatternAppTests
{
    private static readonly string[] Slow = ["(.{0,22}){0,22}x", "(a|b)*a(a|b){200}x", ".*a.{450}x", "(?:a.{0,20}){0,20}x"];

    [Fact]
    public async Task A_definition_is_shown_with_what_its_patterns_gave_up_on()
    {
        await using var app = await JourneyApp.StartAsync();
        var slow = Slow.Select(pattern => new { @event = "Said", where = new { text = new { matches = pattern } } }).ToArray();
        await app.PublishAsync("slow", JsonSerializer.Serialize(new { name = "x", trigger = new { @event = "Start" }, goal = new { any = slow }, steps = new[] { new { id = "w", type = "wait", @for = "9d" } } }));
        Assert.True((await app.PutAsync("/api/scoring-models/slow", JsonSerializer.Serialize(new { name = "m", engagement = new { rules = slow.Select((when, i) => new { id = $"r{i}", when, points = 1 }) } }))).Status is System.Net.HttpStatusCode.Created);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/slow/publish")).Status);
        Assert.Empty(await WarningsAsync(app, "journeys/slow"));
        Assert.Empty(await WarningsAsync(app, "scoring-models/slow"));

        var random = new Random(7);
        await app.SendAsync(JourneyApp.Track("ann", "Start"));
        await app.SettleAsync();
        for (var i = 0; i < 5; i++)
        {
            if (i == 1)
            {
                // What meets an event together with patterns of which nobody knows yet that they are slow may miss it.
                await app.PublishAsync("quick", """{"name":"x","trigger":{"event":"Said","where":{"text":{"matches":"x$"}}},"steps":[{"id":"w","type":"wait","for":"9d"}]}""");
            }

            await app.SendAsync([.. Enumerable.Range(0, 4).Select(_ => JourneyApp.Track("ann", "Said", new { text = string.Concat(Enumerable.Range(0, 3_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b')) }))]);
            await app.SettleAsync();
        }

        Assert.Contains(await WarningsAsync(app, "journeys/slow"), IsTooSlow);
        Assert.Contains(await WarningsAsync(app, "journeys/slow/versions/1"), IsTooSlow);
        Assert.Contains(await WarningsAsync(app, "scoring-models/slow"), IsTooSlow);
        Assert.Empty(await WarningsAsync(app, "journeys/quick"));
    }

    private static bool IsTooSlow(string warning) => warning.Contains("matches: This pattern was too slow for", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> WarningsAsync(TestApp app, string definition) =>
        (await app.GetAsync($"/api/{definition}")).Json.TryGetProperty("warnings", out var warnings)
            ? [.. warnings.EnumerateArray().Select(warning => $"{warning.GetProperty("path").GetString()}: {warning.GetProperty("message").GetString()}")]
            : [];
}
