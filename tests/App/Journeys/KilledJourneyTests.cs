using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Worker and host are killed at random moments on the way through the welcome journey: the same sends, none twice, none missing.</summary>
[Collection(nameof(HeavyJourneys))]
public sealed class KilledJourneyTests(ITestOutputHelper output)
{
    private const int Kills = 14;
    private static readonly DateTimeOffset Monday = new(2027, 1, 4, 10, 0, 0, TimeSpan.Zero);

    private AppProcess? _app;

    [Fact]
    public async Task Killed_again_and_again_on_the_way_every_lead_gets_the_same_messages_once()
    {
        const int leads = 300; // The kills count; a thousand undisturbed go the same ways elsewhere.
        var account = await Emulator.NewSharedAccountAsync();
        _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        var port = _app.Address.Port;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            await PostAsync("/local/clock", """{"frozen":true}""");
            await MoveAsync(Monday);
            await SendAsync(HttpMethod.Put, "/api/settings/messaging", JourneyApp.NotRefused, Admin);
            await SendAsync(HttpMethod.Put, "/api/journeys/welcome", Repository.Read("samples/journeys/welcome.json"), Admin);
            await PostAsync("/api/journeys/welcome/publish", "", Admin);
            var killer = KillAsync(account, port);
            foreach (var some in Enumerable.Range(0, leads).Chunk(50))
            {
                var batch = some.SelectMany(i => new[]
                {
                    JourneyApp.Identify($"u{i}", new { email = $"u{i}@example.com" }, $"i{i}"),
                    JourneyApp.Subscribe($"u{i}", $"f{i}"),
                });
                await PostAsync("/v1/batch", JsonSerializer.Serialize(new { batch }), Writer);
            }

            for (var day = 1; day <= 90; day++)
            {
                await MoveAsync(Monday.AddDays(day));
            }

            await killer;
            await MoveAsync(Monday.AddDays(91));
            await AssertAsync(leads, _app.Address);
            output.WriteLine($"{watch.Elapsed.TotalSeconds:0} s");
        }
        finally
        {
            await _app!.DisposeAsync();
        }
    }

    private static readonly string Admin = "Bearer " + Api.AdminKey;
    private static readonly string Writer = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Api.WriteKey + ":"));

    private async Task KillAsync(string account, int port)
    {
        var random = new Random(20261121);
        for (var kill = 1; kill <= Kills; kill++)
        {
            // At a moment that depends on the machine's own timing.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 2500)), TimeProvider.System);
            // The worker, the host, and both at once.
            if (kill % 3 != 1)
            {
                _app!.KillWorker();
            }

            if (kill % 3 != 0)
            {
                _app!.Kill();
                await _app.ExitAsync();
                await _app.DisposeAsync();
                if (kill == Kills - 1)
                {
                    await Emulator.ReleaseAsync(account); // of the last host killed, nobody has to wait for the leases
                }

                _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
            }
        }
    }

    /// <summary>What a kill interrupts is done again, as clients do.</summary>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string body, string? authorization = null)
    {
        using var client = new HttpClient { BaseAddress = _app!.Address, Timeout = TimeSpan.FromMinutes(5) };
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                if (authorization is not null)
                {
                    request.Headers.TryAddWithoutValidation("Authorization", authorization);
                }

                using var response = await client.SendAsync(request);
                if (response.IsSuccessStatusCode)
                {
                    return await response.Content.ReadFromJsonAsync<JsonElement>();
                }

                // Time cannot go back: the clock had arrived before the process was killed.
                var text = await response.Content.ReadAsStringAsync();
                if (text.Contains("Time only goes forward", StringComparison.Ordinal))
                {
                    return default;
                }

                Assert.True((int)response.StatusCode >= 500 && tries < 1000, $"{path}: {response.StatusCode} {text}");
            }
            catch (HttpRequestException) when (tries < 1000)
            {
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private Task<JsonElement> PostAsync(string path, string body, string? authorization = null) => SendAsync(HttpMethod.Post, path, body, authorization);

    private Task MoveAsync(DateTimeOffset to) => PostAsync("/local/clock", JsonSerializer.Serialize(new { to }));

    private async Task AssertAsync(int leads, Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Admin);
        var messages = new List<JsonElement>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/outbox?limit=500{(cursor is null or "" ? "" : "&cursor=" + cursor)}");
            messages.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Clone()));
            next = page.TryGetProperty("nextCursor", out var more) ? more.GetString() : null;
        }

        var offer = (Step.Split)Rehearsal.Sample("welcome").Find("offer")!;
        var expected = Enumerable.Range(0, leads).Select(i => Identity.User($"u{i}").Hash()).SelectMany(lead => new[] { (lead, "welcome-1"), (lead, "welcome-2") }
            .Concat(JourneyPlan.Choose("welcome", lead, offer).Steps.OfType<Step.Send>().Select(send => (lead, send.Template))));
        var sent = messages.Select(message => (message.GetProperty("leadId").GetString()!, message.GetProperty("template").GetString()!)).ToList();
        var late = messages.Max(message => message.GetProperty("sentAt").GetDateTimeOffset() - message.GetProperty("due").GetDateTimeOffset());
        output.WriteLine($"{sent.Count} messages, the latest {late} after its time");
        foreach (var group in messages.Where(m => m.GetProperty("sentAt").GetDateTimeOffset() - m.GetProperty("due").GetDateTimeOffset() > TimeSpan.FromMinutes(1)).GroupBy(m => $"{m.GetProperty("step").GetString()} due {m.GetProperty("due")} sent {m.GetProperty("sentAt")}"))
        {
            output.WriteLine($"{group.Count()} {group.Key}");
        }

        Assert.Equal(expected.Order(), sent.Order());
        var stats = await client.GetFromJsonAsync<JsonElement>("/api/journeys/welcome/stats");
        Assert.Equal($$"""{"completed":{{leads}}}""", stats.GetProperty("left").GetRawText());
    }
}
