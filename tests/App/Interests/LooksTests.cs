using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Interests;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Interests;

/// <summary>What is kept of looks is a function of the set of them.</summary>
public sealed class LooksTests
{
    private const long Day = 86_400_000;

    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(2026, 23).WithMaxTest(200);

    // Many at one time, and over more days than are kept.
    private static readonly Gen<Look[]> Some =
        from count in Gen.Choose(0, 900)
        from looks in (from day in Gen.Choose(0, 500) from value in Gen.Elements("shoes", "Shoes", "hats", "żółw", "x") from source in Gen.Choose(0, 2) select new Look(day * Day, value, source)).ArrayOf(count)
        select looks;

    [Fact]
    public void Any_order_any_batches_and_any_parts_keep_the_same_newest_looks() => Prop.ForAll(Some.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (looks, seed) =>
    {
        var random = new Random(seed);
        var kept = looks.Order().Where(look => look.At >= looks.Max(other => other.At) - (400 * Day)).TakeLast(250).ToArray();

        random.Shuffle(looks);
        var batched = looks.Chunk(random.Next(1, 40)).Aggregate(Looks.None, (all, some) => all.With(some));
        var parts = looks.GroupBy(_ => random.Next(3)).Select(part => Looks.Of(part)).Aggregate(Looks.None, Looks.Union);

        Assert.Equal(kept, batched.Span.ToArray());
        Assert.Equal(kept, parts.Span.ToArray());
    }).Check(Fixed);

    [Fact]
    public void A_row_holds_them_in_a_few_bytes_each() => Prop.ForAll(Some.ToArbitrary(), looks =>
    {
        var record = new LeadRecord { Looked = new Dictionary<string, Looks> { ["some"] = Looks.Of(looks), ["none"] = Looks.None } };

        var json = JsonSerializer.Serialize(record, LeadsJson.Default.LeadRecord);
        var read = JsonSerializer.Deserialize(json, LeadsJson.Default.LeadRecord)!.Looked!;

        Assert.Equal(record.Looked["some"].Span.ToArray(), read["some"].Span.ToArray());
        Assert.Equal(0, read["none"].Count);
        Assert.InRange(json.Length, 0, 200 + (record.Looked["some"].Count * 9));
    }).Check(Fixed);
}
