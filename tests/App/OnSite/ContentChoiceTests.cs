using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.OnSite;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.OnSite;

/// <summary>Which content a slot shows to whom.</summary>
public sealed class ContentChoiceTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly Uri Page = new("https://shop.example/pricing");
    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    [Fact]
    public void The_highest_priority_that_the_page_the_time_and_the_person_allow_is_shown()
    {
        var all = new[] { Content("low", ""), Content("high", ",\"priority\":5"), Content("later", ",\"priority\":9,\"from\":\"2027-03-11T00:00:00Z\""), Content("over", ",\"priority\":9,\"until\":\"2027-03-10T12:00:00Z\""),
            Content("elsewhere", ",\"priority\":9,\"pages\":[\"/cart\"]"), Content("not-here", ",\"priority\":9,\"exceptPages\":[\"/pricing\"]"), Content("slovene", ",\"priority\":9,\"when\":{\"trait\":\"country\",\"equals\":\"SI\"}") };

        Assert.Equal("high", ContentChoice.For("s", all, Stranger, Now)?.Id);
        Assert.Equal("slovene", ContentChoice.For("s", all, Known("SI"), Now)?.Id);
        Assert.Equal("high", ContentChoice.For("s", all, Known("PL"), Now)?.Id);
        Assert.Equal("low", ContentChoice.For("s", all, Stranger with { Hidden = new HashSet<string> { "high" } }, Now)?.Id);
        Assert.Null(ContentChoice.For("other", all, Stranger, Now));
    }

    [Fact]
    public void Nobody_of_whom_nothing_is_known_sees_what_is_for_somebody()
    {
        Assert.Null(ContentChoice.For("s", [Content("a", ",\"when\":{\"not\":{\"trait\":\"country\",\"equals\":\"SI\"}}")], Stranger, Now));
        Assert.Null(ContentChoice.For("s", [Content("a", ",\"onlyOffered\":true")], Known("SI"), Now));
        Assert.NotNull(ContentChoice.For("s", [Content("a", ",\"onlyOffered\":true")], Known("SI") with { Offered = new HashSet<string> { "a" } }, Now));
        Assert.Null(ContentChoice.For("s", [Content("a", ",\"pages\":[\"/pricing\"]")], Stranger with { Page = null }, Now));
    }

    [Fact]
    public void A_cap_counts_what_one_person_was_shown_within_its_time_and_then_the_next_takes_the_slot()
    {
        Content[] all = [Content("a", ",\"priority\":1,\"frequency\":[{\"max\":2,\"per\":\"7d\"}]"), Content("b", "")];

        Assert.Equal("a", ContentChoice.For("s", all, Seen(Event("Content Shown", "a", -1), Event("Content Shown", "b", -2)), Now)?.Id);
        Assert.Equal("b", ContentChoice.For("s", all, Seen(Event("Content Shown", "a", -1), Event("Content Shown", "a", -2)), Now)?.Id);
        Assert.Equal("a", ContentChoice.For("s", all, Seen(Event("Content Shown", "a", -1), Event("Content Shown", "a", -8)), Now)?.Id);
    }

    [Fact]
    public void Who_closed_it_is_left_alone_for_its_time_and_a_click_closes_a_popup_only()
    {
        var (inline, popup) = (Content("a", ",\"dismissedFor\":\"10d\""), Content("a", ",\"kind\":\"popup\",\"title\":\"T\""));

        Assert.Null(ContentChoice.For("s", [inline], Seen(Event("Content Dismissed", "a", -9)), Now));
        Assert.NotNull(ContentChoice.For("s", [inline], Seen(Event("Content Dismissed", "a", -11)), Now));
        Assert.NotNull(ContentChoice.For("s", [inline], Seen(Event("Content Clicked", "a", -1)), Now));
        Assert.Null(ContentChoice.For("s", [popup], Seen(Event("Content Clicked", "a", -1)), Now));
    }

    /// <summary>Of no more contents than are kept.</summary>
    [Fact]
    public void What_was_seen_depends_on_no_order_and_unites_as_the_events_do() => Prop.ForAll(Gen.Choose(0, 10_000).ListOf().ToArbitrary(), marks =>
    {
        var events = marks.Select((mark, index) => Event((mark % 3) switch { 0 => "Content Shown", 1 => "Content Dismissed", _ => "Content Clicked" }, $"c{mark % 7}", -(mark % 300) - (index / 1000.0))).ToList();

        var forward = Text(All(events));
        return forward == Text(All(Enumerable.Reverse(events))) && forward == Text(SeenContent.Union(All(events.Where((_, i) => i % 2 == 0)), All(events.Where((_, i) => i % 2 == 1))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void However_much_a_page_makes_up_a_row_keeps_little()
    {
        var seen = All(Enumerable.Range(0, 5_000).Select(i => Event("Content Shown", $"c{i % 90}", -i / 100.0)));

        Assert.Equal(50, seen!.Count); // there are events
        Assert.All(seen.Values, one => Assert.True(one.Shown.Count <= SeenContent.MostTimes));
        Assert.Null(All([Event("Content Shown", new string('x', 65), 0), Event("Content Shown", "a", 0) with { Type = EventType.Page }]));
    }

    private static Visit Stranger => new(Page, null, null, None, None);

    private static Visit Known(string country)
    {
        var lead = new LeadRecord();
        LeadFunctions.Facts.Traits.Apply(lead.Traits, Event("identify", "", 0) with { Type = EventType.Identify, Traits = JsonElement.Parse($$"""{"country":"{{country}}"}""") });
        return Stranger with { Lead = new LeadProfile(lead, default, ScoringModels.None) };
    }

    private static Visit Seen(params LeadEvent[] events) => Known("SI") with { Seen = All(events) };

    private static IReadOnlyDictionary<string, SeenContent>? All(IEnumerable<LeadEvent> events) => events.Aggregate((IReadOnlyDictionary<string, SeenContent>?)null, SeenContent.With);

    private static string Text(IReadOnlyDictionary<string, SeenContent>? seen) => string.Join(";", (seen ?? new Dictionary<string, SeenContent>()).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {JsonSerializer.Serialize(one.Value)}"));

    private static LeadEvent Event(string name, string content, double days) =>
        new() { Id = Guid.NewGuid().ToString("N"), Type = EventType.Track, Name = name, At = Now.AddDays(days), Properties = JsonElement.Parse($$"""{"content":"{{content}}"}""") };

    private static Content Content(string id, string more)
    {
        var (document, errors) = ContentDocument.Parse(Encoding.UTF8.GetBytes($$"""{"name":"x","slot":"s","html":"<p>x</p>"{{more}}}"""));
        Assert.Empty(errors);
        return LeadFunctions.OnSite.Content.Of(id, 1, document!); // it has no mistake
    }
}
