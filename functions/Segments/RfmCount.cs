using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Segments;

/// <summary>
/// How many buyers there are of each kind: counted page by page, so small that it can be carried from one to the next. Ages are counted by the day (beyond 400 by thirty), orders one by one up to 200,
/// amounts in steps of two percent: a boundary is that exact.
/// </summary>
public sealed record RfmCount
{
    private const long DayMs = 86_400_000;
    private const int FineDays = 400;
    private const int CoarseDays = 30;
    private const int FineOrders = 200;
    private const double OrderStep = 1.05;
    private const double LeastAmount = 0.01;
    private const double AmountStep = 1.02;

    public int Buyers { get; init; }

    public Dictionary<int, int> Recency { get; init; } = [];

    public Dictionary<int, int> Frequency { get; init; } = [];

    public Dictionary<int, int> Monetary { get; init; } = [];

    /// <summary>A copy that can be added to.</summary>
    public RfmCount Copy() => new() { Buyers = Buyers, Recency = new(Recency), Frequency = new(Frequency), Monetary = new(Monetary) };

    internal RfmCount With(Purchases bought, DateTimeOffset at)
    {
        var days = (int)Math.Max(0, (at.ToUnixTimeMilliseconds() - bought.Last) / DayMs);
        Add(Recency, days < FineDays ? days : FineDays + ((days - FineDays) / CoarseDays));
        Add(Frequency, bought.Orders <= FineOrders ? bought.Orders : FineOrders + 1 + (int)Math.Floor(Math.Log((double)bought.Orders / FineOrders) / Math.Log(OrderStep)));
        Add(Monetary, bought.Amount < LeastAmount ? 0 : 1 + (int)Math.Floor(Math.Log(bought.Amount / LeastAmount) / Math.Log(AmountStep)));
        return this with { Buyers = Buyers + 1 };
    }

    /// <summary>Null where nobody has bought anything.</summary>
    internal RfmBoundaries? Boundaries() => Buyers == 0 ? null : new(
        [.. Fifths(Recency).Select(kind => ((kind < FineDays ? kind + 1L : FineDays + ((kind - FineDays + 1L) * CoarseDays)) * DayMs) - 1)],
        [.. Fifths(Frequency).Select(kind => kind <= FineOrders ? kind : Math.Floor(FineOrders * Math.Pow(OrderStep, kind - FineOrders)))],
        [.. Fifths(Monetary).Select(kind => kind == 0 ? 0 : LeastAmount * Math.Pow(AmountStep, kind))]);

    /// <summary>The kinds with which one, two, three and four fifths of all buyers are reached.</summary>
    private IEnumerable<int> Fifths(Dictionary<int, int> counts)
    {
        var (reached, fifth) = (0L, 1);
        foreach (var (kind, count) in counts.OrderBy(count => count.Key))
        {
            reached += count;
            for (; fifth < 5 && reached * 5 >= (long)fifth * Buyers; fifth++)
            {
                yield return kind;
            }
        }
    }

    private static void Add(Dictionary<int, int> counts, int kind) => counts[kind] = counts.GetValueOrDefault(kind) + 1;
}
