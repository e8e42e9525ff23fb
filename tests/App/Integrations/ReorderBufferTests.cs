using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Integrations;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Messages come in any order, and more than once; what they say goes out in order.</summary>
public sealed class ReorderBufferTests
{
    [Theory]
    [InlineData(1, "1,2,3", "1,2,3", 4)]
    [InlineData(1, "2,3", "", 1)] // the first has not come
    [InlineData(3, "3,5,6", "3", 4)]
    [InlineData(5, "2,5,7", "2,5", 6)] // the 2 comes late, and is not lost
    [InlineData(5, "2", "2", 5)]
    [InlineData(4, "", "", 4)]
    public void What_follows_goes_out_and_what_has_a_hole_before_it_waits(long next, string waiting, string ready, long after)
    {
        var found = ReorderBuffer.Ready(next, Numbers(waiting));

        Assert.Equal(Numbers(ready), found);
        Assert.Equal(after, ReorderBuffer.After(next, found));
    }

    /// <summary>The law that the consumer relies on, played with a set in place of the table.</summary>
    [Fact]
    public void Of_any_order_with_repeats_each_goes_out_in_order_for_the_first_time() => Prop.ForAll(
        (from count in Gen.Choose(1, 30)
         from order in Gen.Shuffle(Enumerable.Range(1, count))
         from repeats in Gen.ListOf(Gen.Choose(1, count))
         from places in Gen.ListOf(Gen.Choose(0, count), repeats.Count)
         select (count, messages: Insert(order, repeats, places))).ToArbitrary(),
        story =>
        {
            var (next, table, outgoing) = (1L, new SortedSet<long>(), new List<long>());
            foreach (var message in story.messages)
            {
                table.Add(message);
                while (ReorderBuffer.Ready(next, table) is { Count: > 0 } ready)
                {
                    outgoing.AddRange(ready);
                    next = ReorderBuffer.After(next, ready);
                    table.ExceptWith(ready);
                }
            }

            var first = outgoing.Distinct().ToList(); // a repeat is found delivered
            return table.Count == 0 && next == story.count + 1 && first.SequenceEqual(Enumerable.Range(1, story.count).Select(n => (long)n));
        }).QuickCheckThrowOnFailure();

    private static IReadOnlyList<long> Insert(IEnumerable<int> order, IEnumerable<int> repeats, IReadOnlyList<int> places)
    {
        var all = order.Select(n => (long)n).ToList();
        foreach (var (repeat, place) in repeats.Zip(places))
        {
            all.Insert(Math.Min(place, all.Count), repeat);
        }

        return all;
    }

    private static IReadOnlyList<long> Numbers(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
}
