using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

public sealed class ReducerLawsTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261121, 7).WithMaxTest(200);

    private static readonly Arbitrary<LeadEvent[]> Histories = Any("u1", "a1").ArrayOf().Select(events => events.DistinctBy(e => e.Id).Take(60).ToArray()).ToArbitrary();

    [Fact]
    public void Any_order_gives_the_same_profile_and_score() => Check(
        from events in Histories.Generator
        from shuffled in Gen.Shuffle(events)
        select (events, shuffled),
        pair => AssertSame(Apply(NewLead(), pair.events), Apply(NewLead(), pair.shuffled)));

    [Fact]
    public void Duplicates_change_nothing() => Check(
        from events in Histories.Generator
        from twice in Gen.Shuffle(events.Concat(events).ToArray())
        select (events, twice),
        pair => AssertSame(Apply(NewLead(), pair.events), Apply(NewLead(), pair.twice)));

    [Fact]
    public void Any_batching_gives_the_same_profile_and_score() => Check(
        from events in Histories.Generator
        from size in Gen.Choose(1, 7)
        select (events, size),
        pair => AssertSame(Apply(NewLead(), pair.events), pair.events.Chunk(pair.size).Aggregate(NewLead(), (state, some) => Apply(state, some))));

    [Fact]
    public void A_state_read_back_from_storage_goes_on_as_if_it_had_never_left_memory() => Check(
        from events in Histories.Generator
        from cut in Gen.Choose(0, events.Length)
        select (events, cut),
        pair =>
        {
            var kept = Apply(NewLead(), pair.events.Take(pair.cut));
            var row = (Azure.Data.Tables.TableEntity)LeadRows.Write(kept, default, null).Entity;
            var read = ((LeadRow.Profile)LeadRows.Read(row)).State;

            AssertSame(Apply(NewLead(), pair.events), Apply(read, pair.events.Skip(pair.cut)));
        });

    [Fact]
    public void A_merge_gives_the_profile_of_all_events_and_taking_it_back_gives_back_what_was() => Check(
        from mine in Histories.Generator
        from theirs in Any(null, "a2").ArrayOf()
        select (mine, theirs: theirs.Select(e => e with { Id = "t" + e.Id, UserId = null, AnonymousId = "a2" }).DistinctBy(e => e.Id).ToArray()),
        pair =>
        {
            var stays = Apply(NewLead(), pair.mine);
            var goes = Apply(new LeadState { Id = Identity.Anonymous("a2").Hash() }, pair.theirs);
            var frozen = Apply(goes, [Merges.Freeze(goes.Id, stays.Id, 0, Start)]);
            Assert.Equal(stays.Id, frozen.MergedInto);

            var merged = Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, "e1", Start), Start.AddDays(31), [], frozen)], Rules, Start.AddDays(31)).State;
            AssertSame(Apply(Apply(NewLead(), pair.mine), pair.theirs), merged);

            var parted = Apply(merged, [Merges.LetGo(stays.Id, goes.Id, "r1", Start)]);
            var freed = Apply(frozen, [Merges.Release(goes.Id, stays.Id, "e2", Start)]);
            AssertSame(stays, parted);
            AssertSame(goes, freed);
            Assert.Null(freed.MergedInto);
        });

    [Fact]
    public void Long_histories_that_are_merged_stay_within_a_row_and_taking_back_is_exact()
    {
        LeadState Busy(string user, int seed) => Enumerable.Range(0, 36_000).Chunk(4_000).Aggregate(
            NewLead(user), (lead, some) => Apply(lead, some.Select(i => Track($"{user}{i}", i % 3 == 0 ? "Order Completed" : "Product Viewed", (i * 17) + seed, user, properties: new { productId = i })), now: Start.AddDays(900)));
        var (stays, goes) = (Busy("u1", 1), Busy("u2", 2));
        var frozen = Apply(goes, [Merges.Freeze(goes.Id, stays.Id, 0, Start)]);

        var merged = Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, "e1", Start), Start.AddDays(900), [], frozen)], Rules, Start.AddDays(900)).State;

        Assert.True(stays.Own.HistorySize + goes.Own.HistorySize > 640 * 1024);
        Assert.InRange(merged.Own.HistorySize + merged.Absorbed[0].Record.HistorySize, 300_000, 640 * 1024);
        _ = LeadRows.Write(merged, default, null);
        var exact = Sum(new LeadState { Id = "both", Own = LeadRecord.Union(stays.Own, goes.Own) });
        Assert.Equal(exact, Sum(merged), exact * 1e-4);
        Assert.Equal(72_000, merged.Whole.Activity.Values.Sum(counter => counter.Total));
        AssertSame(goes, Apply(frozen, [Merges.Release(goes.Id, stays.Id, "e2", Start)]));
    }

    private static double Sum(LeadState lead) => LeadFunctions.Scoring.Engagement.Of(lead.Whole.Ledger, Rules, lead.Whole, Start.AddDays(900)).Sum;

    [Fact]
    public void A_lead_is_in_the_segments_that_the_last_word_by_event_time_put_it_in() => Check(
        Histories.Generator,
        events =>
        {
            var lastWords = events.Where(e => e.Type == EventType.Segment).Select(e => (e.At, Change: SegmentMembership.Read(e.Properties)!.Value))
                .GroupBy(e => e.Change.Segment).Select(changes => changes.OrderBy(e => (e.At, e.Change.IsMember)).Last().Change);

            Assert.Equal(lastWords.Where(change => change.IsMember).Select(change => change.Segment).Order(), SegmentMembership.Of(Apply(NewLead(), events).Whole.Traits));
        });

    [Fact]
    public void What_was_committed_is_never_changed_by_applying_more() => Check(
        from events in Histories.Generator
        from more in Histories.Generator
        select (events, more),
        pair =>
        {
            var state = Apply(NewLead(), pair.events);
            var before = Canonical(state);

            Apply(state, pair.more.Select(e => e with { Id = "x" + e.Id }));

            Assert.Equal(before, Canonical(state));
        });

    private static void AssertSame(LeadState expected, LeadState actual)
    {
        Assert.Equal(Canonical(expected), Canonical(actual));
        var now = Start.AddDays(45);
        Assert.Equal(Reducer.ScoreOf(expected, Rules, now), Reducer.ScoreOf(actual, Rules, now));
    }

    private static void Check<T>(Gen<T> cases, Action<T> law) => Prop.ForAll(cases.ToArbitrary(), law).Check(Fixed);
}
