using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Tests.Lifecycle;

/// <summary>Leads are given to sales by two instances that die at any request, and are told everything at least once, in whatever order.</summary>
public sealed class OwnersTests
{
    private const int Leads = 14;
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 10, 0, 0, TimeSpan.Zero);
    private static readonly string[] Owners = ["ana", "ben", "cid"];

    private const string Document = """
        {"name":"Ours","stages":[{"id":"subscriber"},{"id":"lead"},{"id":"mql"},{"id":"sal"},{"id":"sql"},{"id":"customer"},{"id":"recycled"}],
         "assignAt":"mql","owners":[{"id":"ana","capacity":2},{"id":"ben","capacity":3},{"id":"cid","capacity":1}]}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Whatever_dies_nobody_has_more_than_they_can_take_and_nobody_waits_while_somebody_has_room(int seed)
    {
        var account = await Emulator.NewSharedAccountAsync();
        await new TableClient(account, OwnersTable.Name).CreateIfNotExistsAsync();
        await new TableClient(account, DefinitionsTable.Name).CreateIfNotExistsAsync();
        var definitions = new DefinitionsTable(new StorageClients(new TableServiceClient(account), new QueueServiceClient(account), new Azure.Storage.Blobs.BlobServiceClient(account)), TimeProvider.System);
        await definitions.SaveLiveAsync(LifecycleStore.Kind, LifecycleStore.Id, Document, null, default);
        Instance[] instances = [await Instance.StartAsync(account, definitions, seed), await Instance.StartAsync(account, definitions, seed + 100)];
        var random = new Random(seed);
        var (wanted, decided) = Script(random);

        // All that is wanted and decided, shuffled a little, each told to either instance until it could do it, some twice.
        var told = wanted.Concat(decided).OrderBy(effect => effect.At.Ticks + random.NextInt64(3 * TimeSpan.TicksPerMinute)).ToList();
        told.InsertRange(told.Count / 2, told.Take(told.Count / 2).Where(_ => random.Next(4) == 0).ToList());
        foreach (var some in told.Chunk(4))
        {
            await Task.WhenAll(some.Select((effect, at) => instances[at % 2].UntilDoneAsync(effect)));
        }

        // A day later somebody comes back from sales: whoever waits gets what room there is.
        var last = new LeadEffect($"{Lead(0)}.1000", EffectKind.StageChanged, Lead(0), Start.AddDays(1), Stages.Mql, Stages.Recycled);
        await instances[0].UntilDoneAsync(last);

        var rows = new List<TableEntity>();
        await foreach (var row in new TableClient(account, OwnersTable.Name).QueryAsync<TableEntity>())
        {
            rows.Add(row);
        }

        var leads = rows.Where(row => row.RowKey.StartsWith("l:", StringComparison.Ordinal)).ToDictionary(row => row.RowKey[2..], Standing.Of);
        var busy = Owners.ToDictionary(id => id, id => rows.Find(row => row.RowKey == "o:" + id)?.GetInt32("Open") ?? 0);
        var waits = rows.Where(row => row.RowKey.StartsWith("w:", StringComparison.Ordinal)).ToList();
        var waiting = waits.ConvertAll(row => row.GetString("Lead"));
        Assert.All(Owners, id => Assert.Equal(leads.Values.Count(lead => lead.Busy(stage => stage == Stages.Mql) == id), busy[id]));
        var byHand = decided.Where(effect => effect is { Kind: EffectKind.OwnerChanged, To: not null }).Select(effect => effect.LeadId).ToHashSet();
        Assert.All(Owners.Zip([2, 3, 1]), pair => Assert.True(leads.Count(one => one.Value.Busy(stage => stage == Stages.Mql) == pair.First && !byHand.Contains(one.Key)) <= pair.Second, $"{pair.First} has {busy[pair.First]}."));
        Assert.All(Owners.Zip([2, 3, 1]).Where(pair => busy[pair.First] < pair.Second), pair => Assert.All(waits, row => Assert.DoesNotContain(pair.First, row.GetString("Candidates"), StringComparison.Ordinal)));
        foreach (var lead in Enumerable.Range(0, Leads).Select(Lead))
        {
            var all = wanted.Concat(decided).Append(last).Where(effect => effect.LeadId == lead).OrderBy(Standing.NumberOf).ToList();
            var standing = leads.GetValueOrDefault(lead, Standing.Of(null));
            Assert.Equal(all.Last(effect => effect.Kind == EffectKind.StageChanged).To ?? "", standing.Stage);
            if (all[^1].Kind == EffectKind.OwnerChanged)
            {
                Assert.Equal(all[^1].To, standing.Owner);
            }
            else if (standing.Stage == Stages.Mql)
            {
                var wish = all.Last(effect => effect.Kind == EffectKind.OwnerWanted);
                Assert.True(standing.Owner.Length > 0 || waiting.Contains(lead), $"{lead} has nobody and does not wait."); // it may be told of once more that it waited
                Assert.True(standing.Owner.Length == 0 || instances.Any(instance => instance.Told.Any(text => text.Contains($"owner/{lead}.{wish.To}\"", StringComparison.Ordinal))), $"{lead} was given to {standing.Owner}, and nobody was told.");
            }
        }

        Assert.All(instances, instance => Assert.True(instance.Deaths > 5, $"It died {instance.Deaths} times."));
    }

    /// <summary>Who comes back with the owner that they had is in hand again, whatever the owner's capacity; who is let go, or is of no sales' stage, is not.</summary>
    [Fact]
    public async Task Owners_are_busy_with_whom_they_have_in_hand()
    {
        var account = await Emulator.NewSharedAccountAsync();
        await new TableClient(account, OwnersTable.Name).CreateIfNotExistsAsync();
        await new TableClient(account, DefinitionsTable.Name).CreateIfNotExistsAsync();
        var definitions = new DefinitionsTable(new StorageClients(new TableServiceClient(account), new QueueServiceClient(account), new Azure.Storage.Blobs.BlobServiceClient(account)), TimeProvider.System);
        await definitions.SaveLiveAsync(LifecycleStore.Kind, LifecycleStore.Id, Document, null, default);
        var instance = await Instance.StartAsync(account, definitions, 1);
        var (number, strange) = (0, "Sales/EMEA #1? 100%\n");

        await Wants(1, 1, "cid");
        Assert.Equal("cid 1", await BusyAsync());
        await Stage(1, Stages.Recycled);
        Assert.Equal("cid 0", await BusyAsync());
        await Wants(2, 1, "cid");
        await Stage(1, Stages.Sal); // accepted after all, by whoever has it
        Assert.Equal("cid 2", await BusyAsync());
        await Wants(3, 1, "cid");
        await Stage(3, Stages.Disqualified); // it waited
        await Stage(1, null); // merged into another
        await Stage(2, Stages.Customer);
        Assert.Equal("cid 0", await BusyAsync());
        await Owner(4, strange, Stages.Customer);
        await Owner(5, strange, Stages.Sql);
        Assert.Equal($"cid 0, {strange} 1", await BusyAsync());
        await Stage(1, Stages.Sql); // let go again, with the owner that it had
        Assert.Equal($"cid 1, {strange} 1", await BusyAsync());

        // Another has more room, and the lead that waits may go there now: told with the last that was known of it.
        await Wants(6, 1, "cid");
        await instance.UntilDoneAsync(Effect(6, EffectKind.OwnerWanted, Stages.Mql, "1", JsonSerializer.SerializeToElement(new[] { "cid", "ben" })));
        Assert.Equal($"ben 1, cid 1, {strange} 1", await BusyAsync());

        Task Wants(int lead, int stay, params string[] candidates) => instance.UntilDoneAsync(Effect(lead, EffectKind.OwnerWanted, Stages.Mql, $"{stay}", JsonSerializer.SerializeToElement(candidates)));
        Task Stage(int lead, string? to) => instance.UntilDoneAsync(Effect(lead, EffectKind.StageChanged, null, to, null));
        Task Owner(int lead, string to, string stage) => instance.UntilDoneAsync(Effect(lead, EffectKind.OwnerChanged, null, to, JsonSerializer.SerializeToElement(stage)));
        LeadEffect Effect(int lead, EffectKind kind, string? from, string? to, JsonElement? data) => new($"{Lead(lead)}.{++number}", kind, Lead(lead), Start.AddMinutes(number), from, to, data);
        async Task<string> BusyAsync() => string.Join(", ", (await instance.BusyAsync()).OrderBy(one => one.Key == strange).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}"));
    }

    /// <summary>What leads ask for, and what people and stages decide about some of them.</summary>
    private static (List<LeadEffect> Wanted, List<LeadEffect> Decided) Script(Random random)
    {
        var (wanted, decided) = (new List<LeadEffect>(), new List<LeadEffect>());
        for (var i = 0; i < Leads; i++)
        {
            var (at, number) = (Start.AddMinutes(random.Next(60)), 0);
            for (var stay = 1; stay <= 2; stay++)
            {
                wanted.Add(new($"{Lead(i)}.{++number}", EffectKind.OwnerWanted, Lead(i), at, Stages.Mql, $"{stay}", JsonSerializer.SerializeToElement(Owners.Where(_ => random.Next(4) > 0).DefaultIfEmpty("ben"))));
                decided.Add(new($"{Lead(i)}.{++number}", EffectKind.StageChanged, Lead(i), at, Stages.Lead, Stages.Mql));
                at = at.AddMinutes(random.Next(1, 30));
                if (random.Next(6) == 0)
                {
                    decided.Add(new($"{Lead(i)}.{++number}", EffectKind.OwnerChanged, Lead(i), at, null, Owners[random.Next(3)], JsonSerializer.SerializeToElement(Stages.Mql)));
                    break;
                }

                if (random.Next(8) == 0)
                {
                    decided.Add(new($"{Lead(i)}.{++number}", EffectKind.StageChanged, Lead(i), at, Stages.Mql, null)); // merged into another
                    break;
                }

                if (stay == 2 || random.Next(2) == 0)
                {
                    break;
                }

                decided.Add(new($"{Lead(i)}.{++number}", EffectKind.StageChanged, Lead(i), at, Stages.Mql, Stages.Recycled));
                decided.Add(new($"{Lead(i)}.{++number}", EffectKind.OwnerChanged, Lead(i), at, null, null, JsonSerializer.SerializeToElement(Stages.Recycled))); // else nobody would be asked for again
                at = at.AddMinutes(random.Next(1, 30));
            }
        }

        return (wanted, decided);
    }

    private static string Lead(int i) => Events.Identity.User($"lead {i}").Hash();

    private sealed class Instance
    {
        private readonly List<string> _told = [];
        private readonly Dying _dying;
        private OwnersTable _owners = null!;

        private Instance(int seed) => _dying = new(seed);

        public IReadOnlyList<string> Told => _told;

        public int Deaths => _dying.Deaths;

        public static async Task<Instance> StartAsync(string account, DefinitionsTable definitions, int seed)
        {
            var instance = new Instance(seed);
            var options = new TableClientOptions();
            options.AddPolicy(instance._dying, HttpPipelinePosition.PerCall);
            var lifecycle = new LifecycleStore(definitions, TimeProvider.System, NullLogger<LifecycleStore>.Instance);
            await lifecycle.FreshAsync(default);
            var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var writer = new EventWriter(
                text =>
                {
                    instance._dying.Step();
                    lock (instance._told)
                    {
                        instance._told.Add(System.Text.Encoding.UTF8.GetString(QueueText.Decode(text)));
                    }

                    instance._dying.Step();
                    return Task.CompletedTask;
                },
                Options.Create(new IngestOptions()), new IngestMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<EventWriter>.Instance);
            await writer.StartAsync(default);
            instance._owners = new(new StorageClients(new TableServiceClient(account, options), new QueueServiceClient(account), new Azure.Storage.Blobs.BlobServiceClient(account)), lifecycle, writer);
            return instance;
        }

        public async Task<IReadOnlyDictionary<string, int>> BusyAsync()
        {
            while (true)
            {
                try
                {
                    return await _owners.BusyAsync(default);
                }
                catch (DeadException)
                {
                }
            }
        }

        /// <summary>As the queue does: told again until it is done.</summary>
        public async Task UntilDoneAsync(LeadEffect effect)
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    await _owners.ApplyAsync([effect], default);
                    return;
                }
                catch (Exception death) when (death is DeadException or EventsNotStoredException && tries < 200)
                {
                    // It comes to life again, and the message comes again.
                }
            }
        }
    }
}
