using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Clock;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Clock;

/// <summary>One clock for several instances, which may die while they move it.</summary>
[Collection(nameof(HeavyEvents))]
public sealed class MovedByManyTests(ITestOutputHelper output)
{
    private const string ThreeMails = """
        {"name":"x","trigger":{"event":"Start"},"steps":[
          {"id":"a","type":"send","template":"a"},{"id":"w1","type":"wait","for":"1d"},
          {"id":"b","type":"send","template":"b"},{"id":"w2","type":"waitFor","when":{"event":"Never"},"timeout":"2d"},
          {"id":"c","type":"send","template":"c"}]}
        """;

    [Fact]
    public async Task Two_instances_have_one_clock_and_either_moves_it()
    {
        var account = await Emulator.NewSharedAccountAsync();
        await using var one = await StartAsync(account);
        await using var other = await TestApp.StartAsync(App.Build, account: account);

        // Where other work slows the emulator down beyond the storage timeout, a step is tried again: what is counted below shows that nothing else comes of it.
        one.ExpectErrors();
        other.ExpectErrors();
        await one.PublishAsync("three", ThreeMails);
        await one.SendAsync([.. Enumerable.Range(0, 20).SelectMany(i => new[] { Identify($"u{i}", new { email = $"u{i}@b.c" }), Track($"u{i}", "Start") })]);
        await other.SettleAsync();

        // Neither is lost: one waits for the other.
        var moved = await Task.WhenAll(one.PostAsync("/api/clock", """{"advance":"2d"}"""), other.PostAsync("/api/clock", """{"advance":"2d"}"""));
        Assert.All(moved, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer.Text));
        foreach (var app in new[] { one, other })
        {
            Assert.Equal(Start.AddDays(4), (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset());
        }

        Assert.Equal(
            [("2026-06-01 10:00 a", 20), ("2026-06-02 10:00 b", 20), ("2026-06-04 10:00 c", 20)],
            (await other.SentAsync()).GroupBy(line => line).Select(group => (group.Key, group.Count())));
        Assert.Equal(40, moved.Sum(answer => answer.Json.GetProperty("happened").GetArrayLength()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clock_whose_mover_is_killed_can_be_moved_on_and_nothing_happens_twice(bool stands)
    {
        const int leads = 20;
        var account = await Emulator.NewSharedAccountAsync();
        var app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        try
        {
            var port = app.Address.Port;
            var start = await PostAsync(app, new { to = new DateTimeOffset(2030, 1, 7, 10, 0, 0, TimeSpan.Zero), stand = stands });
            using (var put = await SendAsync(app, HttpMethod.Put, "/api/journeys/three", ThreeMails))
            using (var published = await SendAsync(app, HttpMethod.Post, "/api/journeys/three/publish", ""))
            {
                Assert.True(published.IsSuccessStatusCode);
            }

            var batch = Enumerable.Range(0, leads).SelectMany(i => new[] { Identify($"u{i}", new { email = $"u{i}@b.c" }), Track($"u{i}", "Start") });
            using (var sent = await SendAsync(app, HttpMethod.Post, "/v1/batch", JsonSerializer.Serialize(new { batch }), "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Api.WriteKey + ":"))))
            {
                Assert.True(sent.IsSuccessStatusCode);
            }

            await app.SettleAsync();
            var goal = start.GetProperty("now").GetDateTimeOffset().AddDays(10);
            for (var kill = 0; kill < 3; kill++)
            {
                var moving = PostAsync(app, new { to = goal });
                await Task.WhenAny(moving, Task.Delay(TimeSpan.FromMilliseconds(300 + (700 * kill)), TimeProvider.System));
                app.Kill();
                await app.ExitAsync();
                await Assert.ThrowsAnyAsync<Exception>(() => moving);
                await app.DisposeAsync();
                if (kill == 2)
                {
                    await Emulator.ReleaseAsync(account); // of the last one killed, nobody has to wait for the leases
                }

                // As the same instance, which has its partitions at once; another would wait for them, too.
                app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
            }

            for (var tries = 0; ; tries++)
            {
                // What the killed ones had in hand comes back when its leases end, in real time.
                using var response = await app.Client.PostAsJsonAsync("/local/clock", new { to = goal });
                if (response.IsSuccessStatusCode)
                {
                    break;
                }

                Assert.True(response.StatusCode == HttpStatusCode.GatewayTimeout && tries < 5, await response.Content.ReadAsStringAsync());
            }

            var outbox = await SendAsync(app, HttpMethod.Get, "/api/outbox?limit=500", null);
            var messages = (await outbox.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().ToList();
            var late = messages.Max(message => message.GetProperty("sentAt").GetDateTimeOffset() - message.GetProperty("due").GetDateTimeOffset());
            output.WriteLine($"{messages.Count} messages, the latest {late} after its time");
            Assert.Equal([("a", leads), ("b", leads), ("c", leads)], messages.GroupBy(message => message.GetProperty("template").GetString()!).Select(group => (group.Key, group.Count())).Order());
            Assert.Equal(leads * 3, messages.Select(message => (message.GetProperty("leadId").GetString(), message.GetProperty("template").GetString())).Distinct().Count());
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_due_when_a_mover_died_is_looked_at_as_soon_as_somebody_waits_for_it()
    {
        var account = await Emulator.NewSharedAccountAsync();
        await using var app = await StartAsync(account);
        await app.PublishAsync("three", ThreeMails);
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();

        // It had shown the next moment, and woken nobody.
        await new Azure.Data.Tables.TableClient(account, "Clock").UpsertEntityAsync(new Azure.Data.Tables.TableEntity("clock", "clock") { ["standsAt"] = Start.AddDays(1) });
        await app.SettleAsync();

        Assert.Equal(["2026-06-01 10:00 a", "2026-06-02 10:00 b"], await app.SentAsync());
    }

    [Fact]
    public async Task A_deployed_app_refuses_a_movable_clock_but_for_staging_where_it_takes_a_key()
    {
        const string key = "a-long-random-value-of-a-test";
        var deployed = new Dictionary<string, string>
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
            [AccessOptions.AdminKeySetting] = key,
            [AccessOptions.WriteKeySetting] = key + "-w",
        };
        await using (var refused = AppProcess.Launch(null, deployed, await Emulator.NewSharedAccountAsync()))
        {
            Assert.NotEqual(0, await refused.ExitAsync());
            Assert.Contains(ClockOptions.StagingSetting, refused.Output, StringComparison.Ordinal);
        }

        await using var staging = await TestApp.StartAsync(App.Build, new Dictionary<string, string>(deployed) { [ClockOptions.StagingSetting] = "true" });

        Assert.Equal(HttpStatusCode.OK, (await staging.PostAsync("/api/clock", """{"advance":"1d"}""", key)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await staging.PostAsync("/local/clock", """{"advance":"1d"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await staging.PostAsync("/local/settle")).Status);
    }

    private static async Task<JsonElement> PostAsync(AppProcess app, object body)
    {
        using var client = new HttpClient { BaseAddress = app.Address, Timeout = TimeSpan.FromMinutes(5) };
        using var response = await client.PostAsJsonAsync("/local/clock", body);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<HttpResponseMessage> SendAsync(AppProcess app, HttpMethod method, string path, string? body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "Bearer " + Api.AdminKey);
        return await app.Client.SendAsync(request);
    }
}
