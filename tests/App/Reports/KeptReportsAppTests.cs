using System.Net;
using System.Text.Json.Nodes;
using LeadFunctions.Mail;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Reports;

/// <summary>Goals, reports that are kept, and those that look ahead, through the whole app, of people of one country.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class KeptReportsAppTests(SharedLeadApp shared)
{
    /// <summary>The first of April at nine, in minutes.</summary>
    private const int Morning = (60 * 24 * 31) - 180;

    private const string Range = "from=2026-03-01&to=2026-04-30&country=Keptia";

    [Fact]
    public async Task What_was_set_and_kept_shows_the_figures_that_reports_do()
    {
        await using var app = shared.Borrow();
        foreach (var (user, i) in ((string[])["kept-a", "kept-b"]).Select((user, i) => (user, i)))
        {
            await app.ApplyAsync(
                LeadEvents.Identify($"{user}-1", Morning, user, null, new { email = $"{user}@example.com", country = "Keptia" }),
                LeadEvents.Track($"{user}-2", "Consent Changed", Morning + 5 + i, user, null, new { marketing = true }),
                LeadEvents.Track($"{user}-3", "Order Completed", Morning + 6 + i, user, null, new { total = 1 }));
        }

        // April is not over: they are shown as they stand, in every form.
        var profile = await app.GetAsync($"api/reports/score-profile?{Range}");
        Assert.Equal(["050-059/F:2"], profile["rows"]!.AsArray().Select(row => $"{row!["band"]}/{row["grade"]}:{row["value"]}"));
        Assert.Equal((2, 0, "then"), ((int)profile["total"]!["people"]!, (int)profile["total"]!["pending"]!, (string?)profile["model"]));
        Assert.Equal(2, (int)(await app.GetAsync($"api/reports/score-profile/people?{Range}&band=050-059"))["count"]!);
        Assert.Equal("band,grade,value,pending,people\r\n050-059,F,2,0,2\r\n", await app.App.Client.GetStringAsync($"api/reports/score-profile.csv?{Range}"));
        var forecast = await app.GetAsync("api/reports/forecast?country=Keptia");
        Assert.Equal((null, "fewerThan30Won", 2), (forecast["total"]!["value"], (string?)forecast["total"]!["reason"], (int)forecast["total"]!["pending"]! + (int)forecast["total"]!["people"]!));
        foreach (var metric in (string[])["forecast?country=Keptia", $"contribution?{Range}", $"contribution?{Range}&by=rule&model=linear", $"leaks?{Range}", $"score-profile?{Range}&model=today"])
        {
            using var page = await app.SendAsync(HttpMethod.Get, $"api/reports/{metric}&format=html");
            Assert.Contains("<table><caption>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var csv = await app.SendAsync(HttpMethod.Get, $"api/reports/{metric}&format=csv");
            Assert.Equal((HttpStatusCode.OK, "text/csv"), (csv.StatusCode, csv.Content.Headers.ContentType?.MediaType));
        }

        using var unknown = await app.SendAsync(HttpMethod.Get, "api/reports/contribution?model=luck");
        Assert.Contains("last, linear, influenced", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var back = await app.SendAsync(HttpMethod.Get, "api/reports/forecast?to=2026-03-01");
        Assert.Equal(HttpStatusCode.BadRequest, back.StatusCode);

        // Two in some hours is a good pace for five in thirty days.
        using var wrong = await app.SendAsync(HttpMethod.Put, "api/goals/kept", new { metric = "new-leads", target = 5, baseline = new { from = "2026-03-01", to = "2026-03-31" }, date = "2026-04-30", query = new { weather = "fine", by = "day" } });
        Assert.Equal(["$.query.by", "$.query.weather"], Paths(await wrong.Content.ReadAsStringAsync()));
        using var put = await app.SendAsync(HttpMethod.Put, "api/goals/kept", new { metric = "new-leads", target = 5, baseline = new { from = "2026-03-01", to = "2026-03-31" }, date = "2026-04-30", query = new { country = "Keptia" } });
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var goal = await app.GetAsync("api/goals/kept");
        Assert.Equal(("onTrack", 2, 0), ((string?)goal["status"], (int)goal["value"]!, (int)goal["baseline"]!["value"]!));
        var pace = 2 * 30 / (await NowAsync(app) - new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)).TotalDays;
        Assert.InRange((double)goal["expected"]!, pace * 0.98, pace * 1.02);
        Assert.Equal(2, (int)(await app.GetAsync(((string)goal["report"]!)[1..]))["total"]!["value"]!);
        Assert.Contains("kept", (await app.GetAsync("api/goals"))["items"]!.AsArray().Select(one => (string?)one!["id"]));
        using var gone = await app.SendAsync(HttpMethod.Delete, "api/goals/kept");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);

        // Mailed in some minutes, with what the report says.
        using var bad = await app.SendAsync(HttpMethod.Put, "api/reports/saved/kept", new { metric = "new-leads", range = "always", mail = new { from = "nobody", to = (string[])["boss@example.com", "nobody"], day = "someday", at = "25:00" } });
        Assert.Equal(["$.mail.at", "$.mail.day", "$.range"], Paths(await bad.Content.ReadAsStringAsync()));
        var now = await NowAsync(app);
        var due = now.AddMinutes(3);
        using var saved = await app.SendAsync(HttpMethod.Put, "api/reports/saved/kept", new
        {
            name = "New in Keptia",
            metric = "new-leads",
            query = new { country = "Keptia", by = "day" },
            range = "thisMonth",
            mail = new { from = "Reports <reports@example.com>", to = (string[])["boss@kept.example", "colleague@kept.example"], day = due.DayOfWeek.ToString().ToLowerInvariant(), at = due.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) },
        });
        Assert.True(saved.StatusCode == HttpStatusCode.Created, await saved.Content.ReadAsStringAsync());
        var shown = await app.GetAsync("api/reports/saved/kept");
        Assert.Equal(2, (int)(await app.GetAsync(((string)shown["report"]!)[1..]))["total"]!["value"]!);
        await app.App.AdvanceAsync(TimeSpan.FromMinutes(6));
        await app.App.SettleAsync();
        var mails = await Eventually.ThatAsync(
            async () => (await app.GetAsync("api/outbox?limit=500"))["items"]!.AsArray().Where(mail => ((string)mail!["to"]!).EndsWith("@kept.example", StringComparison.Ordinal)).ToList(), found => found.Count == 2, TimeSpan.FromSeconds(60));
        Assert.Equal(["boss@kept.example", "colleague@kept.example"], mails.Select(mail => (string)mail!["to"]!).Order(StringComparer.Ordinal));
        Assert.All(mails, mail => Assert.StartsWith("New in Keptia, ", (string)mail!["subject"]!, StringComparison.Ordinal));
        foreach (var mail in mails)
        {
            using var text = await app.SendAsync(HttpMethod.Get, $"outbox/{SendIds.Short((string)mail!["id"]!)}/html");
            Assert.Contains("<strong>2</strong>", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.True((await app.GetAsync("api/reports/saved/kept"))["nextMail"]!.GetValue<DateTimeOffset>() - due > TimeSpan.FromDays(6));
        using var deleted = await app.SendAsync(HttpMethod.Delete, "api/reports/saved/kept");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    private static IEnumerable<string> Paths(string problem) => JsonNode.Parse(problem)!["errors"]!.AsArray().Select(error => (string)error!["path"]!).Order(StringComparer.Ordinal);

    private static async Task<DateTimeOffset> NowAsync(LeadApp app) => (await app.GetAsync("api/clock"))["now"]!.GetValue<DateTimeOffset>();
}
