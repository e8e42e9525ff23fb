using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Tests.Leads.Listing;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Reports;

/// <summary>Whoever gathers facts, or has them bear other ids, is killed at each request in turn; another goes on, and reports count the same all the while.</summary>
public sealed class KilledGatheringTests
{
    /// <summary>More than one transaction takes.</summary>
    private const int Rows = 110;

    private static readonly TimeSpan KeepNothing = TimeSpan.FromMinutes(-1);
    private static readonly string Lead = Identity.User("ann").Hash();
    private static readonly string Nobody = Identity.User("nobody").Hash();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_request_no_fact_is_lost_and_none_counts_twice(bool isSent)
    {
        var account = await Emulator.NewSharedAccountAsync();
        foreach (var table in (string[])[LeadRows.Table, FactStore.Name])
        {
            await new TableClient(account, table).CreateIfNotExistsAsync();
        }

        var (known, shard) = (new FactReader(StoreOn(account, null)), LeadIds.Shard(Lead));
        var (wasKilled, kills) = (true, -1);
        while (wasKilled)
        {
            kills++;
            await WriteAsync(account, kills);
            await AssertCountedAsync(kills + 1);
            wasKilled = await Record.ExceptionAsync(() => StoreOn(account, new KilledAt(kills, isSent)).FoldAsync(shard, CancellationToken.None)) is KilledException;
            await AssertCountedAsync(kills + 1);
        }

        Assert.InRange(kills, 5, 12); // a page of rows, and written and deleted twice
        var (times, renames) = (kills + 1, -1);
        await WriteAsync(account, times);
        for (wasKilled = true; wasKilled;)
        {
            renames++;
            wasKilled = await Record.ExceptionAsync(() => StoreOn(account, new KilledAt(renames, isSent)).RenameAsync(new Dictionary<string, string> { [Lead] = Nobody }, CancellationToken.None)) is KilledException;
            Assert.Equal((times + 1) * Rows, await new FactReader(StoreOn(account, null)).ReadAsync(book => book.Count, CancellationToken.None));
        }

        Assert.Equal([Nobody], await new FactReader(StoreOn(account, null)).ReadAsync(book => book.People().Select(person => person.LeadId).ToList(), CancellationToken.None));

        async Task AssertCountedAsync(int times)
        {
            foreach (var reader in (FactReader[])[known, new(StoreOn(account, null))])
            {
                Assert.Equal(times * Rows, await reader.ReadAsync(book => book.Count, CancellationToken.None));
            }
        }
    }

    /// <summary>As commits do.</summary>
    private static async Task WriteAsync(string account, int time)
    {
        var table = new LeadsTable(StorageOn(account, null));
        foreach (var numbers in Enumerable.Range(time * Rows, Rows).Chunk(100))
        {
            await table.SubmitAsync([.. numbers.Select(number => FactRows.Write([new Fact(Fact.IdOf(FactKind.Act, Lead, $"{number}"), FactKind.Act, Lead, number, number)]))], CancellationToken.None);
        }
    }

    private static FactStore StoreOn(string account, HttpPipelinePolicy? watch)
    {
        var storage = StorageOn(account, watch);
        return new(new LeadsTable(storage), storage, KeepNothing, fewRows: 1);
    }

    private static StorageClients StorageOn(string account, HttpPipelinePolicy? watch)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        if (watch is not null)
        {
            options.AddPolicy(watch, HttpPipelinePosition.PerCall);
        }

        return new(new TableServiceClient(account, options), new QueueServiceClient(account), new BlobServiceClient(account));
    }
}
