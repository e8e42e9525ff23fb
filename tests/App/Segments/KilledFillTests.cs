using System.Text.Json;
using LeadFunctions.Tests.Crash;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Segments;

/// <summary>A published segment is filled while worker and host are killed and people go on changing: in the end it has exactly those whom its conditions mean, and each move was told once.</summary>
[Collection(nameof(HeavyJourneys))]
public sealed class KilledFillTests(ITestOutputHelper output)
{
    private const int Leads = 1_200; // more than two pages of a fill
    private const int Changing = 60;
    private const int Kills = 5;

    private AppProcess? _app;

    [Fact]
    public async Task Killed_again_and_again_a_segment_is_filled_with_whom_it_means()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var random = new Random(20301126);
        _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        var port = _app.Address.Port;
        using var client = new StubbornClient(_ => _app.Address);
        var country = Enumerable.Range(0, Leads).ToDictionary(i => i, i => i % 3 == 0 ? "SI" : "DE");
        try
        {
            foreach (var some in country.Keys.Chunk(200))
            {
                await client.TrackAsync("/v1/batch", new { batch = some.Select(i => Identify(i, country[i], 0)) });
            }

            await client.SendAsync(HttpMethod.Post, "/api/clock/settle?timeout=180s", "{}");
            await client.SendAsync(HttpMethod.Put, "/api/segments/ours", """{"name":"Ours","when":{"trait":"country","equals":"SI"}}""");
            await client.SendAsync(HttpMethod.Post, "/api/segments/ours/publish", "");
            using var enough = new CancellationTokenSource();
            var changes = Task.Run(async () =>
            {
                for (var round = 1; !enough.IsCancellationRequested; round++)
                {
                    var some = Enumerable.Range(0, Changing).Where(_ => random.Next(4) == 0).ToList();
                    some.ForEach(i => country[i] = country[i] == "SI" ? "DE" : "SI");
                    await client.TrackAsync("/v1/batch", new { batch = some.Select(i => Identify(i, country[i], round)) });
                }

                return;
            });
            var times = new Random(7);
            for (var kill = 1; kill <= Kills; kill++)
            {
                // At a moment that depends on the machine's own timing.
                await Task.Delay(TimeSpan.FromMilliseconds(times.Next(100, 1500)), TimeProvider.System);
                if (kill % 2 == 0)
                {
                    _app.KillWorker();
                    continue;
                }

                _app.Kill();
                await _app.ExitAsync();
                await _app.DisposeAsync();
                _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
            }

            await enough.CancelAsync();
            await changes;
            await Poll.UntilAsync(async () => (await client.GetAsync("/api/segments/ours")).TryGetProperty("fill", out var fill) && fill.GetProperty("done").GetBoolean(), TimeSpan.FromMinutes(3));
            await client.SendAsync(HttpMethod.Post, "/api/clock/settle?timeout=180s", "{}");

            var members = await AllAsync(client, "/api/segments/ours/members?limit=200");
            Assert.Equal(
                country.Where(one => one.Value == "SI").Select(one => $"u{one.Key}").Order(StringComparer.Ordinal),
                members.Select(member => member.GetProperty("userId").GetString()!).Order(StringComparer.Ordinal));
            var moves = 0;
            foreach (var i in Enumerable.Range(0, 2 * Changing))
            {
                var lead = (await client.GetAsync($"/api/leads?userId=u{i}")).GetProperty("items")[0].GetProperty("id").GetString();
                var (entered, left) = (await CountAsync(client, lead, "Segment Entered"), await CountAsync(client, lead, "Segment Left"));
                moves += entered + left;
                Assert.Equal(country[i] == "SI" ? 1 : 0, entered - left);
                Assert.True(i < Changing || entered + left <= 1, $"u{i} moved {entered + left} times.");
            }

            output.WriteLine($"{members.Count} members, {moves} moves among {2 * Changing}");
        }
        finally
        {
            await _app.DisposeAsync();
        }
    }

    private static object Identify(int i, string country, int round) =>
        new { type = "identify", userId = $"u{i}", traits = new { email = $"u{i}@example.com", country }, messageId = $"i{i}.{round}" };

    private static async Task<int> CountAsync(StubbornClient client, string? lead, string name) =>
        (await AllAsync(client, $"/api/leads/{lead}/timeline?limit=200&type={Uri.EscapeDataString(name)}")).Count;

    private static async Task<IReadOnlyList<JsonElement>> AllAsync(StubbornClient client, string path)
    {
        var (all, cursor) = (new List<JsonElement>(), (string?)"");
        while (cursor is not null)
        {
            var page = await client.GetAsync(path + (cursor.Length > 0 ? "&cursor=" + cursor : ""));
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        return all;
    }
}
