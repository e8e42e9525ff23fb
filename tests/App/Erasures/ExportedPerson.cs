using System.Net;
using LeadFunctions.Exports;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Erasures.RichLife;

namespace LeadFunctions.Tests.Erasures;

/// <summary>What somebody is given who asks what is known of them, held against all that the storage has.</summary>
internal static class ExportedPerson
{
    /// <summary>Of the engine: histories and messages of runs, which the export tells as runs.</summary>
    private const string Engine = "leadfunctions";

    /// <param name="found">Where the storage has what names them, and their lead's id: "Leads: ada@example.com".</param>
    public static async Task HasAllAsync(TestApp app, string lead, IReadOnlySet<string> found)
    {
        var export = await app.GetAsync($"/api/leads/{lead}/export");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (export.Status, export.ContentType));
        var kept = export.Json.GetProperty("kept");

        Assert.All(Marks, mark => Assert.Contains(mark, export.Text, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Other, export.Text, StringComparison.Ordinal);
        foreach (var table in found.Where(one => !one.EndsWith(lead, StringComparison.Ordinal)).Select(one => one.Split(':')[0]).Distinct().Where(table => !table.StartsWith(Engine, StringComparison.OrdinalIgnoreCase) && table != "(folder)")) // which shows what the outbox has
        {
            Assert.True(PlacesTests.All.Any(place => place.Stored.Contains(table) && (PersonPlaces.Repeated.ContainsKey(place.Name) || kept.GetProperty(place.Name).GetArrayLength() > 0)), $"{table} has what names them, and the export nothing of it.");
        }

        // No table knows the lead by its id but those that are looked at, or excused.
        Assert.Empty(found.Select(one => one.Split(':')[0]).Distinct().Where(table => !table.StartsWith(Engine, StringComparison.OrdinalIgnoreCase) && table != "(folder)")
            .Except(PlacesTests.All.SelectMany(place => place.Stored)).Except(PlacesTests.Excused.Keys));

        // And of each place just what is theirs.
        var address = Assert.Single(kept.GetProperty("addresses").EnumerateArray());
        Assert.Equal((Address, "manual"), (address.GetProperty("address").GetString(), address.GetProperty("reason").GetString()));
        Assert.All(kept.GetProperty("deliveries").EnumerateArray(), delivery => Assert.Equal(lead, delivery.GetProperty("event").GetProperty("subject").GetString()));
        Assert.Equal(["crm", "down"], kept.GetProperty("deliveries").EnumerateArray().Select(delivery => delivery.GetProperty("target").GetString()).Distinct().Order());
        Assert.Equal("cv", Assert.Single(kept.GetProperty("formFiles").EnumerateArray()).GetProperty("field").GetString());
        Assert.Contains(kept.GetProperty("outbox").EnumerateArray(), mail => mail.GetProperty("subject").GetString() == $"Hi {Name}");
        var held = kept.GetProperty("forms").EnumerateArray().ToDictionary(one => one.GetProperty("kind").GetString()!); // each has one
        Assert.Equal(("honeypot", Name), (held["spam"].GetProperty("reason").GetString(), held["spam"].GetProperty("values").GetProperty("name")[0].GetString()));
        Assert.Equal("news", held["confirmation"].GetProperty("topics")[0].GetString());
        var letters = kept.GetProperty("letters").GetRawText();
        Assert.All(["dead-1", "dead-2"], letter => Assert.Contains(letter, letters, StringComparison.Ordinal));
        Assert.DoesNotContain("dead-3", letters, StringComparison.Ordinal); // somebody else's, in the same message
        var row = Assert.Single(kept.GetProperty("files").EnumerateArray());
        Assert.Equal(("Fair", 2, "gold"), (row.GetProperty("name").GetString(), row.GetProperty("line").GetInt32(), row.GetProperty("values").GetProperty("plan").GetString()));
        Assert.Contains("calls-at-noon", export.Json.GetProperty("timeline").GetRawText(), StringComparison.Ordinal);
        Assert.NotEmpty(export.Json.GetProperty("runs").EnumerateArray());
    }
}
