using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Several people with several browsers, against <see cref="PeopleModel"/>: who is who, and whose is each event.</summary>
public sealed class PeopleLaws
{
    private const int Worlds = 120;

    [Fact]
    public async Task Event_by_event_every_lead_is_who_the_rules_say()
    {
        var pipeline = await BarePipeline.StartAsync();
        var models = await InParallelAsync(async random =>
        {
            var (model, world) = (new PeopleModel(), new World(random));
            for (var n = random.Next(3, 16); n > 0; n--)
            {
                foreach (var e in world.Next(model, byHand: true))
                {
                    await pipeline.ApplyAsync(e);
                }
            }

            return model;
        });

        var live = await pipeline.LiveAsync();
        Assert.Equal(Shown(models), Shown(live));
        Assert.All(live, lead => Assert.Null(lead.Claims));
    }

    [Fact]
    public async Task However_events_are_cut_into_batches_every_lead_is_the_same()
    {
        var pipeline = await BarePipeline.StartAsync();
        var models = await InParallelAsync(async random =>
        {
            var (model, world) = (new PeopleModel(), new World(random));
            for (var batches = random.Next(1, 4); batches > 0; batches--)
            {
                await pipeline.ApplyAsync([.. Enumerable.Range(0, random.Next(2, 9)).SelectMany(_ => world.Next(model, byHand: false))]);
            }

            return model;
        });

        var live = await pipeline.LiveAsync();
        Assert.Equal(Shown(models), Shown(live));
        Assert.All(live, lead => Assert.Null(lead.Claims));
    }

    [Fact]
    public async Task Whatever_arrives_where_at_the_same_time_no_two_people_become_one_and_no_event_counts_twice()
    {
        var one = await BarePipeline.StartAsync();
        var other = one.Another();
        var told = await InParallelAsync(async random =>
        {
            var world = new World(random) { MayMergeKnown = false };
            LeadEvent[] events = [.. Enumerable.Range(0, 14).SelectMany(_ => world.Next(new PeopleModel(), byHand: false))];
            await Task.WhenAll(new[] { one, other, one, other }.Select((instance, n) => (instance, part: Shuffled(random, n < 2 ? events : events[..7]))).ToList().Select(async delivery =>
            {
                foreach (var batch in delivery.part.Chunk(3))
                {
                    await delivery.instance.ApplyAsync(batch);
                }
            }));
            return events;
        });

        var live = await one.LiveAsync();
        Assert.All(live, lead =>
        {
            var (users, addresses) = (lead.Whole.Identities.Count(name => name[0] == 'u'), lead.Whole.Identities.Count(name => name[0] == 'e'));
            Assert.True(users < 2 && (addresses < 2 || users == 1), string.Join(' ', lead.Whole.Identities));
        });
        Assert.Equal(
            told.SelectMany(events => events).Select(e => (e.Name, 1)).Order(),
            live.SelectMany(lead => lead.Whole.Activity.Select(activity => (activity.Key, activity.Value.Total))).Order());
    }

    private static LeadEvent[] Shuffled(Random random, LeadEvent[] events)
    {
        LeadEvent[] shuffled = [.. events];
        random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Worlds do not touch each other, so that many may share a pipeline, and its transactions.</summary>
    private static async Task<T[]> InParallelAsync<T>(Func<Random, Task<T>> world)
    {
        var all = new List<T>();
        foreach (var some in Enumerable.Range(0, Worlds).Chunk(24))
        {
            all.AddRange(await Task.WhenAll(some.Select(seed => world(new Random(seed)))));
        }

        return [.. all];
    }

    private static IEnumerable<string> Shown(IEnumerable<PeopleModel> models) => models.SelectMany(model => model.People).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Shown(IEnumerable<LeadState> live) =>
        live.Select(lead => PeopleModel.Show(lead.Id, lead.Whole.Identities, lead.Whole.Activity.Keys)).Order(StringComparer.Ordinal);

    /// <summary>Three users, addresses and browsers, and what becomes of them.</summary>
    private sealed class World(Random random)
    {
        private static int _worlds;

        private readonly string _suffix = "-" + Interlocked.Increment(ref _worlds);
        private int _events;

        /// <summary>Some of the aliases come from a source that may merge known people.</summary>
        public bool MayMergeKnown { get; init; } = true;

        /// <summary>One thing that happens, also to the model.</summary>
        public IEnumerable<LeadEvent> Next(PeopleModel model, bool byHand)
        {
            var (id, minute) = ($"m{_events++}{_suffix}", random.Next(4) == 0 ? random.Next(100) : 100 + _events);
            if (byHand && random.Next(12) == 0 && model.Ids is { Count: > 1 } ids)
            {
                var (goes, stays) = (ids[random.Next(ids.Count)], ids[random.Next(ids.Count)]);
                if (goes != stays)
                {
                    model.MergeByHand(goes, stays);
                    return [Merges.FreezeByHand(goes, stays, id, Start)];
                }
            }

            if (byHand && random.Next(6) == 0 && model.Merges.ToList() is { Count: > 0 } merges)
            {
                var (keeper, part) = merges[random.Next(merges.Count)];
                model.TakeBack(keeper, part);
                return [Merges.LetGo(keeper, part, id, Start)];
            }

            var e = Event(id, minute) with { Name = id };
            model.Apply(e);
            return [e];
        }

        private LeadEvent Event(string id, int minute)
        {
            var (user, address, browser) = (One("u"), One("e") + "@example.com", One("b"));
            return random.Next(9) switch
            {
                0 => Track(id, id, minute, user),
                1 => Page(id, "/", minute, anonymous: browser),
                2 or 3 => Track(id, id, minute, user, browser),
                4 => Identify(id, minute, user, traits: new { email = address }),
                5 => Identify(id, minute, anonymous: browser, traits: new { email = address }),
                6 => Identify(id, minute, user, browser, new { email = address }),
                7 => Identify(id, minute, traits: new { email = address }),
                _ => Alias(id, minute, user, random.Next(2) == 0 ? browser : One("u")) with { MayMergeKnown = MayMergeKnown && random.Next(2) == 0 ? true : null },
            };
        }

        private string One(string kind) => kind + random.Next(3) + _suffix;
    }
}
