using Azure;
using Azure.Data.Tables;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Journeys.Sums;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Journeys.Statistics;

/// <summary>The sums beside the runs, on the emulator.</summary>
public sealed class KeptSumsTests
{
    private const string Journey = "j";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Several_instances_at_once_whose_writes_are_lost_repeated_and_refused_count_each_move_once()
    {
        var account = await AccountAsync();
        RunsTable[] instances = [new(account), new(account), new(account)];
        await Task.WhenAll(Enumerable.Range(0, 30).Select(number => WalkAsync(instances, number)));

        var kept = await instances[0].SumsAsync(Journey, DateOnly.MinValue, None);
        Assert.True(AreSame(await PlainAsync(account), kept), Told(kept));
        Assert.Equal(30, kept.Where(part => RunCounts.VersionOf(part.Key) is not null).Sum(part => part.Value[RunCounts.Runs] + part.Value[RunCounts.HeldOut]));
        Assert.Equal(new Recount(30, Differed: false, 0), await instances[1].RecountAsync(Journey, None));
    }

    [Fact]
    public async Task Runs_from_before_there_were_sums_are_counted_once_by_whoever_comes_first()
    {
        var account = await AccountAsync();
        var runs = await WithRunsAsync(account, 40);
        await ForgetSumsAsync(account);
        RunsTable[] instances = [new(account), new(account), new(account)];

        // One writes, two ask.
        var stored = await instances[0].FindAsync(runs[0].Id, None);
        await Task.WhenAll(instances[0].SaveAsync(stored!, RunCountsTests.Moved(runs[0], new Random(1))), instances[1].SumsAsync(Journey, DateOnly.MinValue, None), instances[2].SumsAsync(Journey, DateOnly.MinValue, None)); // it was written

        Assert.True(AreSame(await PlainAsync(account), await instances[1].SumsAsync(Journey, DateOnly.MinValue, None)));
    }

    [Fact]
    public async Task What_differs_is_found_and_put_right_also_for_who_remembers_the_wrong_sums()
    {
        var account = await AccountAsync();
        var runs = await WithRunsAsync(account, 20);
        var table = new RunsTable(account);
        await table.SaveAsync((await table.FindAsync(runs[0].Id, None))!, RunCountsTests.Moved(runs[0], new Random(2))); // it was written
        await foreach (var row in account.Table(RunsTable.Name).QueryAsync<TableEntity>("RowKey ge '~v' and RowKey lt '~w'"))
        {
            row["sums"] = """{"runs":1000}""";
            await account.Table(RunsTable.Name).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        }

        Assert.Equal(new Recount(20, Differed: true, 0), await new RunsTable(account).RecountAsync(Journey, None));

        var stored = await table.FindAsync(runs[0].Id, None);
        await table.SaveAsync(stored!, RunCountsTests.Moved(stored!.Run, new Random(2))); // likewise
        Assert.True(AreSame(await PlainAsync(account), await table.SumsAsync(Journey, DateOnly.MinValue, None)));
        Assert.False((await table.RecountAsync(Journey, None)).Differed);
    }

    [Fact]
    public async Task A_run_that_is_deleted_stays_counted_and_stands_nowhere()
    {
        var account = await AccountAsync();
        var runs = await WithRunsAsync(account, 12);
        var table = new RunsTable(account);
        var before = Stats(await table.SumsAsync(Journey, DateOnly.MinValue, None));
        foreach (var run in runs)
        {
            await table.RemoveAsync(run.Id, None);
        }

        await table.RemoveAsync(runs[0].Id, None); // once more
        var after = Stats(await table.SumsAsync(Journey, DateOnly.MinValue, None));

        Assert.Empty(await PlainAsync(account));
        Assert.Equal((before.Entered, before.HeldOut, before.Sent, 0L), (after.Entered, after.HeldOut, after.Sent, after.Active));
        Assert.Empty(after.Inside);
        Assert.Equal(before.Active, after.Left["cancelled"]);
        Assert.Equal(new Recount(0, Differed: false, 0), await table.RecountAsync(Journey, None));
        Assert.Equal(before.Entered, Stats(await table.SumsAsync(Journey, DateOnly.MinValue, None)).Entered);
    }

    /// <summary>One run, from its beginning through some moves, now by one instance and now by another.</summary>
    private static async Task WalkAsync(RunsTable[] instances, int number)
    {
        var random = new Random(number);
        var run = RunCountsTests.New(number, random);
        var added = await Task.WhenAll(instances.Select(instance => instance.TryAddAsync(run)));
        Assert.Single(added, isNew => isNew);
        for (var move = 0; move < 8; move++)
        {
            var (one, other) = (instances[random.Next(instances.Length)], instances[random.Next(instances.Length)]);
            var stored = (await one.FindAsync(run.Id, None))!; // it was added
            run = RunCountsTests.Moved(stored.Run, random);
            await one.SaveAsync(stored, run);

            // The same once more, as by somebody who did not hear that it was done.
            await Assert.ThrowsAnyAsync<RequestFailedException>(() => other.SaveAsync(stored, run with { Turn = run.Turn + 1 }));
        }
    }

    private static async Task<List<RunState>> WithRunsAsync(StorageClients account, int count)
    {
        var (table, random) = (new RunsTable(account), new Random(count));
        var runs = Enumerable.Range(0, count).Select(number => RunCountsTests.New(number, random)).ToList();
        await Task.WhenAll(runs.Select(table.TryAddAsync));
        return runs;
    }

    private static async Task ForgetSumsAsync(StorageClients account)
    {
        await foreach (var row in account.Table(RunsTable.Name).QueryAsync<TableEntity>())
        {
            if (row.RowKey.StartsWith(KeptSums.FirstRow, StringComparison.Ordinal))
            {
                await account.Table(RunsTable.Name).DeleteEntityAsync(row.PartitionKey, row.RowKey);
            }
        }
    }

    private static async Task<IReadOnlyDictionary<string, Counters>> PlainAsync(StorageClients account)
    {
        var sums = new Dictionary<string, Counters>();
        await foreach (var stored in new RunsTable(account).ListAsync(Journey, null, null, null, null, None))
        {
            foreach (var (part, counted) in RunCounts.Of(stored.Run))
            {
                sums[part] = sums.GetValueOrDefault(part, new Counters()).Add(counted);
            }
        }

        return sums;
    }

    private static bool AreSame(IReadOnlyDictionary<string, Counters> one, IReadOnlyDictionary<string, Counters> other) =>
        one.Keys.Union(other.Keys).All(part => WaitTimes.AreSame(one.GetValueOrDefault(part, new Counters()), other.GetValueOrDefault(part, new Counters())));

    private static string Told(IReadOnlyDictionary<string, Counters> sums) => string.Join('\n', sums.Select(part => $"{part.Key} {part.Value.ToJson()}"));

    private static JourneyStats Stats(IReadOnlyDictionary<string, Counters> sums) =>
        JourneyStats.Of(sums);

    private static async Task<StorageClients> AccountAsync()
    {
        var account = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await account.Table(RunsTable.Name).CreateIfNotExistsAsync();
        return account;
    }
}
