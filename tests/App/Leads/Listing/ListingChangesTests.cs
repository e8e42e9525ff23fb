using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Segments;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads.Listing;

public sealed class ListingChangesTests
{
    private static readonly DateTimeOffset Now = Start.AddDays(31);

    private static readonly ListedLead Ann = new(
        Identity.User("ann").Hash(), "mql", "Ann Łęcka", "Acme", "ann@example.com", "ann", "eve", 12.5, "B", 1_000, 2_000, ["news", "vip"],
        new EngagementCurve(5, [new(1000, 3), new(double.PositiveInfinity, 4), new(7, 2, 9)]), "acme-1", new HumanAct("Order Completed", 1_500), 2, 1_700);

    /// <summary>A later build adds a field at the end; rows that it wrote are read by this one.</summary>
    [Fact]
    public void What_is_written_is_read_and_what_is_added_at_the_end_is_passed_over()
    {
        ListingChange[] changes = [new(Ann.Id, 7, Ann), new(Identity.User("bob").Hash(), 8, null), new(Identity.User("eve").Hash(), 9, Ann with { Id = Identity.User("eve").Hash(), Name = null, Grade = null, Segments = [] })];
        var written = changes.Select(change => ListingChanges.Write([change])[1..]).ToList();
        byte[] longer = [1, .. written.SelectMany(one => LengthenedBy3(one))];

        Assert.Equal(changes.Select(Told), ListingChanges.Read(ListingChanges.Write(changes)).Select(Told));
        Assert.Equal(changes.Select(Told), ListingChanges.Read(longer).Select(Told));
        Assert.Throws<InvalidDataException>(() => ListingChanges.Read([2]));
    }

    [Fact]
    public void The_latest_version_holds_in_whatever_order_and_however_often_changes_come() => Prop.ForAll(
        Gen.Choose(1, 4).SelectMany(lead => Gen.Choose(1, 6).SelectMany(version => Gen.Elements(true, false).Select(isShown => (lead, version, isShown)))).ListOf().ToArbitrary(), some =>
        {
            // A version of a lead says one thing.
            var changes = some.DistinctBy(one => (one.lead, one.version)).Select(one => Change(one.lead, one.version, one.isShown)).ToList();
            var expected = changes.GroupBy(change => change.LeadId).Select(lead => lead.MaxBy(change => change.Version)!).Where(change => change.Lead is not null).Select(Told).Order(StringComparer.Ordinal);

            Assert.Equal(expected, Shown([.. changes, .. changes.Take(3)]));
            Assert.Equal(expected, Shown([.. Enumerable.Reverse(changes)]));
            Assert.Equal(expected, Shown(ListOf(Enumerable.Reverse(changes)).Changes()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_lead_is_listed_while_it_is_known_and_not_merged()
    {
        var anonymous = Apply(NewLead(), [Page("p", "/", 0, anonymous: "browser")]);
        var known = Apply(anonymous, [Identify("i", 1, "u1", "browser", new { firstName = "Ann", lastName = " Lee ", company = new { name = "Acme" }, email = "ann@example.com" })]);
        var frozen = Apply(known, [Merges.Freeze(known.Id, Identity.User("other").Hash(), 0, Now)], now: Now.AddDays(-1));
        var free = Apply(frozen, [Merges.Release(known.Id, "", "again", Now)]);

        var owned = known.Copy();
        owned.Own.Traits.Set(LeadFunctions.Lifecycle.Stages.OwnerPath, LeadFunctions.Conditions.Values.Value.From("eve"), 1);

        Assert.Null(ChangeOf(anonymous));
        Assert.Equal("eve", ChangeOf(owned)!.Lead!.Owner);
        Assert.Equal(("Ann Lee", "Acme", "ann@example.com", Start.ToUnixTimeMilliseconds()), ChangeOf(known)!.Lead is { } lead ? (lead.Name, lead.Company, lead.Email, lead.FirstSeen) : default);
        Assert.Null(ChangeOf(frozen)!.Lead);
        Assert.NotNull(ChangeOf(free)!.Lead);
        Assert.Equal([true, true], [known.ListingVersion < frozen.ListingVersion, frozen.ListingVersion < free.ListingVersion]);
    }

    [Fact]
    public void A_segment_that_conditions_decide_shows_beside_lists_while_it_is_live()
    {
        var rules = new LeadRules(ScoringModels.None, JourneyRules.None, new SegmentRules(1, [SegmentLead.Parse("buyers", """{"event":"Order Completed","count":{"gte":1}}""")]));
        Arrival[] arrivals = [.. new[] { Track("o", "Order Completed", 0, "u1"), InSegment("s", "vip", true, 1) }.Select(e => new Arrival(e, Now, Identity.Of(e)))];

        var lead = Reducer.Apply(NewLead(), arrivals, rules, Now).State;

        Assert.Equal(["buyers", "vip"], ListingChange.Of(lead, default, rules.Segments)!.Lead!.Segments);
        Assert.Equal(["vip"], ListingChange.Of(lead, default, SegmentRules.None)!.Lead!.Segments);
    }

    /// <summary>Stored by a build that had no listings, it was never told of; but whoever reads the leads has seen it.</summary>
    [Fact]
    public void A_lead_of_before_listings_that_is_merged_tells_that_it_is_gone()
    {
        var known = Apply(NewLead(), [Identify("i", 1, "u1")]);
        known.ListingVersion = 0;

        var frozen = Apply(known, [Merges.Freeze(known.Id, Identity.User("other").Hash(), 0, Now)]);

        Assert.True(ChangeOf(frozen) is { Lead: null, Version: > 0 });
    }

    [Fact]
    public void A_lead_that_begins_anew_goes_on_above_what_it_was_before()
    {
        var before = Apply(NewLead(), [Identify("i", 1, "u1")], now: Now);

        var again = Apply(NewLead(), [Identify("j", 1, "u1")], now: Now.AddSeconds(1));

        Assert.True(again.ListingVersion > before.ListingVersion);
    }

    /// <summary>Fifty of them share a row.</summary>
    [Fact]
    public void The_longest_lead_is_cut_to_what_a_row_of_the_log_has_room_for()
    {
        var text = string.Concat(Enumerable.Repeat("ß🙂", 150));
        var lead = Apply(NewLead(), [Identify("i", 0, "u1", traits: new { name = text, company = new { name = text } }), .. Enumerable.Range(0, 900).Select(n => InSegment($"s{n}", $"{n:D4}{new string('x', 60)}", true, n))]);

        var bytes = ListingChanges.Write([ChangeOf(lead)!]);

        Assert.InRange(bytes.Length, 8_000, 12_000);
        Assert.DoesNotContain('\ufffd', ListingChanges.Read(bytes)[0].Lead!.Name!);
    }

    [Theory]
    [InlineData(499, 499, 0, false)]
    [InlineData(500, 500, 2_000, true)]
    [InlineData(500, 500, 2_004, false)]
    [InlineData(4_000, 4_000, 1_000_000, true)]
    public void A_log_is_folded_when_that_is_worth_writing_all_leads(int rows, int changes, int leads, bool isLong) => Assert.Equal(isLong, ListingUpkeep.IsLong(rows, changes, leads));

    private static ListingChange? ChangeOf(LeadState state) => ListingChange.Of(state, Reducer.ScoreOf(state, Rules, Now), SegmentRules.None);

    private static ListingChange Change(int lead, int version, bool isShown)
    {
        var id = Identity.User($"u{lead}").Hash();
        return new(id, version, isShown ? Ann with { Id = id, LastSeen = version } : null);
    }

    private static ShardListing ListOf(IEnumerable<ListingChange> changes)
    {
        var list = new ShardListing();
        list.Apply([.. changes]);
        return list;
    }

    private static IEnumerable<string> Shown(IReadOnlyList<ListingChange> changes) => ListOf(changes).Changes().Where(change => change.Lead is not null).Select(Told).Order(StringComparer.Ordinal);

    private static string Told(ListingChange change) => change.Lead is not { } lead ? $"{change.LeadId} {change.Version} gone"
        : $"{change.Version} {lead with { Segments = [], Engagement = EngagementCurve.Zero }} {string.Join(',', lead.Segments)} {lead.Engagement.At} {string.Join(',', lead.Engagement.Parts)}";

    private static byte[] LengthenedBy3(byte[] one)
    {
        using var reader = new BinaryReader(new MemoryStream(one));
        var length = reader.Read7BitEncodedInt();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write7BitEncodedInt(length + 3);
        writer.Write(reader.ReadBytes(length));
        writer.Write([1, 2, 3]);
        return stream.ToArray();
    }
}
