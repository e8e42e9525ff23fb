namespace LeadFunctions.Conditions.Values;

/// <summary>What somebody bought by a time.</summary>
/// <param name="Last">When they bought last: Unix ms.</param>
public readonly record struct Purchases(int Orders, double Amount, long Last)
{
    /// <param name="orders">Each with what it brought.</param>
    /// <returns>Null for somebody who had bought nothing.</returns>
    public static Purchases? At(Tally orders, DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds();
        if (orders.Total == 0 || orders.Last <= ms)
        {
            return orders.Total == 0 ? null : new(orders.Total, orders.Sum / Tally.PerUnit, orders.Last);
        }

        var (until, sum) = (orders.CountUntil(ms), orders.Sum);
        foreach (var amount in orders.Values[until..])
        {
            sum -= amount;
        }

        var count = orders.Total - (orders.Times.Length - until);
        return count == 0 ? null : new(count, sum / Tally.PerUnit, until > 0 ? orders.Times[until - 1] : orders.First);
    }
}

/// <summary>How a buyer stands beside all others: each from 1 to 5, in fifths of the buyers.</summary>
/// <param name="Recency">5: bought most lately.</param>
/// <param name="Frequency">5: most orders.</param>
/// <param name="Monetary">5: spent most.</param>
public readonly record struct RfmScore(int Recency, int Frequency, int Monetary)
{
    // Rows: recency from 1 to 5. Columns: the mean of frequency and monetary, from 1 to 5.
    private static readonly string[][] Grid =
    [
        ["lost", "lost", "atRisk", "atRisk", "cannotLose"],
        ["hibernating", "hibernating", "atRisk", "atRisk", "cannotLose"],
        ["aboutToSleep", "aboutToSleep", "needsAttention", "loyal", "loyal"],
        ["promising", "potentialLoyalist", "potentialLoyalist", "loyal", "loyal"],
        ["new", "potentialLoyalist", "potentialLoyalist", "champions", "champions"],
    ];

    public static IReadOnlyList<string> Groups { get; } = [.. Grid.Reverse().SelectMany(row => row.Reverse()).Distinct()];

    /// <summary>Of frequency and monetary the mean counts, half a point upwards.</summary>
    public string Group => Grid[Recency - 1][((Frequency + Monetary + 1) / 2) - 1];
}

/// <summary>Where the fifths of all buyers end, as of one computation: a buyer's scores follow from their own orders and these, at any time.</summary>
/// <param name="Recency">How long ago the last order was, in ms, rising: of the most recent fifth, of the most recent two, and so on.</param>
/// <param name="Frequency">How many orders, rising: of the fifth with the fewest, of the two with the fewest, and so on.</param>
/// <param name="Monetary">What they came to, likewise.</param>
public sealed record RfmBoundaries(IReadOnlyList<long> Recency, IReadOnlyList<double> Frequency, IReadOnlyList<double> Monetary)
{
    public bool IsSame(RfmBoundaries other) => Recency.SequenceEqual(other.Recency) && Frequency.SequenceEqual(other.Frequency) && Monetary.SequenceEqual(other.Monetary);

    public RfmScore Of(Purchases bought, DateTimeOffset at)
    {
        var age = Math.Max(0, at.ToUnixTimeMilliseconds() - bought.Last);
        var (recency, frequency, monetary) = (5, 1, 1);
        for (var i = 0; i < 4; i++)
        {
            // Who stands on a boundary belongs to those below it: where most have bought once, they are all of the lowest fifth.
            recency -= age > Recency[i] ? 1 : 0;
            frequency += bought.Orders > Frequency[i] ? 1 : 0;
            monetary += bought.Amount > Monetary[i] ? 1 : 0;
        }

        return new(recency, frequency, monetary);
    }

    /// <summary>When, after a time, the recency of somebody who buys nothing more will be another, in order.</summary>
    public IEnumerable<DateTimeOffset> Changes(Purchases bought, DateTimeOffset after) =>
        Recency.Select(age => bought.Last + age + 1).Where(ms => ms > after.ToUnixTimeMilliseconds()).Distinct().Select(DateTimeOffset.FromUnixTimeMilliseconds);
}
