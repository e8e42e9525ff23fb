using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

public sealed class LedgerTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly ScoringModel ByRevenue = Shop.Engagement("""{ "id": "order", "points": { "per": "revenue", "points": 1, "each": 10, "max": 50 }, "when": { "event": "Order" } }""");

    private static LeadEvent Order(int day, string properties, string id) => Shop.Event("Order", day * Day, properties, id);

    [Fact]
    public void A_ledger_is_an_array_of_entries_with_short_names()
    {
        var ledger = Shop.Model.Earn(
            Shop.Event("Product Viewed", TimeSpan.FromTicks(12345), """{"productId":"a"}""", "e1"),
            Shop.Event("Order Completed", TimeSpan.FromMilliseconds(1), null, "e2"));

        Assert.Equal(
            """[{"m":"shop@3","r":"order","t":1772366400001,"e":"e2","n":"Order Completed","x":1},{"m":"shop@3","r":"product","t":1772366400001,"e":"e1","n":"Product Viewed","k":"a"}]""",
            JsonSerializer.Serialize(ledger));
        Assert.Equal("[]", JsonSerializer.Serialize(Ledger.Empty));
    }

    [Fact]
    public void An_entry_of_a_rule_by_amount_has_its_units_and_the_amount()
    {
        var ledger = ByRevenue.Earn(Order(0, """{"revenue":"74.50"}""", "e1"), Order(1, "{}", "e2"));

        var json = JsonSerializer.Serialize(ledger);

        Assert.Equal("""[{"m":"m@1","r":"order","t":1772366400000,"e":"e1","n":"Order","u":7,"a":74.5},{"m":"m@1","r":"order","t":1772452800000,"e":"e2","n":"Order","u":0}]""", json);
        Assert.Equal(ledger.Entries, JsonSerializer.Deserialize<Ledger>(json)!.Entries); // a ledger is not null
    }

    /// <summary>Of rules with a cap, a key or a window nothing may be added up: each folded event keeps its own amount.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(""", "repeat": {"max": 2, "per": "2d"}""")]
    [InlineData(""", "repeat": {"oncePer": "k"}""")]
    [InlineData(""", "repeat": "once" """)]
    public void Folded_amounts_are_kept_one_by_one_in_storage_too(string repeat)
    {
        var model = Shop.Engagement($$"""{ "id": "order", "points": { "per": "revenue", "points": 1, "each": 10, "max": 50 }, "halfLife": "9d", "cap": 70, "when": { "event": "Order" }{{repeat}} }""");
        var models = ScoringModels.None.WithLive(model);
        var events = Enumerable.Range(0, 60).Select(i => Order(i / 2, $$"""{"revenue":{{i * 37 % 700}}.5,"k":{{i % 9}}}""", $"e{i}")).ToArray();
        var (now, later) = (Shop.Start + (40 * Day), Order(3, """{"revenue":480,"k":100}""", "late"));

        var compact = model.Earn(events).Compact(6, models, Lead.Unknown, now);
        var read = JsonSerializer.Deserialize<Ledger>(JsonSerializer.Serialize(compact))!; // a ledger is not null

        Assert.True(read.Folded.Count > 0 || repeat.Contains("once", StringComparison.Ordinal));
        Assert.Equal(compact.Folded.Span.ToArray(), read.Folded.Span.ToArray());
        Assert.Equal(Engagement.Of(model.Earn(events), models, Lead.Unknown, now).Sum, Engagement.Of(read, models, Lead.Unknown, now).Sum, 1e-9);
        Assert.Equal(Engagement.Of(model.Earn([.. events, later]), models, Lead.Unknown, now).Sum, Engagement.Of(read.Union(model.Earn(later)), models, Lead.Unknown, now).Sum, 1e-9);
    }

    [Fact]
    public void An_entry_that_a_later_build_wrote_is_read()
    {
        var entry = JsonSerializer.Deserialize<LedgerEntry>("""{"m":"a@1","r":"b","t":1000,"e":"c","n":"d","zz":[{"m":1}],"q":null}""");

        Assert.Equal(new("a@1", "b", DateTimeOffset.UnixEpoch.AddSeconds(1), "c", "d"), entry);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Ledger>("""[{"m":"a@1"}]"""));
    }

    [Fact]
    public void The_same_event_under_two_versions_of_a_rule_counts_once()
    {
        var @event = Shop.Event("Product Added", TimeSpan.Zero);
        var next = Shop.Compile(Shop.Json, "shop", 4);

        var ledger = next.Earn(@event).Union(Shop.Model.Earn(@event));

        Assert.Equal("shop@3", Assert.Single(ledger.Entries).Model);
    }

    [Fact]
    public void A_short_ledger_is_left_as_it_is()
    {
        var ledger = Shop.Model.Earn(Enumerable.Range(0, 50).Select(i => Shop.Event("Product Added", i * Day)));

        Assert.Same(ledger, ledger.Compact(50, Shop.Models, Lead.Unknown, Shop.Start + (50 * Day)));
    }

    [Fact]
    public void Old_events_of_a_rule_become_one_entry_with_their_number_and_worth()
    {
        var now = Shop.Start + (49 * Day);
        var ledger = Shop.Model.Earn(Enumerable.Range(0, 50).Select(i => Shop.Event("Product Added", i * Day)));

        var compact = ledger.Compact(20, Shop.Models, Lead.Unknown, now);

        Assert.Equal(15, compact.Count);
        var carried = Engagement.Of(compact, Shop.Models, Lead.Unknown, now).Contributions[0];
        Assert.Equal((36, "Product Added", Shop.Start + (35 * Day), (Reduction?)null), (carried.Count, carried.EventName, carried.At, carried.Reduced));
        Assert.Equal(Engagement.Value(ledger, Shop.Models, Lead.Unknown, now), Engagement.Value(compact, Shop.Models, Lead.Unknown, now), 1e-9);
    }

    [Fact]
    public void Points_lost_to_a_trait_stay_retractable_after_folding()
    {
        var now = Shop.Start + (99 * Day);
        var compact = Shop.Model.Earn(Enumerable.Range(0, 100).Select(i => Shop.Event("Order Completed", i * Day))).Compact(20, Shop.Models, Lead.Unknown, now);

        Assert.Equal(5000, Engagement.Of(compact, Shop.Models, Lead.Unknown, now).Sum);
        Assert.Equal(0, Engagement.Of(compact, Shop.Models, new Lead("""{"internal":true}"""), now).Sum);
    }

    [Fact]
    public void What_counts_once_is_remembered_for_ever()
    {
        var now = Shop.Start + (1000 * Day);
        var careers = Enumerable.Range(0, 30).Select(i => Shop.Event("page", i * Day, """{"path":"/careers"}"""));
        var added = Enumerable.Range(0, 30).Select(i => Shop.Event("Product Added", i * Day));

        var compact = Shop.Model.Earn(careers.Concat(added)).Compact(10, Shop.Models, Lead.Unknown, now);

        Assert.Equal(1, compact.Folded.Count);
        var again = compact.Union(Shop.Model.Earn(Shop.Event("page", 900 * Day, """{"path":"/careers"}""")));
        Assert.Equal(["page-0"], Engagement.Of(again, Shop.Models, Lead.Unknown, now).Contributions.Where(c => c is { Rule: "careers", Applied: -20 }).Select(c => c.EventId));
    }

    [Fact]
    public void Folded_entries_are_times_and_keys_of_which_the_explanation_makes_one_line()
    {
        var now = Shop.Start + (60 * Day);
        var viewed = Enumerable.Range(0, 50).Select(i => Shop.Event("Product Viewed", i * Day, $$"""{"productId":{{i % 25}}}"""));

        var compact = Shop.Model.Earn(viewed).Compact(40, Shop.Models, Lead.Unknown, now);

        Assert.Equal((30, 20), (compact.Count, compact.Folded.Count));
        var line = Engagement.Of(compact, Shop.Models, Lead.Unknown, now).Contributions[0];
        Assert.Equal((20, "~Product Viewed-1641600", Shop.Start + (19 * Day)), (line.Count, line.EventId, line.At));
        Assert.Equal(Engagement.Value(Shop.Model.Earn(viewed), Shop.Models, Lead.Unknown, now), Engagement.Value(compact, Shop.Models, Lead.Unknown, now), 1e-9);
        Assert.Equal(compact.Folded.Span, JsonSerializer.Deserialize<Ledger>(JsonSerializer.Serialize(compact))!.Folded.Span); // A ledger is not null.
        Assert.Equal(compact.Folded.Columns, JsonSerializer.Deserialize<Ledger>(JsonSerializer.Serialize(compact))!.Folded.Columns); // A ledger is not null.
    }

    [Fact]
    public void A_build_that_knows_no_folded_entries_reads_them_as_one_of_no_known_model()
    {
        var compact = Shop.Model.Earn(Enumerable.Range(0, 50).Select(i => Shop.Event("Product Viewed", i * Day))).Compact(40, Shop.Models, Lead.Unknown, Shop.Start + (60 * Day));

        var first = JsonDocument.Parse(JsonSerializer.Serialize(compact)).RootElement[0];

        Assert.Equal("folded", JsonSerializer.Deserialize<LedgerEntry>(first)!.Model); // An entry is not null.
    }

    [Fact]
    public void A_ledger_that_an_earlier_build_had_folded_is_worth_what_it_was()
    {
        const string stored = """
            [{"m":"shop@3","r":"product","t":1772366400000,"e":"~e9","n":"Product Viewed","c":12,"v":31.5,"s":31.5},{"m":"shop@3","r":"cart","t":1772366400000,"e":"~e7","n":"Product Added","c":40,"v":60},
             {"m":"shop@3","r":"product","t":1772366400001,"e":"e10","n":"Product Viewed","k":"a","l":2.5},{"m":"shop@3","r":"pricing","t":1772366400002,"e":"e11","n":"page","s":4}]
            """;
        var ledger = JsonSerializer.Deserialize<Ledger>(stored)!; // A ledger is not null.
        var now = Shop.Start + (300 * Day);

        Assert.Equal(98, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start.AddMilliseconds(2)), 0.01);
        var grown = ledger.Union(Shop.Model.Earn(Enumerable.Range(0, 60).Select(i => Shop.Event(i % 2 == 0 ? "Product Added" : "Product Viewed", (i + 200) * Day, $$"""{"productId":{{i}}}"""))));
        var compact = grown.Compact(20, Shop.Models, Lead.Unknown, now);
        Assert.Equal(Engagement.Value(grown, Shop.Models, Lead.Unknown, now), Engagement.Value(compact, Shop.Models, Lead.Unknown, now), 1e-9);
        Assert.InRange(compact.Count, 5, 20);
        var product = Engagement.Of(grown, Shop.Models, Lead.Unknown, now).Contributions.Where(c => c.Rule == "product");
        Assert.All(product.Skip(2), c => Assert.NotEqual(Reduction.Repeat, c.Reduced));
    }

    [Fact]
    public void A_ledger_of_unknown_versions_can_be_shortened_too()
    {
        var ledger = Shop.Model.Earn(Enumerable.Range(0, 100).Select(i => Shop.Event("Product Added", i * Day)));

        Assert.Equal(15, ledger.Compact(20, ScoringModels.None, Lead.Unknown, Shop.Start + (200 * Day)).Count);
    }

    [Fact]
    public void An_event_that_earns_nothing_and_a_folded_ledger_allocate_nothing()
    {
        var @event = Shop.Event("page", TimeSpan.Zero, """{"path":"/about","title":"About us"}""");
        var ledger = Shop.Model.Earn(Enumerable.Range(0, 60).Select(i => Shop.Event(i % 2 == 0 ? "Product Added" : "Order Completed", i * Day)));
        var entries = new List<LedgerEntry>();
        Assert.True(Allocated(1) >= 0);

        Assert.Equal(0, Allocated(100));

        long Allocated(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                Shop.Model.Earn(@event, entries);
                Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start + (60 * Day));
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
