using System.Net;
using System.Text.Json.Nodes;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Reports;

/// <summary>Reports through the whole app, of people of one country, since others share it.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class ReportAppTests(SharedLeadApp shared)
{
    private const string Range = "from=2026-02-01&to=2026-04-30&country=Reportia";

    [Fact]
    public async Task A_figure_is_right_at_once_and_shown_in_every_form()
    {
        await using var app = shared.Borrow();
        var ids = new List<string>();
        foreach (var (user, i) in ((string[])["rep-a", "rep-b", "rep-c"]).Select((user, i) => (user, i)))
        {
            await app.ApplyAsync(
                LeadEvents.Identify($"{user}-1", i, user, null, new { email = $"{user}@example.com", country = "Reportia" }),
                LeadEvents.Track($"{user}-2", "Consent Changed", (i * 60 * 24 * 14) + 5, user, null, new { marketing = true }));
            ids.Add((string)(await app.FindAsync($"userId={user}"))!["id"]!);
        }

        // Nobody becomes a new lead to whose address nothing is sent.
        (await app.SendAsync(HttpMethod.Put, "api/suppressions/rep-s@example.com", new { reason = "manual" })).Dispose();
        await app.ApplyAsync(
            LeadEvents.Identify("rep-s-1", 1, "rep-s", null, new { email = "rep-s@example.com", country = "Reportia" }), LeadEvents.Track("rep-s-2", "Consent Changed", 5, "rep-s", null, new { marketing = true }));

        var byMonth = await app.GetAsync($"api/reports/new-leads?{Range}&by=month&compare=previous");
        Assert.Equal(["2026-02:0", "2026-03:3", "2026-04:0"], byMonth["rows"]!.AsArray().Select(row => $"{row!["month"]}:{row["value"]}"));
        Assert.Equal((3, 3, 0), ((int)byMonth["total"]!["value"]!, (int)byMonth["total"]!["people"]!, (int)byMonth["compare"]!["total"]!["value"]!));
        Assert.Equal(("2025-11-01", "Etc/UTC", true), ((string?)byMonth["compare"]!["from"], (string?)byMonth["zone"], (bool)byMonth["exact"]!));
        Assert.Equal(["2026-04:open"], byMonth["incomplete"]!.AsArray().Select(period => $"{period!["month"]}:{period["why"]}"));

        // Sales takes one, sends one back; the report asked after it shows it.
        await StageAsync(app, ids[0], """{"stage":"mql"}""");
        await StageAsync(app, ids[0], """{"stage":"accepted"}""");
        await StageAsync(app, ids[1], """{"stage":"mql"}""");
        await StageAsync(app, ids[1], """{"stage":"rejected","reason":"not now"}""");
        var rejected = (await app.GetAsync($"api/reports/rejected?{Range}&by=reason"))["rows"]!.AsArray();
        Assert.Equal(["not now: 1 of 2"], rejected.Select(row => $"{row!["reason"]}: {row["numerator"]} of {row["denominator"]}"));
        var none = await app.GetAsync($"api/reports/win-share?{Range}");
        Assert.True(none["total"]!.AsObject().ContainsKey("value"));
        Assert.Equal((null, "nothingToDivideBy"), (none["total"]!["value"], (string?)none["total"]!["reason"]));

        // Exactly those, page by page.
        var first = await app.GetAsync($"api/reports/new-leads/people?{Range}&limit=2");
        var second = await app.GetAsync($"api/reports/new-leads/people?{Range}&limit=2&cursor={first["nextCursor"]}");
        Assert.Equal(ids.Order(StringComparer.Ordinal), first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(person => (string)person!["leadId"]!));
        Assert.Equal((3, null), ((int)first["count"]!, second["nextCursor"]));
        Assert.Equal(ids[1], (string?)(await app.GetAsync($"api/reports/rejected/people?{Range}&of=part"))["items"]!.AsArray().Single()!["leadId"]);

        // Rows go on after a cursor, and CSV has the same.
        var rows = new List<JsonNode>();
        for (string? cursor = null; rows.Count == 0 || cursor is not null;)
        {
            var page = await app.GetAsync($"api/reports/new-leads?{Range}&by=day&limit=7{(cursor is null ? "" : $"&cursor={cursor}")}");
            rows.AddRange(page["rows"]!.AsArray()!);
            cursor = (string?)page["nextCursor"];
        }

        var csv = (await app.App.Client.GetStringAsync($"api/reports/new-leads.csv?{Range}&by=day")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["day,value,people", .. rows.Select(row => $"{row["day"]},{row["value"]},{row["people"]}")], csv);

        using var html = await app.SendAsync(HttpMethod.Get, $"api/reports/new-leads?{Range}&by=month&format=html");
        var text = await html.Content.ReadAsStringAsync();
        Assert.Equal("text/html", html.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<th scope=\"row\">2026-03</th><td class=\"n\">3</td>", text, StringComparison.Ordinal);
        Assert.Contains("<svg viewBox", text, StringComparison.Ordinal);

        // Money is not cut by country: it is asked for where nobody else was.
        using var wrong = await app.SendAsync(HttpMethod.Put, "api/costs/rep-fair", new { from = "2026-03-31", to = "2026-03-01", amount = -1, currency = "euro", source = "fair" });
        Assert.Equal(["$.amount", "$.currency", "$.to"], JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["errors"]!.AsArray().Select(error => (string)error!["path"]!).Order(StringComparer.Ordinal));
        using var put = await app.SendAsync(HttpMethod.Put, "api/costs/rep-fair", new { from = "2021-03-01", to = "2021-03-31", amount = 62, currency = "EUR", source = "fair" });
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var spent = await app.GetAsync("api/reports/cost-per-mql?from=2021-03-01&to=2021-03-10&by=source");
        Assert.Equal(("EUR", 20.0, null), ((string?)spent["currency"], (double)spent["rows"]![0]!["numerator"]!, spent["rows"]![0]!["value"]));
        using var gone = await app.SendAsync(HttpMethod.Delete, "api/costs/rep-fair");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        // As long as nothing comes, nothing changes; and what timelines tell was known.
        using var before = await app.SendAsync(HttpMethod.Get, $"api/reports/mqls?{Range}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"api/reports/mqls?{Range}") { Headers = { { "If-None-Match", before.Headers.ETag!.ToString() } } }; // a report has one
        using var unchanged = await app.App.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var started = await app.SendAsync(HttpMethod.Post, "api/reports/backfill");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await app.App.SettleAsync();
        var done = await Eventually.ThatAsync(() => app.GetAsync("api/reports/backfill"), progress => (bool)progress["done"]!, TimeSpan.FromSeconds(60));
        Assert.True((int)done["looked"]! >= 3);
        Assert.Equal(3, (int)(await app.GetAsync($"api/reports/new-leads?{Range}"))["total"]!["value"]!);
        Assert.Equal(2, (int)(await app.GetAsync($"api/reports/mqls?{Range}"))["total"]!["value"]!);
    }

    [Theory]
    [InlineData("mqls?by=weather", HttpStatusCode.BadRequest, "by", "source")]
    [InlineData("mqls?by=source,country,owner", HttpStatusCode.BadRequest, "by", "at most 2")]
    [InlineData("mqls?by=day,month", HttpStatusCode.BadRequest, "by", "one may be a period")]
    [InlineData("mqls?basis=activity", HttpStatusCode.BadRequest, "basis", "cohort")]
    [InlineData("mqls?weather=fine", HttpStatusCode.BadRequest, "weather", "cause")]
    [InlineData("mqls?from=2026-03-02&to=2026-03-01", HttpStatusCode.BadRequest, "from", "2026-03-01")]
    [InlineData("mqls?from=yesterday", HttpStatusCode.BadRequest, "from", "2026-03-01")]
    [InlineData("mqls?limit=10001", HttpStatusCode.BadRequest, "limit", "10000")]
    [InlineData("mqls?cursor=x", HttpStatusCode.BadRequest, "cursor", "nextCursor")]
    [InlineData("mqls/people?of=part", HttpStatusCode.BadRequest, "of", "all")]
    [InlineData("mqls/people?by=source", HttpStatusCode.BadRequest, "by", "source=")]
    [InlineData("luck", HttpStatusCode.NotFound, "", "handover-conversion")]
    public async Task What_is_not_asked_well_is_told_what_would_be(string path, HttpStatusCode status, string field, string expected)
    {
        await using var app = shared.Borrow();
        using var answer = await app.SendAsync(HttpMethod.Get, $"api/reports/{path}");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.True(field.Length == 0 || JsonNode.Parse(text)!["errors"]!.AsArray().Any(error => (string?)error!["path"] == field), text);
    }

    private static async Task StageAsync(LeadApp app, string id, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/leads/{id}/stage") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var answer = await app.App.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await app.App.SettleAsync();
    }
}
