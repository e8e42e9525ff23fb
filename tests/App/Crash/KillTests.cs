using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Tests.Leads.Listing;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Crash;

/// <summary>The process is killed at random moments; nothing may be lost, nothing may count twice.</summary>
[Collection(nameof(HeavyEvents))]
public sealed class KillTests
{
    private const int Events = 10_000;
    private const int PerBatch = 20;
    private const int People = 250;
    private const int Kills = 14;

    [Fact]
    public async Task Killed_again_and_again_under_load_every_event_is_applied_exactly_once()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var random = new Random(20261121);
        var app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        var port = app.Address.Port;
        var accepted = 0;
        try
        {
            var clients = Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
            {
                using var http = new HttpClient { BaseAddress = app.Address };
                http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("local-write-key:")));
                for (var batch = client; batch < Events / PerBatch; batch += 4)
                {
                    await SendUntilAcceptedAsync(http, Enumerable.Range(batch * PerBatch, PerBatch).Select(EventNumber));
                    Interlocked.Increment(ref accepted);
                }
            })).ToList();

            for (var kill = 1; kill <= Kills; kill++)
            {
                // Spread over the whole load, at a moment within it that depends on the machine's own timing.
                var until = (Events / PerBatch) * kill / (Kills + 2) + random.Next(3);
                await Poll.UntilAsync(() => Volatile.Read(ref accepted) >= until || clients.Exists(client => client.IsFaulted), TimeSpan.FromMinutes(3));
                await Task.WhenAll(clients.Where(client => client.IsFaulted));
                // The worker, the host, and both at once.
                if (kill % 3 != 1)
                {
                    app.KillWorker();
                }

                if (kill % 3 != 0)
                {
                    app.Kill();
                    await app.ExitAsync();
                    await app.DisposeAsync();
                    app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
                }
            }

            await Task.WhenAll(clients);
            await Poll.UntilAsync(async () => await AppliedAsync(account) >= Events, TimeSpan.FromMinutes(4));
            await app.SettleAsync(TimeSpan.FromMinutes(2));
        }
        finally
        {
            await app.DisposeAsync();
        }

        await AssertExactlyOnceAsync(account);
    }

    private static object EventNumber(int n) => n < People
        ? new { type = "identify", messageId = "m" + n, userId = "u" + n, traits = new { email = $"p{n}@example.com", country = "PL" }, timestamp = "2026-03-01T12:00:00Z" }
        : new { type = "track", @event = n % 7 == 0 ? "Order Completed" : "Product Viewed", messageId = "m" + n, userId = "u" + n % People, properties = new { productId = "p" + n }, timestamp = "2026-03-01T12:00:00Z" };

    private static async Task SendUntilAcceptedAsync(HttpClient http, IEnumerable<object> events)
    {
        var body = JsonSerializer.Serialize(new { batch = events });
        while (true)
        {
            try
            {
                using var response = await http.PostAsync("/v1/batch", new StringContent(body));
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                    Assert.Equal(PerBatch, answer.GetProperty("accepted").GetInt32());
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The process is gone: a client does just this, and sends the same events again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }
    }

    private static async Task<int> AppliedAsync(string account)
    {
        // Reading every row is work for the emulator that applies them.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        return (await StatesAsync(account)).Sum(Sent);
    }

    /// <summary>Events of the load: a rule of the app's own lifecycle adds one to each person.</summary>
    private static int Sent(LeadState state) => state.Whole.Activity.Where(name => name.Key != "stage").Sum(name => name.Value.Total);

    private static async Task AssertExactlyOnceAsync(string account)
    {
        var states = await StatesAsync(account);
        Assert.Equal(People, states.Count);
        Assert.All(states, state =>
        {
            Assert.Empty(state.Outbox);
            Assert.Equal(Events / People, Sent(state));
            Assert.Equal(("mql", 1), (state.Whole.Stage, state.Whole.Activity["stage"].Total));
        });

        var leads = new TableClient(account, LeadRows.Table);
        var timeline = new List<string>();
        await foreach (var row in leads.QueryAsync<TableEntity>())
        {
            if (row.RowKey.Contains("|e|", StringComparison.Ordinal))
            {
                timeline.AddRange(LeadRows.ReadTimeline(row).Select(entry => entry.Event.Id));
            }
        }

        Assert.Equal(Events + People, timeline.Distinct().Count());
        Assert.Equal(Events + People, timeline.Count);

        // Listings show each as it is.
        var lists = await BareListings.StartAsync(account, TimeProvider.System);
        Assert.Equal(
            states.Select(state => $"{state.Id} {state.Whole.LastSeen}").Order(StringComparer.Ordinal),
            (await lists.AllAsync(ListingQuery.Everybody(200))).Select(row => $"{row.Lead.Id} {row.Lead.LastSeen}").Order(StringComparer.Ordinal));
    }

    private static async Task<List<LeadState>> StatesAsync(string account)
    {
        var states = new List<LeadState>();
        await foreach (var row in new TableClient(account, LeadRows.Table).QueryAsync<TableEntity>())
        {
            if (row.RowKey.EndsWith("|p", StringComparison.Ordinal) && LeadRows.Read(row) is LeadRow.Profile profile)
            {
                states.Add(profile.State);
            }
        }

        return states;
    }
}
