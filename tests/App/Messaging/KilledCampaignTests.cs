using System.Text.Json;
using LeadFunctions.Tests.Crash;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Mail;
using LeadFunctions.Tests.Support;
using MailKit.Security;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Messaging;

/// <summary>Worker and host are killed at random moments while a campaign goes out by SMTP: nobody gets it twice, and who may not have got it is known.</summary>
[Collection(nameof(HeavyJourneys))]
public sealed class KilledCampaignTests(ITestOutputHelper output)
{
    private const int People = 5_000;
    private const int Kills = 8;

    /// <summary>Mails that are being handed over when a worker dies: as many as connections and their queue hold.</summary>
    private const int AtOnce = 32;

    private const int MostLooks = 5;

    private AppProcess? _app;

    [Fact]
    public async Task Every_recipient_gets_it_once_or_is_known_to_be_uncertain()
    {
        await using var sink = MailSink.Start(SecureSocketOptions.None);
        var settings = new Dictionary<string, string>(AppProcess.ForKills)
        {
            ["LeadFunctions__EmailProvider"] = "smtp",
            ["LeadFunctions__Smtp__Host"] = "127.0.0.1",
            ["LeadFunctions__Smtp__Port"] = $"{sink.Address.Port}",
            ["LeadFunctions__Smtp__Security"] = "none",
        };
        var account = await Emulator.NewSharedAccountAsync();
        _app = await AppProcess.StartAsync(settings: settings, account: account);
        try
        {
            using var client = new StubbornClient(_ => _app!.Address);
            await client.SendAsync(HttpMethod.Put, "/api/settings/messaging", """{"consent":"notRefused","from":"Shop <shop@example.com>"}""");
            await client.SendAsync(HttpMethod.Put, "/api/templates/spring", """{"name":"Spring","subject":"Spring is here, {{ lead.firstName }}","html":"<p>Hello {{ lead.firstName }}, <a href=\"https://shop.example/\">look</a>.</p>"}""");
            await client.SendAsync(HttpMethod.Post, "/api/templates/spring/publish");
            await client.SendAsync(HttpMethod.Put, "/api/segments/everybody", """{"name":"Everybody","when":{"trait":"email","exists":true}}""");
            await client.SendAsync(HttpMethod.Post, "/api/segments/everybody/publish");
            foreach (var some in Enumerable.Range(0, People).Chunk(500))
            {
                await client.TrackAsync("/v1/batch", new { batch = some.Select(i => JourneyApp.Identify($"u{i}", new { email = $"u{i}@example.com", firstName = $"N{i}" }, $"i{i}")) });
            }

            await _app.SettleAsync(TimeSpan.FromMinutes(5));
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var id = (await client.SendAsync(HttpMethod.Post, "/api/campaigns", """{"name":"Spring","segment":"everybody","template":"spring","topic":"news"}""")).GetProperty("id").GetString();
            await KillAsync(settings, account, () => sink.Taken.Count);
            var campaign = await RestingAsync(client, id);
            for (var look = 0; look < MostLooks && campaign.GetProperty("status").GetString() == "waiting"; look++)
            {
                // What was in the hands of who was killed is settled once nobody can be at it any more.
                await _app.AdvanceAsync(TimeSpan.FromHours(1));
                campaign = await RestingAsync(client, id);
            }

            var got = sink.Taken.CountBy(mail => mail.To).ToDictionary();
            var (sent, unconfirmed) = (campaign.GetProperty("sent").GetInt32(), campaign.GetProperty("unconfirmed").GetInt32());
            output.WriteLine($"{People} in {watch.Elapsed.TotalSeconds:0} s: {sent} sent, {unconfirmed} uncertain, of whom {sent + unconfirmed - got.Count} got nothing.");
            Assert.Equal(("done", People), (campaign.GetProperty("status").GetString(), sent + unconfirmed));
            Assert.All(got, one => Assert.True(one.Value == 1, $"{one.Key} got {one.Value}"));
            Assert.InRange(got.Count, sent, People);
            Assert.InRange(unconfirmed, 0, Kills * AtOnce);
        }
        finally
        {
            await _app!.DisposeAsync();
        }
    }

    private static async Task<JsonElement> RestingAsync(StubbornClient client, string? campaign)
    {
        JsonElement shown = default;
        await Poll.UntilAsync(async () => (shown = await client.GetAsync($"/api/campaigns/{campaign}")).GetProperty("status").GetString() is "done" or "paused" or "waiting", TimeSpan.FromMinutes(8));
        return shown;
    }

    /// <summary>Once in each ninth of the way, at a moment that depends on the machine's own timing.</summary>
    private async Task KillAsync(IReadOnlyDictionary<string, string> settings, string account, Func<int> sent)
    {
        var port = _app!.Address.Port;
        for (var kill = 1; kill <= Kills; kill++)
        {
            var after = People * kill / (Kills + 1);
            await Poll.UntilAsync(() => sent() >= after, TimeSpan.FromMinutes(5));
            if (kill % 4 != 0)
            {
                _app.KillWorker();
                continue;
            }

            _app.Kill();
            await _app.ExitAsync();
            await _app.DisposeAsync();
            await Emulator.ReleaseAsync(account); // nobody has to wait for the leases of who was killed
            _app = await AppProcess.StartAsync(settings: settings, account: account, port: port);
        }
    }
}
