using System.Net;

namespace LeadFunctions.Tests.Leads;

/// <summary>Contacts that are entered by hand, and notes that are found again.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class ContactTests(SharedLeadApp shared)
{
    [Fact]
    public async Task A_business_card_becomes_a_lead_with_consent_note_owner_and_list()
    {
        await using var borrowed = shared.Borrow();
        var app = borrowed.App;
        var card = """
            {"traits":{"email":"Cora.Contact@Example.com ","name":"Cora Contact","company":{"name":"Contact & Sons"}},"consent":{"newsletter":true,"calls":false},"how":"signed card at the fair",
             "note":"Wants the quantum brochure","owner":"ana","lists":["fair-2030"],"by":"Sam","id":"card-1"}
            """;

        var entered = await app.PostAsync("/api/leads", card);
        await app.PostAsync("/api/leads", card); // the button was pressed twice
        await app.SettleAsync();

        Assert.Equal((HttpStatusCode.Accepted, false), (entered.Status, entered.Json.GetProperty("existing").GetBoolean()));
        var lead = (await app.GetAsync($"/api/leads/{entered.Json.GetProperty("leadId").GetString()}")).Json;
        Assert.Equal(("Cora.Contact@example.com", "Cora Contact", "ana"), (lead.GetProperty("email").GetString(), lead.GetProperty("traits").GetProperty("name").GetString(), lead.GetProperty("owner").GetString()));
        Assert.Contains("fair-2030", lead.GetProperty("segments").EnumerateArray().Select(segment => segment.GetString()));
        Assert.Equal((true, false), (lead.GetProperty("consent").GetProperty("newsletter").GetBoolean(), lead.GetProperty("consent").GetProperty("call").GetBoolean()));
        var timeline = (await app.GetAsync($"/api/leads/{lead.GetProperty("id").GetString()}/timeline?limit=50")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(5, timeline.Count);
        Assert.Contains("signed card at the fair", timeline.Single(e => e.GetProperty("name").GetString() == "Consent Changed").GetRawText(), StringComparison.Ordinal);

        // Entered once more, she is known; by the same address, however it is written.
        var again = await app.PostAsync("/api/leads", """{"traits":{"email":"cora.contact@EXAMPLE.com","phone":"+386 40 1"}}""");
        Assert.Equal((true, lead.GetProperty("id").GetString()), (again.Json.GetProperty("existing").GetBoolean(), again.Json.GetProperty("leadId").GetString()));

        var found = (await app.GetAsync("/api/notes?q=quant+sam")).Json.GetProperty("items").EnumerateArray().ToList();
        var note = Assert.Single(found);
        Assert.Equal(("Wants the quantum brochure", "Sam", "Cora Contact", lead.GetProperty("id").GetString()),
            (note.GetProperty("text").GetString(), note.GetProperty("by").GetString(), note.GetProperty("name").GetString(), note.GetProperty("leadId").GetString()));
    }

    [Fact]
    public async Task Somebody_who_only_called_is_in_the_listing_too()
    {
        await using var borrowed = shared.Borrow();
        var app = borrowed.App;

        var entered = await app.PostAsync("/api/leads", """{"traits":{"phone":"+386 41 222 333","name":"Zvonko Klicatelj"}}""");
        await app.SettleAsync();

        var listed = Assert.Single((await app.GetAsync("/api/leads?q=zvonko")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(entered.Json.GetProperty("leadId").GetString(), listed.GetProperty("id").GetString());

        // Later there is an address: it is the same person.
        await app.PostAsync("/api/leads", """{"traits":{"email":"zvonko@example.com"}}""");
        await app.SettleAsync();
        Assert.Equal(2, (await app.GetAsync("/api/leads?q=zvonko")).Json.GetProperty("items").GetArrayLength()); // nobody said that they are one
    }

    [Theory]
    [InlineData("""{"traits":{"name":"Nobody"}}""", "$.traits")]
    [InlineData("""{"traits":[]}""", "$.traits")]
    [InlineData("""{"traits":{"email":"a@example.com"},"consent":{"news":true}}""", "$.how")]
    [InlineData("""{"traits":{"email":"a@example.com"},"consent":true,"how":"call"}""", "$.consent")]
    [InlineData("""{"traits":{"email":"a@example.com"},"lists":["a",""]}""", "$.lists[1]")]
    [InlineData("""{"traits":{"email":"a@example.com"},"id":" "}""", "$.id")]
    [InlineData("""{"traits":{"email":"a@example.com"},"colour":"red"}""", "$.colour")]
    public async Task What_is_wrong_is_said_by_field_and_nothing_is_stored(string body, string path)
    {
        await using var borrowed = shared.Borrow();
        var app = borrowed.App;

        var refused = await app.PostAsync("/api/leads", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(path, refused.ErrorPaths);
        await app.SettleAsync();
        Assert.Equal(0, (await app.GetAsync("/api/leads?email=a%40example.com")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Notes_are_found_by_the_beginnings_of_words_page_by_page_newest_first()
    {
        await using var borrowed = shared.Borrow();
        var app = borrowed.App;
        var lead = (await app.PostAsync("/api/leads", """{"traits":{"email":"many.notes@example.com","name":"Many Notes"}}""")).Json.GetProperty("leadId").GetString();
        await app.SettleAsync();
        foreach (var number in new[] { "first", "second", "third" })
        {
            Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync($"/api/leads/{lead}/notes", $$"""{"text":"Žirafa, {{number}} call"}""")).Status);
            await app.SettleAsync();
            await app.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        var page = (await app.GetAsync("/api/notes?q=zir+CALL&limit=2")).Json;
        var rest = (await app.GetAsync($"/api/notes?q=zir+CALL&limit=2&cursor={page.GetProperty("nextCursor").GetString()}")).Json;

        Assert.Equal(["Žirafa, third call", "Žirafa, second call"], page.GetProperty("items").EnumerateArray().Select(note => note.GetProperty("text").GetString()));
        Assert.Equal(["Žirafa, first call"], rest.GetProperty("items").EnumerateArray().Select(note => note.GetProperty("text").GetString()));
        Assert.False(rest.TryGetProperty("nextCursor", out _));
        Assert.Equal(0, (await app.GetAsync("/api/notes?q=irafa")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal("/problems/invalid-cursor", (await app.GetAsync("/api/notes?cursor=x")).Problem);
    }
}
