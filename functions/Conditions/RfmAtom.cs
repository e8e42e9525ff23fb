using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>Asks how a buyer stands beside all others, in fifths that were computed over all of them. Who has bought nothing stands nowhere, nor does anybody before they were computed.</summary>
/// <param name="groups">One of these; null: any.</param>
internal sealed class RfmAtom(string[]? groups, Test[] recency, Test[] frequency, Test[] monetary) : LeadAtom
{
    /// <summary>What is kept of a lead's orders for it.</summary>
    public static readonly TallyDefinition Orders = new("rfm", ["Order Completed"], [], TallyKind.Orders, null);

    /// <summary>How the lead stands; null: nowhere.</summary>
    public static (Purchases Bought, RfmScore Score)? Of(ILeadFacts facts, DateTimeOffset at) =>
        facts.Rfm is { } boundaries && facts.TryTally(Orders.Key, Orders.Names, out var orders) && Purchases.At(orders, at) is { } bought ? (bought, boundaries.Of(bought, at)) : null;

    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => Of(facts, at) is var (_, score) && Fits(score, at);

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) =>
        Of(facts, at) is var (_, score) ? Value.From($"{score.Group} {score.Recency}-{score.Frequency}-{score.Monetary}") : Value.Missing;

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before)
    {
        if (facts.Rfm is not { } boundaries || !facts.TryTally(Orders.Key, Orders.Names, out var orders))
        {
            return null;
        }

        // An order that lies in the future begins to count then.
        var begins = orders.Last > after.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(orders.Times[orders.CountUntil(after.ToUnixTimeMilliseconds())]) : (DateTimeOffset?)null;
        if (Purchases.At(orders, after) is not { } bought)
        {
            return begins;
        }

        var holds = Fits(boundaries.Of(bought, after), after);
        foreach (var moment in boundaries.Changes(bought, after))
        {
            if (moment >= begins || moment >= before)
            {
                break;
            }

            if (Fits(boundaries.Of(bought, moment), moment) != holds)
            {
                return moment;
            }
        }

        return begins;
    }

    private bool Fits(RfmScore score, DateTimeOffset at) =>
        (groups is null || Array.IndexOf(groups, score.Group) >= 0)
        && Test.AllHold(recency, Value.From(score.Recency), at) && Test.AllHold(frequency, Value.From(score.Frequency), at) && Test.AllHold(monetary, Value.From(score.Monetary), at);
}
