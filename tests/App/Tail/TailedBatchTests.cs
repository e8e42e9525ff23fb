using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform.Http;
using LeadFunctions.Tail;
using LeadFunctions.Tail.Api;
using LeadFunctions.Tests.Segments;
using Microsoft.AspNetCore.Http;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Tail;

/// <summary>What is told of events that were applied, and how both ends are joined.</summary>
public sealed class TailedBatchTests
{
    private static readonly string Lead = Identity.User("ann").Hash();

    [Fact]
    public void A_batch_that_nobody_looks_at_is_left_as_it_is() => Assert.Null(TailedBatch.Of(Batch(Track("1", "x", 0, "ann"))));

    [Fact]
    public void What_is_applied_names_no_tail()
    {
        var batch = TailedBatch.Of(Batch(Marked("1"), Track("2", "x", 0, "ann")))!.Batch; // one is marked

        Assert.All(batch.Events, e => Assert.Null(e.TailId));
        Assert.Equal(["1", "2"], batch.Events.Select(e => e.Id));
    }

    [Fact]
    public void An_event_that_stands_twice_in_a_message_is_applied_once_and_was_there_before_once()
    {
        var rows = Told(isAgain: false, [Marked("1"), Marked("1"), Marked("2")], ["1", "2"]);

        Assert.Equal([TailOutcome.Applied, TailOutcome.Duplicate, TailOutcome.Applied], rows.Select(row => row.Outcome));
        Assert.Equal([5, null, 5], rows.Select(row => row.Points?.Sum(earned => earned.Points)));
        Assert.Equal([Lead, null, Lead], rows.Select(row => row.Lead));
        Assert.Equal([null, null, "welcome"], rows.Select(row => row.Journeys?.Single())); // at the last of the lead's events
    }

    [Fact]
    public void What_a_lead_decides_by_its_events_is_told_at_the_last_of_them()
    {
        var lifecycle = LifecycleDocument.Parse(JsonElement.Parse("""{"stages":[{"id":"lead"},{"id":"mql","when":{"segment":"warm"}}]}""")).Document!; // it has no mistake
        var lead = new SegmentLead(SegmentLead.Rules([SegmentLead.Parse("warm", """{"event":"x","count":{"gte":2}}"""), SegmentLead.Parse("cold", """{"not":{"segment":"warm"}}""")]) with { Lifecycle = new LifecycleRules(1, lifecycle) });
        lead.Apply(Track("0", "x", 0, "ann"));
        var before = lead.Timeline.Count;
        var batch = TailedBatch.Of(Batch(Marked("1"), Marked("2"), Track("3", "x", 0, "bob") with { TailId = TailRow.NewId(Start) }))!; // they are marked

        lead.Apply([.. batch.Batch.Events.Take(2)]);
        foreach (var entry in lead.Timeline.Skip(before))
        {
            batch.Applied.Add(new(Lead, entry));
        }

        var rows = batch.Rows([], [(Lead, "welcome")], isAgain: false, Start).ToList();

        Assert.Equal([null, "mql", null], rows.Select(row => row.Stage));
        Assert.Equal([null, "warm", null], rows.Select(row => row.Entered?.Single()));
        Assert.Equal([null, "cold", null], rows.Select(row => row.Left?.Single()));
        Assert.Equal([null, "welcome", null], rows.Select(row => row.Journeys?.Single()));
    }

    [Fact]
    public void A_row_that_alone_is_too_large_takes_no_others_with_it()
    {
        List<TailRow> rows = [.. Enumerable.Range(0, 100).Select(i => new TailRow(TailRow.NewId(Start), TailOutcome.Applied, "shop", Message: new string('m', i == 50 ? 70_000 : 2_000)))];

        var (packs, dropped) = TailTable.Pack(rows);

        Assert.Equal(1, dropped);
        Assert.All(packs, pack => Assert.InRange(pack.Length, 1, 64 * 1024));
        Assert.Equal(rows.Where((_, i) => i != 50).Select(row => row.Id), packs.SelectMany(pack => JsonSerializer.Deserialize(pack, TailJson.Default.IReadOnlyListTailRow)!).Select(row => row.Id));
        Assert.Equal(("[]", 1), (System.Text.Encoding.UTF8.GetString(Assert.Single(TailTable.Pack([rows[50]]).Packs)), TailTable.Pack([rows[50]]).Dropped)); // which is told, too
    }

    [Fact]
    public void Of_a_message_that_comes_again_what_was_applied_before_counts_as_applied_and_nobody_says_what_it_gave()
    {
        var row = Told(isAgain: true, [Marked("1")], []).Single();

        Assert.Equal((TailOutcome.Applied, null), (row.Outcome, row.Points));
    }

    [Fact]
    public void Who_was_erased_meanwhile_is_not_named_anew() =>
        Assert.Empty(Told(isAgain: false, [Marked("1")], []).Single().Names);

    [Fact]
    public void What_cannot_be_applied_is_told_with_the_reason()
    {
        var batch = TailedBatch.Of(Batch(Marked("1")))!; // it is marked

        var row = batch.Rows([(batch.Batch.Events[0], "Too large.")], [], isAgain: true, Start).Single();

        Assert.Equal((TailOutcome.Failed, "Too large."), (row.Outcome, row.Message));
    }

    [Fact]
    public async Task Both_ends_of_an_arrival_are_one_item_whichever_was_written_first()
    {
        var accepted = TailRow.Of(TailRow.NewId(Start), TailOutcome.Accepted, Marked("1")) with { Origin = "https://shop.example" };
        var applied = new TailRow(accepted.Id, TailOutcome.Duplicate, "shop", AppliedAt: Start.AddSeconds(2));

        foreach (var rows in new[] { new[] { accepted, applied }, [applied, accepted] })
        {
            var item = Assert.Single((await PageAsync("", [new("1", rows, 3)])).Items);
            Assert.Equal(("ann", "https://shop.example", TailOutcome.Duplicate, 2000), (item.UserId, item.Origin, item.Outcome, item.LagMs));
        }
    }

    [Fact]
    public async Task What_arrived_before_is_not_shown_and_a_request_without_a_source_may_be_meant_for_any()
    {
        TailRow old = new(TailRow.NewId(Start.AddSeconds(-1)), TailOutcome.Applied, "shop"), fresh = new(TailRow.NewId(Start), TailOutcome.Applied, "shop"),
            other = new(TailRow.NewId(Start), TailOutcome.Applied, "other"), nobody = new(TailRow.NewId(Start), TailOutcome.Refused, Reason: "unknownSource");

        var page = await PageAsync($"?source=shop&from={Uri.EscapeDataString($"{Start:O}")}", [new("1", [old, fresh, other, nobody], 0)]);

        Assert.Equal(new[] { fresh.Id, nobody.Id }.Order(StringComparer.Ordinal), page.Items.Select(item => item.Id).Order(StringComparer.Ordinal));
        Assert.Equal([nobody.Id], (await PageAsync("?outcome=refused", [new("1", [old, fresh, other, nobody], 0)])).Items.Select(item => item.Id));
    }

    [Fact]
    public async Task More_than_is_asked_for_is_a_number_and_what_was_counted_is_not_counted_again()
    {
        var rows = Enumerable.Range(0, 5).Select(i => new TailRow(TailRow.NewId(Start.AddSeconds(i)), TailOutcome.Applied)).ToList();
        List<TailPart> parts = [new(TailTable.KeyAt(Start.AddSeconds(6)), rows[3..], 7), new(TailTable.KeyAt(Start.AddSeconds(2)), rows[..3], 100)];
        var seen = Cursor.Encode(TailTable.KeyAt(Start.AddSeconds(2)));

        var page = await PageAsync($"?limit=1&cursor={seen}", parts);

        Assert.Equal((rows[4].Id, 1 + 7), (Assert.Single(page.Items).Id, page.NotShown)); // one more is new, two are known
    }

    [Theory]
    [InlineData("source=a&source=b", "source")]
    [InlineData("who=ann", "who")]
    [InlineData("lead=ann", "lead")]
    [InlineData("outcome=lost", "outcome")]
    [InlineData("outcome=1", "outcome")]
    [InlineData("from=then", "from")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("limit=201", "limit")]
    public void What_cannot_be_asked_for_is_refused(string query, string path) => Assert.Equal([path], Asked("?" + query).Errors.Select(error => error.Path));

    [Fact]
    public void An_address_is_told_without_what_sites_name_people_in()
    {
        Assert.Equal("https://shop.example/pricing", TailRow.Place("https://user:pass@shop.example/pricing?email=ann@example.com#top"));
        Assert.All(["javascript:alert(1)", "/pricing", "", null], url => Assert.Null(TailRow.Place(url)));
    }

    private static LeadEvent Marked(string id) => Track(id, "x", 0, "ann") with { TailId = TailRow.NewId(Start), Source = "shop" };

    private static EventBatch Batch(params LeadEvent[] events) => new("b", Start, events);

    private static IReadOnlyList<TailRow> Told(bool isAgain, LeadEvent[] events, string[] applied)
    {
        var batch = TailedBatch.Of(Batch(events))!; // they are marked
        foreach (var id in applied)
        {
            batch.Applied.Add(new(Lead, new TimelineEntry(batch.Batch.Events.First(e => e.Id == id), Start, [new("rule", 5)], null)));
        }

        return [.. batch.Rows([], applied.Length > 0 ? [(Lead, "welcome")] : [], isAgain, Start)];
    }

    private static async IAsyncEnumerable<TailPart> Read(IReadOnlyList<TailPart> parts)
    {
        foreach (var part in parts)
        {
            yield return await Task.FromResult(part);
        }
    }

    private static TailRequest Asked(string query) => TailRequest.Of(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)));

    private static Task<TailPage> PageAsync(string query, IReadOnlyList<TailPart> parts) => TailPage.OfAsync(Read(parts), Asked(query), Start, Start.AddSeconds(7), default);
}
