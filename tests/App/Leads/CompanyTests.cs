using System.Net;
using System.Text.Json;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Leads;

/// <summary>Companies are what their leads make them.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class CompanyTests(SharedLeadApp shared)
{
    [Theory]
    [InlineData("acme-7", "Acme", "acme-7")] // what group calls it counts, whatever the name is
    [InlineData(null, "ACMÉ  ", "~acme  ")]
    [InlineData(null, "Škoda Auto", "~skoda auto")]
    [InlineData(null, null, null)]
    public void A_lead_is_of_the_company_that_group_names_else_of_its_name(string? id, string? name, string? key)
    {
        var lead = new ListedLead("0", "lead", null, name, null, null, null, 0, null, 0, 0, [], EngagementCurve.Zero, id);

        Assert.Equal(key, CompanyKey.Of(lead));
        Assert.Equal(id, CompanyKey.IdIn(key));
    }

    [Fact]
    public async Task Its_leads_engagement_and_traits_are_together_in_one_place()
    {
        await using var borrowed = shared.Borrow();
        var app = borrowed.App;
        object[] events =
        [
            new { type = "group", userId = "co1", groupId = "megacorp", traits = new { name = "MegaCorp", industry = "pumps" }, messageId = "co-1" },
            new { type = "group", userId = "co2", groupId = "megacorp", traits = new { name = "MegaCorp d.o.o.", employees = 250 }, messageId = "co-2" },
            new { type = "identify", userId = "co3", traits = new { company = "Tiny Wörks" }, messageId = "co-3" },
            new { type = "identify", userId = "co4", traits = new { company = new { name = "tiny works" } }, messageId = "co-4" },
            new { type = "track", userId = "co1", @event = "Order Completed", properties = new { total = 10 }, messageId = "co-5" },
            new { type = "page", userId = "co2", properties = new { path = "/pricing" }, messageId = "co-6" },
        ];
        foreach (var e in events)
        {
            await app.PostAsync("/v1/batch", JsonSerializer.Serialize(new { batch = new[] { e } }), Api.WriteKey); // one after the other
        }

        await app.SettleAsync();

        var shown = (await app.GetAsync("/api/companies/megacorp")).Json;
        var company = shown.GetProperty("company");
        var leads = (await app.GetAsync("/api/leads?company=megacorp")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["co1", "co2"], leads.Select(lead => lead.GetProperty("userId").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(2, company.GetProperty("leads").GetInt32());
        Assert.Equal(leads.Sum(lead => lead.GetProperty("engagement").GetDouble()), company.GetProperty("engagement").GetDouble(), 1);
        Assert.True(company.GetProperty("engagement").GetDouble() > 0);
        Assert.Equal("""{"employees":250,"id":"megacorp","industry":"pumps","name":"MegaCorp d.o.o."}""", shown.GetProperty("traits").GetRawText());
        Assert.Equal(2, shown.GetProperty("mostEngaged").GetArrayLength());

        var tiny = Assert.Single((await app.GetAsync("/api/companies?q=tiny")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("~tiny works", 2), (tiny.GetProperty("id").GetString(), tiny.GetProperty("leads").GetInt32()));
        Assert.Equal(2, (await app.GetAsync("/api/leads?company=~tiny%20works")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/companies/nobody")).Status);

        // Page by page, each once.
        var (seen, next) = (new List<string?>(), (string?)"");
        while (next is not null)
        {
            var page = (await app.GetAsync("/api/companies?limit=1" + (next.Length > 0 ? "&cursor=" + next : ""))).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
            next = page.TryGetProperty("nextCursor", out var cursor) ? cursor.GetString() : null;
        }

        Assert.Equal(seen.Distinct(), seen);
        Assert.Contains("megacorp", seen);
        Assert.Contains("~tiny works", seen);
    }
}
