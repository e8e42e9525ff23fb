using System.Net;
using System.Text.Json;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Lifecycle;

/// <summary>The lifecycle through the whole app: defined, tried, in effect, told to sales and by sales.</summary>
public sealed class LifecycleAppTests
{
    private const string Model = """{"name":"m","engagement":{"rules":[{"id":"view","when":{"event":"page"},"points":10,"halfLife":"30d"}]}}""";

    private const string Ours = """
        {"name":"Ours","stages":[{"id":"subscriber"},{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":30}},"sla":"2d"},{"id":"sal","sla":"7d"},{"id":"sql"},{"id":"customer"},{"id":"recycled"}],
         "reopen":{"rise":15,"to":"lead"},"reasons":{"recycled":["not now"]},"assignAt":"mql",
         "owners":[{"id":"ana","capacity":1,"when":{"trait":"country","equals":"SI"}},{"id":"ben","capacity":5,"when":{"not":{"trait":"country","equals":"SI"}}}]}
        """;

    [Fact]
    public async Task Sales_whole_round_and_what_is_measured_of_it()
    {
        await using var app = await StartAsync(now: Start);
        await app.PutAsync("/api/scoring-models/m", Model);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/m/publish")).Status);
        Assert.Equal("builtIn", (await app.GetAsync("/api/lifecycle")).Json.GetProperty("state").GetString());

        // An anonymous visit, a form, and a journey that nurtures.
        await app.PublishAsync("nurture", """{"name":"x","trigger":{"event":"Form Submitted"},"steps":[{"id":"s","type":"send","template":"welcome"},{"id":"w","type":"wait","for":"20d"}]}""");
        await app.SendAsync(new { type = "page", anonymousId = "b1", properties = new { path = "/pricing", title = "Prices" } });
        await app.SendAsync(
            new { type = "identify", anonymousId = "b1", userId = "ann", traits = new { email = "ann@example.com", name = "Ann", country = "SI", company = new { name = "Acme" } } },
            Track("ann", "Form Submitted", new { form = "demo" }));
        await app.SettleAsync();
        var ann = await IdAsync(app, "ann");
        Assert.Equal("lead", await StageAsync(app, ann));

        // What another lifecycle would do is said before it does it.
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/lifecycle", Ours)).Status);
        var easy = (await app.PostAsync("/api/lifecycle/publish?dryRun=true")).Json;
        Assert.Equal((1, 0), (easy.GetProperty("looked").GetInt32(), easy.GetProperty("moves").GetArrayLength()));
        await app.PutAsync("/api/lifecycle", Ours.Replace("\"gte\":30", "\"gte\":5", StringComparison.Ordinal));
        var easier = (await app.PostAsync("/api/lifecycle/publish?dryRun=true")).Json;
        var move = Assert.Single(easier.GetProperty("moves").EnumerateArray());
        var mql = easier.GetProperty("stages").EnumerateArray().Single(stage => Text(stage, "id") == "mql");
        Assert.Equal(("lead", "mql", 1, "Ann"), (Text(move, "from"), Text(move, "to"), move.GetProperty("leads").GetInt32(), Text(mql.GetProperty("entering")[0], "name")));
        Assert.Equal("lead", await StageAsync(app, ann));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/lifecycle/publish?version=1")).Status);
        await app.SettleAsync();

        // By itself to sales, with an owner; nobody calls in time.
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        await app.SendAsync(Page("ann", "/pricing"), Page("ann", "/pricing"), Page("ann", "/pricing"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        await app.SendAsync(Track("ann", "Product Viewed", new { productId = "p1", name = "Pump" }));
        await app.SettleAsync();
        Assert.Equal("mql", await StageAsync(app, ann));
        Assert.Equal("ana", Text((await app.GetAsync($"/api/leads/{ann}")).Json, "owner"));
        var queued = Assert.Single((await app.GetAsync("/api/sales/queue?owner=ana")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal((ann, "mql", Start.AddDays(3), false), (Text(queued, "leadId"), Text(queued, "stage"), queued.GetProperty("slaUntil").GetDateTimeOffset(), queued.GetProperty("slaMissed").GetBoolean()));
        await app.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(Start.AddDays(3), (await TimelineAsync(app, ann, "SLA Missed"))[0].GetProperty("at").GetDateTimeOffset());
        Assert.True((await app.GetAsync("/api/sales/queue")).Json.GetProperty("items")[0].GetProperty("slaMissed").GetBoolean());

        // What a caller needs to know.
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync($"/api/leads/{ann}/notes", """{"text":"Call after lunch","by":"sam"}""")).Status);
        await app.SettleAsync();
        var handOver = (await app.GetAsync($"/api/leads/{ann}/handover")).Json;
        Assert.Equal(("Ann", "Acme", "ana", "Product Viewed"), (Text(handOver, "name"), Text(handOver.GetProperty("company"), "name"), Text(handOver, "owner"), Text(handOver.GetProperty("lastActivity"), "event")));
        Assert.Equal(("/pricing", 4, "p1", "Pump"), (Text(handOver.GetProperty("pages")[0], "id"), handOver.GetProperty("pages")[0].GetProperty("times").GetInt32(), Text(handOver.GetProperty("products")[0], "id"), Text(handOver.GetProperty("products")[0], "name")));
        Assert.StartsWith("+", handOver.GetProperty("why")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(("nurture", "Call after lunch"), (handOver.GetProperty("journeys")[0].GetString(), Text(handOver.GetProperty("notes")[0], "text")));

        // Rejected with a reason, recycled, reopened by new interest, accepted, won.
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync($"/api/leads/{ann}/stage", """{"stage":"rejected","reason":"because"}""")).Status);
        await SayAsync(app, ann, """{"stage":"rejected","reason":"not now","by":"sam"}""");
        Assert.Equal("recycled", await StageAsync(app, ann));
        await app.AdvanceAsync(TimeSpan.FromDays(60));
        await app.SendAsync(Page("ann", "/pricing"), Page("ann", "/docs"));
        await app.SettleAsync();
        Assert.Equal("lead", await StageAsync(app, ann));
        Assert.Equal(1, (await TimelineAsync(app, ann, "Lead Reopened"))[0].GetProperty("properties").GetProperty("count").GetInt32());
        await app.SendAsync(Page("ann", "/pricing"), Page("ann", "/order"));
        await app.SettleAsync();
        Assert.Equal("mql", await StageAsync(app, ann));
        await SayAsync(app, ann, """{"stage":"accepted","by":"sam"}""");
        await app.AdvanceAsync(TimeSpan.FromDays(2));
        await SayAsync(app, ann, """{"stage":"qualified","by":"sam"}""");
        await app.AdvanceAsync(TimeSpan.FromDays(4));
        await SayAsync(app, ann, """{"stage":"won","by":"sam","amount":1200.5,"currency":"EUR"}""");

        var way = (await app.GetAsync($"/api/leads/{ann}/stages")).Json;
        Assert.Equal(
            ["lead", "mql rule", "recycled person", "lead rule", "mql rule", "sal person", "sql person", "customer person"],
            way.GetProperty("stays").EnumerateArray().Select(stay => Text(stay, "stage") + (stay.TryGetProperty("cause", out var cause) ? $" {cause}" : "")));
        Assert.Equal((1, 1200.5), (way.GetProperty("reopened").GetInt32(), way.GetProperty("stays")[7].GetProperty("amount").GetDouble()));
        await MeasureAsync(app, ann);
        await MeasureCustomersAsync(app, ann);
    }

    [Fact]
    public async Task Owners_take_turns_within_their_capacity_and_leads_wait_for_room()
    {
        await using var app = await StartAsync(now: Start);
        const string Document = """{"stages":[{"id":"lead"},{"id":"mql","when":{"event":"Go","count":{"gte":1}}},{"id":"sal"}],"assignAt":"mql","owners":[{"id":"ana","capacity":1},{"id":"ben","capacity":2}],"reasons":{}}""";
        await app.PutAsync("/api/lifecycle", Document);
        await app.PostAsync("/api/lifecycle/publish");
        foreach (var user in new[] { "u1", "u2", "u3", "u4" })
        {
            await app.SendAsync(Identify(user, new { email = $"{user}@example.com" }), Track(user, "Go"));
            await app.SettleAsync();
        }

        Assert.Equal("ana,ben,ben,", await OwnersAsync(app));
        Assert.Equal(["ana 1/1", "ben 2/2"], await BusyAsync(app));

        // Whoever's lead moves on has room for the one that waits; a lead that somebody else takes makes room too.
        await SayAsync(app, await IdAsync(app, "u1"), """{"stage":"disqualified","reason":"spam"}""");
        await app.SettleAsync();
        Assert.Equal("ana,ben,ben,ana", await OwnersAsync(app));
        await app.PutAsync($"/api/leads/{await IdAsync(app, "u2")}/owner", """{"owner":"zoe"}""");
        await app.SettleAsync();
        Assert.Equal("ana,zoe,ben,ana", await OwnersAsync(app));
        Assert.Equal(["ana 1/1", "ben 1/2", "zoe 1/"], await BusyAsync(app));

        // One more waits than there is room for; then somebody joins, and another may take more.
        foreach (var user in new[] { "u5", "u6", "u7" })
        {
            await app.SendAsync(Identify(user, new { email = $"{user}@example.com" }), Track(user, "Go"));
        }

        await app.SettleAsync();
        Assert.Equal(["ana 1/1", "ben 2/2", "zoe 1/"], await BusyAsync(app));
        await app.PutAsync("/api/lifecycle", Document.Replace("""{"id":"ana","capacity":1}""", """{"id":"ana","capacity":2},{"id":"cid","capacity":1}""", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/lifecycle/publish")).Status);
        await app.SettleAsync();
        Assert.Equal(["ana 2/2", "cid 1/1", "ben 2/2", "zoe 1/"], await BusyAsync(app)); // in the document's order
    }

    /// <summary>Each figure of the definitions, from the events alone.</summary>
    private static async Task MeasureAsync(TestApp app, string lead)
    {
        var stages = (await TimelineAsync(app, lead, "stage")).Select(e => (At: e.GetProperty("at").GetDateTimeOffset(), Is: e.GetProperty("properties"))).OrderBy(e => e.At).ToList();
        int Came(string stage) => stages.Count(e => Text(e.Is, "stage") == stage);
        DateTimeOffset First(string stage) => stages.First(e => Text(e.Is, "stage") == stage).At;
        DateTimeOffset Last(string stage) => stages.Last(e => Text(e.Is, "stage") == stage).At;

        Assert.Equal((2, 1), (Came("mql"), (await TimelineAsync(app, lead, "Lead Reopened")).Count)); // MQLs, reopened leads
        Assert.Equal(0.5, stages.Count(e => Text(e.Is, "outcome") == "rejected") / (double)Came("mql")); // share rejected by sales
        Assert.Equal(TimeSpan.FromDays(6), Round(Last("customer") - Last("sal"))); // sales cycle
        Assert.Equal(TimeSpan.FromDays(1), Round(First("mql") - Start)); // time to MQL
        Assert.Equal((1, 0, 1200.5), (stages.Count(e => Text(e.Is, "outcome") == "won"), stages.Count(e => Text(e.Is, "outcome") == "lost"), stages.Where(e => Text(e.Is, "outcome") == "won").Sum(e => e.Is.GetProperty("amount").GetDouble()))); // win share, revenue
        Assert.All(stages, e => Assert.True(e.Is.TryGetProperty("from", out _) && e.Is.TryGetProperty("cause", out _))); // the funnel's every step, and who or what took it
        Assert.Equal("nurture", Text((await TimelineAsync(app, lead, "Message Sent"))[0].GetProperty("properties"), "journey")); // nurtured before the first MQL: which program contributed
    }

    /// <summary>What no report has, likewise: retention, up-sell and cross-sell, the return of nurturing. (The metrics that reports have are counted by plain code in <see cref="Reports.RecountTests"/>.)</summary>
    private static async Task MeasureCustomersAsync(TestApp app, string ann)
    {
        await app.SendAsync(
            Identify("bob", new { email = "bob@example.com" }), Identify("cid", new { email = "cid@example.com" }),
            Order("ann", 50, "pump"), Order("bob", 20, "pump"), Order("cid", 30, "pump"), Order("cid", 30, "hose"));
        await app.SettleAsync();
        var second = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset().AddDays(15);
        await app.AdvanceAsync(TimeSpan.FromDays(30));
        await app.SendAsync(Order("ann", 80, "pump", "hose"), Order("dan", 10, "pump"));
        await SayAsync(app, ann, """{"stage":"won","by":"sam","amount":300,"currency":"EUR"}""");

        var customers = new List<(bool Nurtured, List<(DateTimeOffset At, double Amount, HashSet<string> Products)> Orders)>();
        foreach (var lead in new[] { ann, await IdAsync(app, "bob"), await IdAsync(app, "cid"), await IdAsync(app, "dan") })
        {
            var orders = (await TimelineAsync(app, lead, "Order Completed")).Select(e => (At: e.GetProperty("at").GetDateTimeOffset(), Is: e.GetProperty("properties")))
                .Select(e => (e.At, e.Is.GetProperty("total").GetDouble(), e.Is.GetProperty("products").EnumerateArray().Select(product => Text(product, "productId")!).ToHashSet()));
            customers.Add((await TimelineAsync(app, lead, "Message Sent") is [_, ..], [.. orders.OrderBy(order => order.At)]));
        }

        var before = customers.Where(one => one.Orders.Exists(order => order.At < second)).ToList();
        Assert.Equal((3, 1), (before.Count, before.Count(one => one.Orders.Exists(order => order.At >= second)))); // retention: customers of the period before who bought again, 33 %
        var followOn = (await TimelineAsync(app, ann, "stage")).Select(e => e.GetProperty("properties")).Where(e => Text(e, "outcome") == "won" && Text(e, "from") == "customer");
        Assert.Equal(300, Assert.Single(followOn).GetProperty("amount").GetDouble()); // up-sell: a deal with who is a customer
        var crossSold = before.Select(one => one.Orders.Where(order => order.At >= second).SelectMany(order => order.Products).Except(one.Orders.Where(order => order.At < second).SelectMany(order => order.Products)));
        Assert.Equal(["hose", "", ""], crossSold.Select(products => string.Join(',', products))); // cross-sell: what they had not bought before
        Assert.Equal((130.0, 90.0), (Revenue(nurtured: true), Revenue(nurtured: false))); // return: nurtured against not

        double Revenue(bool nurtured) => customers.Where(one => one.Nurtured == nurtured).Sum(one => one.Orders.Sum(order => order.Amount));
    }

    private static object Order(string user, double total, params IReadOnlyList<string> products) => Track(user, "Order Completed", new { total, products = products.Select(productId => new { productId }) });

    private static TimeSpan Round(TimeSpan time) => TimeSpan.FromHours(Math.Round(time.TotalHours));

    private static object Page(string user, string path) => new { type = "page", userId = user, properties = new { path }, messageId = $"p{Guid.NewGuid():N}" };

    private static async Task SayAsync(TestApp app, string lead, string body)
    {
        var answer = await app.PostAsync($"/api/leads/{lead}/stage", body);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Text);
        await app.SettleAsync();
    }

    private static async Task<string> IdAsync(TestApp app, string user) => Text((await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0], "id")!; // a lead has one

    private static async Task<string?> StageAsync(TestApp app, string lead) => Text((await app.GetAsync($"/api/leads/{lead}")).Json, "stage");

    private static async Task<IReadOnlyList<JsonElement>> TimelineAsync(TestApp app, string lead, string type) =>
        [.. (await app.GetAsync($"/api/leads/{lead}/timeline?limit=200&type={Uri.EscapeDataString(type)}")).Json.GetProperty("items").EnumerateArray()];

    private static async Task<string> OwnersAsync(TestApp app)
    {
        var owners = new List<string?>();
        foreach (var user in new[] { "u1", "u2", "u3", "u4" })
        {
            owners.Add(Text((await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0], "owner"));
        }

        return string.Join(',', owners);
    }

    private static async Task<IEnumerable<string>> BusyAsync(TestApp app) =>
        (await app.GetAsync("/api/sales/owners")).Json.GetProperty("items").EnumerateArray().Select(owner => $"{Text(owner, "id")} {owner.GetProperty("busy")}/{(owner.TryGetProperty("capacity", out var capacity) ? capacity : "")}");

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
