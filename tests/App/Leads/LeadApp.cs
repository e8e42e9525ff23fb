using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Leads;

/// <summary>The real app, as these tests ask it.</summary>
internal sealed class LeadApp(TestApp app) : IAsyncDisposable
{
    private readonly Lazy<IServiceProvider> _services = new(app.NewServices);

    public TestApp App => app;

    public static async Task<LeadApp> StartAsync(DateTimeOffset? now = null) => Ask(await TestApp.StartAsync(LeadFunctions.App.Build, now: now));

    public static LeadApp Ask(TestApp app)
    {
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", Api.AdminKey);
        return new LeadApp(app);
    }

    /// <summary>Puts events into the queue as ingest does, at their own times, and waits until all is applied.</summary>
    public async Task ApplyAsync(params LeadEvent[] events)
    {
        await EnqueueAsync(events);
        await app.SettleAsync();
    }

    public Task EnqueueAsync(params LeadEvent[] events) => _services.Value.GetRequiredService<EventWriter>().EnqueueAsync(events);

    public async Task<JsonObject?> FindAsync(string query)
    {
        var page = await GetAsync($"api/leads?{query}");
        return page["items"]!.AsArray().SingleOrDefault()?.AsObject();
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        using var response = await app.Client.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await app.Client.SendAsync(request);
    }

    public async Task<List<JsonObject>> TimelineAsync(string leadId, int limit = 200, string filter = "")
    {
        var all = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var page = await GetAsync($"api/leads/{leadId}/timeline?limit={limit}{filter}{(cursor is null ? "" : "&cursor=" + cursor)}");
            all.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>What is known of a lead without what depends on the order of arrival by design: its id.</summary>
    public async Task<string> ProfileAsync(string query)
    {
        var lead = await FindAsync(query);
        Assert.NotNull(lead);
        lead.Remove("id");
        lead.Remove("mergedLeads");
        // What the app's own lifecycle decided, and when, was decided by what was known then.
        lead.Remove("stage");
        lead.Remove("stageSince");
        lead["activity"]!.AsObject().Remove("stage");
        var ids = lead["anonymousIds"]!.AsArray().Select(id => (string)id!).Order().ToList();
        lead["anonymousIds"] = JsonSerializer.SerializeToNode(ids);
        return lead.ToJsonString();
    }

    /// <summary>Every lead's row, frozen ones included.</summary>
    public async Task<IReadOnlyList<LeadState>> StatesAsync()
    {
        var states = new List<LeadState>();
        await foreach (var row in _services.Value.GetRequiredService<StorageClients>().Table(LeadRows.Table).QueryAsync<TableEntity>())
        {
            if (row.RowKey.EndsWith("|p", StringComparison.Ordinal) && LeadRows.Read(row) is LeadRow.Profile profile)
            {
                states.Add(profile.State);
            }
        }

        return states;
    }

    /// <summary>Every event on any timeline, as often as it is stored.</summary>
    public async Task<IReadOnlyList<LeadEvent>> StoredTimelineAsync()
    {
        var events = new List<LeadEvent>();
        await foreach (var row in _services.Value.GetRequiredService<StorageClients>().Table(LeadRows.Table).QueryAsync<TableEntity>())
        {
            if (row.RowKey.Contains("|e|", StringComparison.Ordinal))
            {
                events.AddRange(LeadRows.ReadTimeline(row).Select(entry => entry.Event));
            }
        }

        return events;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>One app for several tests; its clock stands a month after the events.</summary>
public sealed class SharedLeadApp() : SharedApp(LeadEvents.Start.AddDays(31), new Dictionary<string, string> { ["LeadFunctions__Feedback__LinkBrowsers"] = "https://linked.example" })
{
    internal new LeadApp Borrow() => LeadApp.Ask(base.Borrow());

    internal new async Task<LeadApp> BorrowSecondAsync() => LeadApp.Ask(await base.BorrowSecondAsync());
}

/// <summary>Whose leads have names of their own.</summary>
[CollectionDefinition(nameof(OneLeadApp))]
public sealed class OneLeadApp : ICollectionFixture<SharedLeadApp>;
