using Azure.Data.Tables;
using LeadFunctions.Integrations;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Whoever moves a lead's head on as they had read it has missed nothing that came meanwhile; else what came early would wait for somebody to look again, and nobody would.</summary>
public sealed class OutboundTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_came_early_meanwhile_is_seen_by_whoever_sends_what_it_waits_for()
    {
        var table = await StartAsync();
        var seen = await table.ReadAsync("ann", CancellationToken.None);

        // The second event is there before the first has moved the head.
        Assert.True(await AdvanceAsync(table, await table.ReadAsync("ann", CancellationToken.None), next: 1, early: [2]));
        Assert.False(await AdvanceAsync(table, seen, next: 2));
        var again = await table.ReadAsync("ann", CancellationToken.None);
        Assert.Equal((1, "2"), (again.Next, Numbers(again)));
        Assert.True(await AdvanceAsync(table, again, next: 3, gone: [2]));

        // And the other way round: who is early has read what is not so any more.
        var early = await table.ReadAsync("ann", CancellationToken.None);
        Assert.True(await AdvanceAsync(table, early, next: 4));
        Assert.False(await AdvanceAsync(table, early, next: 3, early: [4]));
        var last = await table.ReadAsync("ann", CancellationToken.None);
        Assert.Equal((4, ""), (last.Next, Numbers(last)));
    }

    [Fact]
    public async Task However_many_wait_a_page_of_them_fits_a_transaction_and_says_that_there_may_be_more()
    {
        var table = await StartAsync();
        Assert.True(await AdvanceAsync(table, await table.ReadAsync("ann", CancellationToken.None), next: 1, early: [.. Enumerable.Range(2, OutboundTable.AtOnce).Select(number => (long)number)]));
        Assert.True(await AdvanceAsync(table, await table.ReadAsync("ann", CancellationToken.None), next: 1, early: [90, 91]));

        var seen = await table.ReadAsync("ann", CancellationToken.None);
        Assert.Equal((OutboundTable.AtOnce, true), (seen.Events.Count, seen.IsPart));
        Assert.True(await AdvanceAsync(table, seen, next: 51, gone: [.. seen.Events.Select(one => one.Event.Number)], early: [.. Enumerable.Range(100, OutboundTable.AtOnce).Select(number => (long)number)]));
        Assert.StartsWith("90,91,100,", Numbers(await table.ReadAsync("ann", CancellationToken.None)), StringComparison.Ordinal);
    }

    private static string Numbers(Waiting seen) => string.Join(',', seen.Events.Select(one => one.Event.Number));

    private static Task<bool> AdvanceAsync(OutboundTable table, Waiting seen, long next, IReadOnlyList<long>? gone = null, IReadOnlyList<long>? early = null) =>
        table.TryAdvanceAsync("ann", seen, next, gone ?? [], [.. (early ?? []).Select(number => SampleEvents.Of(HappeningTypes.StageChanged, Now) with { LeadId = "ann", Number = number })], Now, CancellationToken.None);

    private static async Task<OutboundTable> StartAsync()
    {
        var account = await Emulator.NewSharedAccountAsync();
        await new TableClient(account, OutboundTable.Name).CreateAsync();
        return new(StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = account }));
    }
}
