using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Several instances merge the same few leads, each by what it saw last, and every message may come again at any time: each event counts once.</summary>
public sealed class CrosswiseMergesTests
{
    [Fact]
    public void What_asks_for_a_merge_comes_again_after_the_one_that_stayed_was_frozen_itself()
    {
        var leads = new Leads(3);
        leads.Freeze(0, into: 1);
        leads.Deliver(0);
        leads.Freeze(1, into: 2);

        leads.Deliver(0); // follows to the third, which knows of neither
        leads.Deliver(1);

        Assert.Equal(leads.Sent, leads.Counted());
        var parted = Apply(leads[2], [Merges.LetGo(leads[2].Id, leads[1].Id, "r", Start)]);
        Assert.Equal([leads[2].Id], parted.AllIds);
        Assert.Equal([leads[1].Id, leads[0].Id], Apply(leads[1], [Merges.Release(leads[1].Id, leads[2].Id, "e", Start)]).AllIds);
    }

    [Fact]
    public void Of_two_that_are_frozen_into_each_other_the_one_that_absorbed_the_other_before_stays()
    {
        foreach (var goesFirst in new[] { 0, 1 })
        {
            var leads = new Leads(2);
            leads.Freeze(goesFirst, into: 1 - goesFirst);
            leads.Deliver(0);
            leads.Freeze(1 - goesFirst, into: goesFirst);

            leads.Settle();

            Assert.Equal(leads.Sent, leads.Counted());
            Assert.Null(leads[1 - goesFirst].MergedInto);
        }
    }

    [Fact]
    public void A_lead_that_was_freed_and_merged_into_another_does_not_come_to_the_first()
    {
        var leads = new Leads(3);
        leads.Freeze(0, into: 1);
        leads.Free(0);
        leads.Freeze(0, into: 2);

        leads.Deliver(0);
        leads.Deliver(1);

        Assert.Equal(leads.Sent, leads.Counted());
    }

    [Fact]
    public void In_whatever_order_merges_cross_and_come_again_every_event_counts_once()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var leads = new Leads(random.Next(2, 6));
            for (var step = 0; step < 20; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        leads.Freeze(random.Next(leads.Count), random.Next(leads.Count));
                        break;
                    case 1:
                        leads.Send(random.Next(leads.Count));
                        break;
                    default:
                        leads.Deliver(random.Next());
                        break;
                }
            }

            leads.Settle();
            Assert.True(leads.Sent == leads.Counted(), $"Seed {seed}: {leads.Counted()} counted of {leads.Sent}.");
            Assert.Equal(leads.Count, leads.Alive.Sum(lead => lead.AllIds.Count));
        }
    }

    /// <summary>A store of leads, each with an event to begin with, and the messages that their freezing caused.</summary>
    private sealed class Leads
    {
        private readonly List<string> _ids;
        private readonly Dictionary<string, LeadState> _rows;
        private readonly List<LeadEvent> _messages = [];

        public Leads(int count)
        {
            _ids = [.. Enumerable.Range(0, count).Select(n => Identity.User($"u{n}").Hash()).Order(StringComparer.Ordinal)];
            _rows = _ids.ToDictionary(id => id, id => new LeadState { Id = id });
            for (var n = 0; n < count; n++)
            {
                Send(n);
            }
        }

        public int Count => _ids.Count;

        public int Sent { get; private set; }

        public LeadState this[int n] => _rows[_ids[n]];

        public IEnumerable<LeadState> Alive => _rows.Values.Where(lead => lead.MergedInto is null);

        public int Counted() => Alive.Sum(lead => lead.Whole.Activity.Values.Sum(counter => counter.Total));

        /// <summary>By an instance that takes the other for alive, whether or not it is.</summary>
        public void Freeze(int n, int into)
        {
            if (n == into || this[n].MergedInto is not null)
            {
                return;
            }

            var frozen = Write(this[n], new(Merges.Freeze(_ids[n], _ids[into], this[n].Merges, Start), Start, []));
            var effect = frozen.Outbox.Last(effect => effect.Kind == EffectKind.Merged);
            _messages.Add(Merges.Absorb(effect.To!, frozen.Id, effect.Id, Start)); // not null: names the lead that stays
        }

        public void Free(int n) => Write(this[n], new(Merges.Release(_ids[n], "", $"loop/{_ids[n]}/{this[n].Merges}", Start), Start, []));

        public void Send(int n)
        {
            Write(Living(_ids[n]).Lead, new(Track($"m{Sent}", "Step", Sent), Start, []));
            Sent++;
        }

        public void Deliver(int which)
        {
            if (_messages.Count > 0)
            {
                var message = _messages[which % _messages.Count];
                var (lead, passed) = Living(message.LeadId!); // not null: what Absorb made names both
                if (!Merges.IsDone(message, passed))
                {
                    Write(lead, new(message, Start, [], _rows[Merges.Absorbs(message)!]));
                }
            }
        }

        public void Settle()
        {
            for (var round = 0; round < 2 * Count; round++)
            {
                for (var n = 0; n < _messages.Count; n++)
                {
                    Deliver(n);
                }
            }
        }

        private (LeadState Lead, IReadOnlyList<LeadState> Passed) Living(string id)
        {
            while (true)
            {
                var passed = new List<LeadState>();
                var found = LeadDirectory.FollowAsync((key, _) => new(new LeadRow.Profile(_rows[key], default)), id, passed, default).AsTask().GetAwaiter().GetResult(); // done at once: nothing is read
                if (found.State is { MergedInto: null } alive)
                {
                    return (alive, passed);
                }

                Free(_ids.IndexOf(found.LeadId));
            }
        }

        private LeadState Write(LeadState lead, Arrival arrival) => _rows[lead.Id] = Reducer.Apply(lead, [arrival], Rules, Start).State;
    }
}
