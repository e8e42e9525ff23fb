using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Journeys;

public sealed class DueTableTests
{
    /// <summary>Whoever noted a lead while the minute was being worked off was never looked at: the row went with those that had been.</summary>
    [Fact]
    public async Task What_is_noted_while_its_minute_is_worked_off_stays_and_is_another_look()
    {
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await storage.Table(DueTable.Name).CreateIfNotExistsAsync();
        var due = new DueTable(storage);
        await due.AddAsync("203001071000", [new("a", "a.1")], default);
        await due.AddAsync("203001071000", [new("b", "b.1")], default);
        var seen = await due.FirstAsync("203001071000", default);
        await due.AddAsync("203001071000", [new("a", "a.2")], default);

        await due.RemoveAsync("203001071000", seen, default);

        var left = await due.FirstAsync("203001071000", default);
        Assert.Equal([("a", "a.2"), ("b", "b.1")], left.Select(row => (row.Key, row.Why)));
        Assert.Null(await due.FindAsync("203001071000", "a", "a.1", default)); // not for a late one to take away
        await due.RemoveAsync("203001071000", left, default);
        Assert.Empty(await due.FirstAsync("203001071000", default));
    }
}
