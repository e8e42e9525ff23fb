using System.Net;
using System.Text.Json.Nodes;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Who publishes a scoring model, and lists all that there is, has an app of its own.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class ListingTests(SharedLeadApp shared)
{
    private static readonly DateTimeOffset Now = Start.AddDays(31);

    [Fact]
    public async Task A_lead_whose_score_has_risen_without_an_event_has_its_place_by_what_it_has_now()
    {
        await using var app = await LeadApp.StartAsync(now: Now);
        await app.ApplyAsync([.. Orders("rises", 5), .. Orders("stays", 4), .. Orders("active", 4)]);
        using var put = await app.SendAsync(HttpMethod.Put, "api/scoring-models/higher", JsonNode.Parse(
            """{ "name": "Higher", "engagement": { "cap": 1000, "rules": [ { "id": "order", "when": { "event": "Order Completed" }, "points": 40 } ] } }"""));
        using var published = await app.SendAsync(HttpMethod.Post, "api/scoring-models/higher/publish");
        await app.ApplyAsync([.. Orders("active", 5).TakeLast(1)]);

        var users = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"api/leads?limit=1{(cursor is null ? "" : "&cursor=" + cursor)}");
            users.AddRange(page["items"]!.AsArray().Select(lead => (string)lead!["userId"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(["rises", "active", "stays"], users);
        Assert.Equal(["rises"], (await app.GetAsync("api/leads?minEngagement=245"))["items"]!.AsArray().Select(lead => (string)lead!["userId"]!));
        Assert.Equal(250, (double)(await app.FindAsync("userId=rises"))!["engagement"]!);
    }

    [Fact]
    public async Task A_cursor_of_one_order_is_refused_in_the_other()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync([.. Orders("cursor-u1", 1), .. Orders("cursor-u2", 1)]);
        var cursor = (string)(await app.GetAsync("api/leads?limit=1"))["nextCursor"]!;

        using var answer = await app.SendAsync(HttpMethod.Get, $"api/leads?sort=lastSeen&cursor={cursor}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static IEnumerable<LeadFunctions.Events.LeadEvent> Orders(string user, int count) =>
        Enumerable.Range(0, count).Select(i => Track($"{user}-{i}", "Order Completed", i, user));
}
