using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Audit;
using LeadFunctions.Operations;
using LeadFunctions.Platform.Http;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tests.Audit;

[Collection(nameof(OneManagedApp))]
public sealed class AuditTests(SharedApp shared)
{
    private static readonly string[] Marks = ["email", "phone", "traits", "values"];

    [Fact]
    public async Task Who_changed_what_is_there_with_the_texts_before_and_after()
    {
        await using var app = shared.Borrow();
        var key = await app.CreateKeyAsync("marketer");
        await app.SendAsync(HttpMethod.Put, "/api/segments/audited?note=First", """{"name":"Audited","when":{"trait":"plan","equals":"a"}}""", key.Key);
        await app.SendAsync(HttpMethod.Put, "/api/segments/audited?dryRun=true", """{"name":"Audited","when":{"trait":"plan","equals":"tried"}}""", key.Key);
        await app.SendAsync(HttpMethod.Put, "/api/segments/audited", """{"name":"Audited","when":{"trait":"plan","equals":"b"}}""", key.Key);
        await app.SendAsync(HttpMethod.Put, "/api/segments/audited", """{"nmae":"Audited"}""", key.Key);
        await app.PostAsync("/api/segments/audited/publish", key: key.Key);
        await app.DeleteAsync("/api/segments/audited", key.Key);

        var items = await EntriesAsync(app, $"keyId={key.Id}");
        Assert.Equal(["DeleteSegment", "PublishSegment", "PutSegment", "PutSegment"], items.Select(item => item.GetProperty("action").GetString()));
        Assert.All(items, item => Assert.Equal(("write", "test"), (item.GetProperty("kind").GetString(), item.GetProperty("by").GetProperty("name").GetString())));
        Assert.Equal("""[{"kind":"segment","id":"audited","before":"version 2, not live","after":"version 2, live 2"}]""", items[1].GetProperty("changes").GetRawText());
        Assert.Equal("""[{"kind":"segment","id":"audited","after":"version 1, not live"}]""", items[3].GetProperty("changes").GetRawText());

        var deleted = (await app.GetAsync($"/api/audit/{items[0].GetProperty("id").GetString()}")).Json.GetProperty("changes")[0];
        Assert.Equal("b", deleted.GetProperty("documentBefore").GetProperty("when").GetProperty("equals").GetString());
        Assert.False(deleted.TryGetProperty("documentAfter", out _));
    }

    [Fact]
    public async Task Looks_at_people_are_put_down_once_exports_each_time_and_nobody_is_named()
    {
        await using var app = shared.Borrow();
        var key = await app.CreateKeyAsync("read");
        await app.GetAsync("/api/leads?email=seen@people.example&stage=lead", key.Key);
        await app.GetAsync("/api/leads?email=seen@people.example&stage=lead", key.Key);
        await app.GetAsync("/api/leads/nobody", key.Key);
        await app.GetAsync("/api/segments", key.Key);
        var entered = await app.PostAsync("/api/leads", """{"traits":{"email":"entered@people.example"}}""");
        var lead = entered.Json.GetProperty("leadId").GetString();
        await app.PostAsync("/api/clock/settle");
        await app.GetAsync($"/api/leads/{lead}/score", key.Key);

        var looks = await EntriesAsync(app, $"keyId={key.Id}&kind=view");
        Assert.Equal(["GetLeadScore", "ListLeads"], looks.Select(item => item.GetProperty("action").GetString()));
        Assert.Equal(lead, looks[0].GetProperty("leadId").GetString());
        Assert.Equal("/api/leads?email=…&stage=lead", looks[1].GetProperty("target").GetString());

        for (var i = 0; i < 2; i++)
        {
            await app.GetAsync("/api/leads/export?stage=churned");
        }

        Assert.True((await EntriesAsync(app, "kind=export&action=ExportLeads")).Count >= 2);
        Assert.DoesNotContain("people.example", (await app.GetAsync("/api/audit/export")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/api/audit", key.Key)).Status);
    }

    [Fact]
    public async Task The_audit_is_read_page_by_page_and_a_filter_that_it_does_not_know_is_refused()
    {
        await using var app = shared.Borrow();
        var key = await app.CreateKeyAsync("admin");
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, (await app.SendAsync(HttpMethod.Post, "/api/keys", $$"""{"name":"paged {{i}}","scopes":["read"]}""", key.Key)).Json.GetProperty("id").GetString()!);
        }

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await app.GetAsync($"/api/audit?keyId={key.Id}&limit=2{cursor}")).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("changes")[0].GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? $"&cursor={next.GetString()}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(made, seen);
        var created = (await EntriesAsync(app, $"keyId={key.Id}"))[0].GetProperty("id").GetString();
        Assert.Equal("…", (await app.GetAsync($"/api/audit/{created}")).Json.GetProperty("changes")[0].GetProperty("documentAfter").GetProperty("hash").GetString());
        foreach (var query in new[] { "who=x", "kind=1", "kind=look", "from=then", "from=2026-06-02&to=2026-06-01", "from=2020-01-01&to=2026-01-01", "cursor=x", "limit=0" })
        {
            Assert.Equal([query.Split('=', '&')[0]], (await app.GetAsync($"/api/audit?{query}")).ErrorPaths);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/audit/x")).Status);
    }

    [Fact]
    public void Every_route_whose_answers_describe_people_says_so()
    {
        var api = JsonElement.Parse(new OpenApiDocument().Json.Span);
        var marked = RouteScopes.AllRoutes().Where(route => route.Shows is not null).Select(route => route.Function).ToHashSet();
        var shown = from path in api.GetProperty("paths").EnumerateObject()
                    from operation in path.Value.EnumerateObject()
                    where operation.Name == "get" && path.Name.StartsWith("/api/", StringComparison.Ordinal) && operation.Value.GetProperty("responses").TryGetProperty("200", out _)
                    let answer = operation.Value.GetProperty("responses").GetProperty("200")
                    where answer.TryGetProperty("content", out _) && Says(answer, api, [])
                    select operation.Value.GetProperty("operationId").GetString();

        // Owners are the company's own people, documents what marketers write, metrics are what there is to count, and names of traits say nothing of anybody.
        Assert.Empty(shown.Except(marked).Except(["ListOwners", "ListReports", "GetSeenNames", "GetLifecycle", "GetLifecycleVersion", "GetForm", "GetFormVersion", "GetJourney", "GetJourneyVersion", "GetTemplate", "GetTemplateVersion"]));
        Assert.True(marked.Count >= 25);
        Assert.All(RouteScopes.AllRoutes().Where(route => route.Route.StartsWith("api/leads", StringComparison.Ordinal) && route.Route != "api/leads/counts" && route.Methods.Contains("get")), route => Assert.NotNull(route.Shows));
    }

    [Theory]
    [InlineData("/api/suppressions/ann@example.com", "", "/api/suppressions/…")]
    [InlineData("/api/leads", "?q=Ann&sort=name&cursor=abc", "/api/leads?q=…&sort=name")]
    [InlineData("/api/segments/warm", "?note=of+Ann", "/api/segments/warm")]
    public void An_address_is_kept_without_what_names_a_person(string path, string query, string kept) =>
        Assert.Equal(kept, AuditRules.TargetOf(path, new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query))));

    [Theory]
    [InlineData("/api/leads/courses", false)]
    [InlineData("/api/leads/export", false)]
    [InlineData("/api/leads", false)]
    [InlineData("/api/leads/{0}/score", true)]
    [InlineData("/api/leads/{0}", true)]
    public void A_lead_is_what_has_a_leads_id(string path, bool isLead)
    {
        var id = Events.Identity.User("ann").Hash();

        Assert.Equal(isLead ? id : null, AuditRules.LeadIn(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id)));
    }

    [Fact]
    public void Days_and_zones_are_shown_to_everybody_but_not_the_day_that_somebody_says_they_were_born_on()
    {
        var answer = JsonNode.Parse("""{"from":"2026-06-01","zone":"Europe/Ljubljana","days":[{"day":"2026-06-02","over":{"first":[{"name":"Ann"}]}}],"traits":{"born":"1990-01-31"},"phone":"2026-06-31","run":"j.l.1"}""");

        Masks.Apply(answer);

        Assert.Equal("""{"from":"2026-06-01","zone":"Europe/Ljubljana","days":[{"day":"2026-06-02","over":{"first":[{"name":"•••"}]}}],"traits":{"born":"•••"},"phone":"•••","run":"j.l.1"}""", answer!.ToJsonString(WebJson.Options));
    }

    private static async Task<IReadOnlyList<JsonElement>> EntriesAsync(TestApp app, string query) => [.. (await app.GetAsync($"/api/audit?{query}")).Json.GetProperty("items").EnumerateArray()];

    private static bool Says(JsonElement node, JsonElement api, HashSet<string> within) => node.ValueKind switch
    {
        JsonValueKind.Object when node.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String => within.Add(reference.GetString()!)
            && Says(reference.GetString()!.TrimStart('#', '/').Split('/').Aggregate(api, (at, name) => at.GetProperty(name)), api, within),
        JsonValueKind.Object => node.EnumerateObject().Any(member =>
            (member.Name == "properties" && member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any(property => Marks.Contains(property.Name))) || Says(member.Value, api, within)),
        JsonValueKind.Array => node.EnumerateArray().Any(item => Says(item, api, within)),
        _ => false,
    };
}
