using System.Text.Json;
using LeadFunctions.Tests.Crash;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Worker and host are killed while events go out to a receiver that has its own troubles: none is lost, and each lead's come in order.</summary>
[Collection(nameof(HeavyEvents))]
public sealed class KilledWebhookTests(ITestOutputHelper output)
{
    private const int Leads = 20;
    private const int Kills = 6;

    private static readonly string[] Stages = ["mql", "sal", "sql", "customer", "promoter", "mql", "sal", "sql", "customer", "promoter"];

    private AppProcess? _app;

    [Fact]
    public async Task Killed_again_and_again_every_event_arrives_under_one_id_and_in_order()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var random = new Random(20261126);
        await using var receiver = await Receiver.StartAsync();
        var chance = new Random(7);
        receiver.Answer = (_, _) =>
        {
            lock (chance)
            {
                return Task.FromResult(chance.Next(12) == 0 ? 503 : 200);
            }
        };
        _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        var port = _app.Address.Port;
        using var client = new StubbornClient(_ => _app.Address);
        try
        {
            await client.SendAsync(HttpMethod.Put, "/api/webhooks/crm", JsonSerializer.Serialize(new { name = "crm", url = receiver.Url, types = new[] { "StageChanged" } }));
            var leads = new List<string>();
            for (var i = 0; i < Leads; i++)
            {
                await client.TrackAsync("/v1/identify", new { userId = $"u{i}", traits = new { email = $"u{i}@example.com" }, messageId = $"i{i}" });
            }

            await _app.SettleAsync(TimeSpan.FromMinutes(2));
            for (var i = 0; i < Leads; i++)
            {
                leads.Add((await client.GetAsync($"/api/leads?userId=u{i}")).GetProperty("items")[0].GetProperty("id").GetString()!); // all are there
            }

            // One change of each lead after the other, so that none is undone within a commit; killed at moments that depend on the machine's own timing.
            var changes = Task.Run(async () =>
            {
                foreach (var stage in Stages)
                {
                    await Task.WhenAll(leads.Select(lead => client.SendAsync(HttpMethod.Post, $"/api/leads/{lead}/stage", JsonSerializer.Serialize(new { stage, reason = stage == "recycled" ? "other" : "a test" }))));
                    await Poll.UntilAsync(async () => (await Task.WhenAll(leads.Select(lead => client.GetAsync($"/api/leads/{lead}")))).All(lead => lead.GetProperty("stage").GetString() == stage), TimeSpan.FromMinutes(3));
                }
            });
            for (var kill = 1; kill <= Kills || !changes.IsCompleted; kill++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 3500)), TimeProvider.System);
                if (kill > Kills)
                {
                    continue;
                }

                if (kill % 3 != 1)
                {
                    _app.KillWorker();
                }

                if (kill % 3 != 0)
                {
                    _app.Kill();
                    await _app.ExitAsync();
                    await _app.DisposeAsync();
                    _app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
                }
            }

            await changes;
            await client.SendAsync(HttpMethod.Post, "/api/clock/settle?timeout=180s", "{}"); // asked again where the last kill took the worker that was asked
            receiver.Answer = (_, _) => Task.FromResult(200);
            await _app.AdvanceAsync(TimeSpan.FromDays(1)); // the tries that are put off
        }
        finally
        {
            await _app.DisposeAsync();
        }

        var taken = receiver.Taken.ToList();
        output.WriteLine($"{taken.DistinctBy(one => one.Id).Count()} events, {receiver.All.Count} tries, {taken.Count} taken");
        Assert.Equal(Leads * Stages.Length, taken.DistinctBy(one => one.Id).Count());
        Assert.All(taken.GroupBy(one => one.Lead), lead =>
        {
            Assert.Equal(Enumerable.Range(1, Stages.Length).Select(n => (long)n), lead.DistinctBy(one => one.Id).Select(one => one.Number));
            Assert.Equal(Stages, lead.DistinctBy(one => one.Id).Select(one => one.Data.GetProperty("to").GetString()));
        });
    }
}
