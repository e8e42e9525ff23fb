using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments;
using LeadFunctions.Segments.Api;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Where a lead came from: the first word and the last, whatever the order of arrival.</summary>
public sealed class OriginsTests
{
    [Fact]
    public void The_first_source_and_the_first_and_last_campaign_and_referring_site_are_kept()
    {
        var lead = Apply(NewLead(),
        [
            Visit("2", 2, "https://www.google.com/search?q=a", campaign: """{"name":"spring","source":"mail"}"""), Visit("3", 3, "https://shop.example/cart"), Visit("1", 1, "https://news.example/", source: "site"),
            Visit("4", 4, "no url"), Visit("5", 5, null, source: "server", campaign: """{"name":"summer","medium":7,"source":" "}"""),
        ]);

        Assert.Equal(
            ["first.campaign spring", "first.campaignSource mail", "first.referrer news.example", "last.campaign summer", "last.campaignSource mail", "last.referrer google.com", "source site"], Of(lead));
    }

    [Fact]
    public void Any_order_and_any_parts_of_one_person_give_the_same() => Prop.ForAll(
        Gen.ListOf(from minute in Gen.Choose(0, 9) from site in Gen.Choose(0, 4) from source in Gen.Elements("site", "app", null) from campaign in Gen.Elements("a", "b", null) select (minute, site, source, campaign)).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(), (drawn, seed) =>
        {
            var events = drawn.Select((one, i) => Visit($"{i}", one.minute, $"https://s{one.site}.example/", one.source, one.campaign is { } name ? $$"""{"name":"{{name}}"}""" : null)).ToArray();
            var inOrder = Of(Apply(NewLead(), events));

            new Random(seed).Shuffle(events);
            var (mine, theirs) = (Apply(NewLead(), events[..(events.Length / 2)]), Apply(NewLead(), events[(events.Length / 2)..]));

            Assert.Equal(inOrder, Of(Apply(NewLead(), events)));
            Assert.Equal(inOrder, Of(new LeadState { Id = "both", Own = LeadRecord.Union(mine.Own, theirs.Own) }));
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 31));

    [Fact]
    public void Segments_are_compared_by_it()
    {
        var comparison = new SegmentComparison();
        for (var i = 0; i < 40; i++)
        {
            comparison.Add(i % 2 == 0, SegmentComparisonFunctions.FeaturesOf(Apply(NewLead(), [Visit("1", i, i % 2 == 0 ? "https://a.example/" : "https://b.example/", source: "site")]), default));
        }

        Assert.Equal(
            ["source first.referrer a.example 1", "source first.referrer b.example -1", "source last.referrer a.example 1", "source last.referrer b.example -1"],
            comparison.Differences(9).Select(one => $"{one.Kind} {one.Name} {one.Value} {one.Difference}"));
    }

    private static IEnumerable<string> Of(LeadState lead) =>
        lead.Whole.Traits.All.Where(trait => trait.Key.StartsWith(Origins.Prefix, StringComparison.Ordinal)).Select(trait => $"{trait.Key[Origins.Prefix.Length..]} {trait.Value.Value}").Order(StringComparer.Ordinal);

    private static LeadEvent Visit(string id, int minute, string? referrer, string? source = null, string? campaign = null) => new()
    {
        Id = id,
        Type = EventType.Page,
        Name = "page",
        At = Start.AddMinutes(minute),
        UserId = "u1",
        Source = source,
        Properties = JsonSerializer.SerializeToElement(new { url = "https://shop.example/a", referrer }),
        Context = campaign is null ? default : JsonElement.Parse($$"""{"campaign":{{campaign}} }"""),
    };
}
