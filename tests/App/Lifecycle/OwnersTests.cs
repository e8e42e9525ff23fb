using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
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
        var definitions = new DefinitionsTable(new StorageClients(new TableServiceClient(account), new QueueServiceClient(account)), TimeProvider.System);
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
        var last = new LeadEffect("last", EffectKind.StageChanged, Lead(0), Start.AddDays(1), Stages.Mql, Stages.Recycled);
        await instances[0].UntilDoneAsync(last);

        var rows = new List<TableEntity>();
        await foreach (var row in new TableClient(account, OwnersTable.Name).QueryAsync<TableEntity>())
        {
            rows.Add(row);
        }

        var owned = rows.Where(row => row.RowKey.StartsWith("l:", StringComparison.Ordinal)).ToDictionary(row => row.RowKey[2..], row => row.GetString("Owner"));
        var busy = Owners.ToDictionary(id => id, id => rows.Find(row => row.RowKey == "o:" + id)?.GetInt32("Open") ?? 0);
        var waiting = rows.Where(row => row.RowKey.StartsWith("w:", StringComparison.Ordinal)).Select(row => row.GetString("Lead")).ToList();
        Assert.All(Owners, id => Assert.Equal(owned.Values.Count(owner => owner == id), busy[id]));
        var byHand = decided.Where(effect => effect.Kind == EffectKind.OwnerChanged).Select(effect => effect.LeadId).ToHashSet();
        Assert.All(Owners.Zip([2, 3, 1]), pair => Assert.True(owned.Count(one => one.Value == pair.First && !byHand.Contains(one.Key)) <= pair.Second, $"{pair.First} has {busy[pair.First]}."));
        Assert.True(waiting.Count == 0 || Owners.Zip([2, 3, 1]).All(pair => busy[pair.First] >= pair.Second), $"{waiting.Count} wait.");
        foreach (var lead in Enumerable.Range(0, Leads).Select(Lead))
        {
            var end = wanted.Concat(decided).Append(last).Where(effect => effect.LeadId == lead).OrderBy(effect => effect.At).Last();
            var owner = owned.GetValueOrDefault(lead, "");
            switch (end.Kind)
            {
                case EffectKind.OwnerWanted:
                    Assert.True(owner.Length > 0 || waiting.Contains(lead), $"{lead} has nobody and does not wait."); // it may be told of once more that it waited
                    Assert.True(owner.Length == 0 || instances.Any(instance => instance.Told.Any(text => text.Contains($"owner/{lead}.{end.To}\"", StringComparison.Ordinal))), $"{lead} was given to {owner}, and nobody was told.");
                    break;
                case EffectKind.OwnerChanged:
                    Assert.Equal(end.To, owner); // a row may say that it waits: whoever has room passes it over
                    break;
                default:
                    Assert.Equal("", owner);
                    break;
            }
        }

        Assert.All(instances, instance => Assert.True(instance.Deaths > 5, $"It died {instance.Deaths} times."));
    }

    /// <summary>What leads ask for, and what people and stages decide about some of them.</summary>
    private static (List<LeadEffect> Wanted, List<LeadEffect> Decided) Script(Random random)
    {
        var (wanted, decided) = (new List<LeadEffect>(), new List<LeadEffect>());
        for (var i = 0; i < Leads; i++)
        {
            var at = Start.AddMinutes(random.Next(60));
            for (var stay = 1; stay <= 2; stay++)
            {
                wanted.Add(new($"{Lead(i)}.{stay}", EffectKind.OwnerWanted, Lead(i), at, Stages.Mql, $"{stay}", JsonSerializer.SerializeToElement(Owners.Where(_ => random.Next(4) > 0).DefaultIfEmpty("ben"))));
                at = at.AddMinutes(random.Next(1, 30));
                if (random.Next(6) == 0)
                {
                    decided.Add(new($"{Lead(i)}.{stay}h", EffectKind.OwnerChanged, Lead(i), at, null, Owners[random.Next(3)]));
                    break;
                }

                if (stay == 2 || random.Next(2) == 0)
                {
                    break;
                }

                decided.Add(new($"{Lead(i)}.{stay}c", EffectKind.StageChanged, Lead(i), at, Stages.Mql, Stages.Recycled));
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
            instance._owners = new(new StorageClients(new TableServiceClient(account, options), new QueueServiceClient(account)), lifecycle, writer);
            return instance;
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

    private sealed class DeadException : Exception;

    /// <summary>Dies before or after some requests: then the request was carried out, and nobody knows.</summary>
    private sealed class Dying(int seed) : HttpPipelinePolicy
    {
        private readonly Random _random = new(seed);
        private int _deaths;

        public int Deaths => _deaths;

        public void Step()
        {
            lock (_random)
            {
                if (_random.Next(14) == 0)
                {
                    _deaths++;
                    throw new DeadException();
                }
            }
        }

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            Step();
            await ProcessNextAsync(message, pipeline);
            Step();
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
    }
}
