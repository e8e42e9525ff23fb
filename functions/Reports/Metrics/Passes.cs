using LeadFunctions.Lifecycle;

namespace LeadFunctions.Reports.Metrics;

/// <summary>One way of a person to sales and on: from the hand-over, which is the first entry to MQL or what comes after it, until sales or time sent them back.</summary>
/// <param name="HandedOver">The fact that began it.</param>
internal sealed record Pass(KnownFact HandedOver)
{
    /// <summary>Accepted or rejected; null: nobody has decided.</summary>
    public bool? IsAccepted { get; init; }

    public KnownFact Decided { get; init; }

    public long? WonAt { get; init; }

    /// <summary>Nobody had decided in time.</summary>
    public bool IsExpired { get; init; }

    /// <summary>It is aside now: recycled, churned, or disqualified.</summary>
    public bool IsOver { get; init; }
}

/// <summary>A deal that was closed; one that was opened again is as it was closed last.</summary>
internal readonly record struct Deal(KnownFact Closed, bool IsWon);

/// <summary>What a person's stages come to.</summary>
internal static class Passes
{
    /// <summary>Whoever falls back so soon was no MQL.</summary>
    private const long Withdrawn = 24L * 60 * 60 * 1000;

    private const string Churned = "churned";

    public static IEnumerable<Pass> Of(Person person)
    {
        Pass? pass = null;
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Overdue && pass is { IsAccepted: null })
            {
                pass = pass with { IsExpired = true };
            }

            if (fact.Kind != FactKind.Stage)
            {
                continue;
            }

            var stage = fact.Values[Dimensions.Stage];
            pass ??= stage is Stages.Mql or Stages.Sal or Stages.Sql ? new Pass(fact) : null;
            if (pass is null)
            {
                continue;
            }

            if (stage is Stages.Lead or "subscriber" && pass.IsAccepted is null && fact.At - pass.HandedOver.At <= Withdrawn)
            {
                pass = null;
                continue;
            }

            pass = pass.IsAccepted is null && Decision(fact, stage) is { } isAccepted ? pass with { IsAccepted = isAccepted, Decided = fact } : pass;
            pass = pass.WonAt is null && IsWon(fact) ? pass with { WonAt = fact.At } : pass;
            pass = pass with { IsOver = Stages.Aside.Contains(stage) };
            if (stage is Stages.Recycled or Churned)
            {
                yield return pass;
                pass = null;
            }
        }

        if (pass is not null)
        {
            yield return pass;
        }
    }

    public static IEnumerable<Deal> Deals(Person person)
    {
        Deal? deal = null;
        foreach (var fact in person.Facts)
        {
            if (fact.Kind != FactKind.Stage)
            {
                continue;
            }

            var stage = fact.Values[Dimensions.Stage];
            if (IsWon(fact) || fact.Values[Dimensions.Outcome] == "lost")
            {
                deal = new(fact, IsWon(fact));
            }
            else if (deal is { } closed && stage is "subscriber" or Stages.Lead or Stages.Mql or Stages.Sal or Stages.Sql or Churned)
            {
                yield return closed;
                deal = null;
            }
        }

        if (deal is { } last)
        {
            yield return last;
        }
    }

    public static bool IsWon(KnownFact fact) => fact.Values[Dimensions.Stage] == Stages.Customer;

    /// <summary>Whoever works with a lead has accepted it, also if they lose it; a rule that sends one back has decided nothing for them.</summary>
    private static bool? Decision(KnownFact fact, string? stage) => stage switch
    {
        Stages.Sal or Stages.Sql or Stages.Customer => true,
        Stages.Recycled or Stages.Disqualified => fact.Values[Dimensions.Outcome] == "lost" ? true : fact.Values[Dimensions.Cause] == "rule" ? null : false,
        _ => null,
    };
}
