using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Leads.Listing;

/// <summary>A page against a second telling of the rules, which sorts all leads.</summary>
public sealed class PageSelectionTests
{
    private const long Day = 86_400_000;
    private const double Cap = 100;

    private static readonly string?[] Names = ["Ann Lee", "ann lee", "Łukasz Żak", "lukasz zeta", "Zoë O'Neil-Smith", "Bob", "", null, "Émile", "李 小龍"];
    private static readonly string?[] Companies = ["Acme GmbH", "Müller & Söhne", "acme labs", null];
    private static readonly string?[] Owners = ["eve", "max", null];

    private static readonly Gen<ListedLead> Lead =
        from n in Gen.Choose(0, 100_000)
        from name in Gen.Elements(Names)
        from company in Gen.Elements(Companies)
        from owner in Gen.Elements(Owners)
        from stage in Gen.Elements("lead", "mql", "customer")
        from points in Gen.Choose(-2, 12)
        from days in Gen.Choose(0, 4)
        from halfLife in Gen.Elements(Day, 7.0 * Day, double.PositiveInfinity)
        from hasEmail in Gen.Elements(true, false)
        from vip in Gen.Elements(true, false)
        from user in Gen.Elements("u", "Zoë", "Żu")
        from held in Gen.Choose(0, 1)
        from failed in Gen.Choose(-9, -1)
        select new ListedLead(
            Identity.User($"u{n}").Hash(), stage, name is "" ? null : name, company, hasEmail ? $"ann{n % 7}@example{n % 3}.com" : null, $"{user}{n}", owner, n % 100, "A", days * Day, (4 - days) * Day,
            vip ? ["news", "vip"] : [], new EngagementCurve(0, [new(halfLife, points * 10), new(3.0 * Day, n % 2 * 15)]), null, null, held, failed * Day);

    private static readonly Gen<ListingQuery> Query =
        from order in Gen.Elements(Enum.GetValues<ListingOrder>())
        from limit in Gen.Choose(1, 9)
        from stage in Gen.Elements(null, null, "mql", "sal")
        from segment in Gen.Elements(null, null, "vip", "nobody")
        from owner in Gen.Elements(null, null, "eve", "")
        from least in Gen.Elements((double?)null, null, 20)
        from search in Gen.Elements(null, null, "an", "ZAK lu", "smith", "acme", "soh", "ann1@", "example2", "小", "o'neil")
        from sends in Gen.Elements((TroubledSends?)null, null, TroubledSends.Held, TroubledSends.Failed)
        from near in Gen.Elements(null, null, new NearStage("mql", new HashSet<string> { "lead" }, 40))
        select new ListingQuery(new ListingFilter(stage, segment, owner, least, search is null ? null : ListingSearch.Of(search), null, sends, near), order, limit);

    [Fact]
    public void Pages_hold_whom_the_filter_admits_in_order_each_once_whatever_shard_they_are_in() => Prop.ForAll(
        Lead.ListOf().ToArbitrary(), Query.ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), (some, query, days) =>
        {
            var leads = some.DistinctBy(lead => lead.Id).ToList();
            var shards = leads.Select((lead, n) => (lead, n)).GroupBy(one => one.n % 3).Select(shard => ListOf(shard.Select(one => new ListingChange(one.lead.Id, 1, one.lead)))).ToList();
            var (shown, after) = (new List<ListedRow>(), (ListingPosition?)null);
            do
            {
                var page = new PageSelection(query, after, days * Day, Cap);
                shards.ForEach(shard => shard.Offer(page));
                var (rows, next) = page.Page();
                Assert.True(next is null || rows.Count == query.Limit);
                shown.AddRange(rows);
                after = next;
            }
            while (after is not null);

            var expected = Sorted(leads.Where(lead => Admits(query.Filter, lead, days * Day)), query.Order, days * Day).Select(lead => $"{lead.Id} {EngagementOf(lead, days * Day):0.000}");
            Assert.Equal(expected, shown.Select(row => $"{row.Lead.Id} {row.Engagement:0.000}"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>A number says how many its list shows.</summary>
    [Fact]
    public void Counts_are_those_of_the_lists_that_they_name() => Prop.ForAll(Lead.ListOf().ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), (some, days) =>
    {
        var leads = some.DistinctBy(lead => lead.Id).ToList();
        var near = new NearStage("mql", new HashSet<string> { "lead" }, 40);
        var counts = new ListingCounts(days * Day, Cap, near);
        ListOf(leads.Select(lead => new ListingChange(lead.Id, 1, lead))).AddTo(counts);

        Assert.Equal(leads.Count, counts.All);
        Assert.Equal(leads.Count(lead => Admits(new(Sends: TroubledSends.Held), lead, days * Day)), counts.Held);
        Assert.Equal(leads.Count(lead => Admits(new(Sends: TroubledSends.Failed), lead, days * Day)), counts.Failed);
        Assert.Equal(leads.Count(lead => Admits(new(Near: near), lead, days * Day)), counts.Near);
        Assert.Equal(leads.Count(lead => lead.Segments.Contains("vip")), counts.BySegment.GetValueOrDefault("vip"));
        Assert.Equal(leads.Count(lead => lead.Stage == "mql"), counts.ByStage.GetValueOrDefault("mql"));
    }).QuickCheckThrowOnFailure();

    private static IEnumerable<ListedLead> Sorted(IEnumerable<ListedLead> leads, ListingOrder order, long now) => order switch
    {
        ListingOrder.Engagement => leads.OrderByDescending(lead => EngagementOf(lead, now)).ThenBy(lead => lead.Id, StringComparer.Ordinal),
        ListingOrder.LastSeen => leads.OrderByDescending(lead => lead.LastSeen).ThenBy(lead => lead.Id, StringComparer.Ordinal),
        ListingOrder.Newest => leads.OrderByDescending(lead => lead.FirstSeen).ThenBy(lead => lead.Id, StringComparer.Ordinal),
        _ => leads.OrderBy(lead => Plain(lead.Name ?? lead.Email ?? lead.UserId!), StringComparer.Ordinal).ThenBy(lead => lead.Id, StringComparer.Ordinal),
    };

    private static bool Admits(ListingFilter filter, ListedLead lead, long now) =>
        (filter.Stage is null || lead.Stage == filter.Stage)
        && (filter.Owner is null || (lead.Owner ?? "") == filter.Owner)
        && (filter.Segment is null || lead.Segments.Contains(filter.Segment))
        && (filter.MinEngagement is null || EngagementOf(lead, now) >= filter.MinEngagement)
        && (filter.Sends is null || (filter.Sends == TroubledSends.Held ? lead.Held > 0 : lead.FailedAt > now - (7 * Day)))
        && (filter.Near is null || (lead.Stage == "lead" && EngagementOf(lead, now) is >= 30 and < 40))
        && (filter.Search is null || filter.Search.Finds(new ListingTexts(ListingTexts.Of(lead))));

    private static double EngagementOf(ListedLead lead, long now) =>
        Math.Round(Math.Clamp(lead.Engagement.Parts.Sum(part => part.Points * Math.Pow(0.5, double.IsInfinity(part.HalfLife) ? 0 : now / part.HalfLife)), 0, Cap), 2);

    private static string Plain(string text) =>
        text.ToLowerInvariant().Replace('ł', 'l').Replace('ż', 'z').Replace('ë', 'e').Replace('é', 'e');

    private static ShardListing ListOf(IEnumerable<ListingChange> changes)
    {
        var list = new ShardListing();
        list.Apply([.. changes]);
        return list;
    }
}
