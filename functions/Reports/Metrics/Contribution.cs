using LeadFunctions.Lifecycle;

namespace LeadFunctions.Reports.Metrics;

/// <summary>
/// What led to what was reached: of each outcome, what the person did in the 90 days before. It says what stood before it, not what caused it: only lift does (a journey's <c>holdout</c>).
/// </summary>
internal static class Contribution
{
    public const string Outcome = "outcome", Last = "last", Linear = "linear", Influenced = "influenced", Revenue = "revenue", Unknown = "(unknown)";

    /// <summary>What was done longer before counts for nothing.</summary>
    public const long Window = 90L * 24 * 60 * 60 * 1000;

    /// <summary>What outcomes are put down to.</summary>
    public static readonly IReadOnlyList<string> Credited =
        [Dimensions.Journey, Dimensions.Step, Dimensions.Template, Dimensions.Campaign, Dimensions.Topic, Dimensions.Channel, Dimensions.Act, Dimensions.Form, Dimensions.Rule];

    public static readonly IReadOnlyList<string> OfSends = [Dimensions.Journey, Dimensions.Step, Dimensions.Template, Dimensions.Campaign, Dimensions.Topic, Dimensions.Channel];

    private static readonly FactValues Nothing = Values(_ => null);
    private static readonly FactValues NothingKnown = Values(dimension => dimension == Dimensions.Rule ? Unknown : null);

    public static Action<Person, List<Counted>> Prepare(Counting counting)
    {
        var (query, outcome, model) = (counting.Query, counting.Query.Option(Outcome), counting.Query.Option(Dimensions.Model));

        // Asked by journey, the last touch is the last of a journey.
        var by = Credited.FirstOrDefault(query.Concerns);
        var reached = new List<KnownFact>();
        return (person, into) =>
        {
            reached.Clear();
            Reached(person, outcome, reached);
            for (var i = 0; i < reached.Count; i++)
            {
                var led = by == Dimensions.Rule ? Rules(person, reached[i], outcome == Stages.Mql) : Touches(person, reached[i], by, model);
                var (worth, currency) = outcome == Revenue ? (reached[i].Number, reached[i].Values[Dimensions.Currency] ?? ReportQuery.Unknown) : (1, null);
                foreach (var (values, share, isNeeded) in led)
                {
                    into.Add(new(reached[i].At, reached[i].Values) { ActValues = values, Outcome = i + 1, Is = isNeeded, IsOnce = model == Influenced, Currency = currency, Weight = model == Influenced ? worth : worth * share });
                }
            }
        };
    }

    /// <summary>What of one outcome goes to each touch before it.</summary>
    private static IReadOnlyList<(FactValues, double, bool)> Touches(Person person, KnownFact reached, string? by, string model)
    {
        Dictionary<ulong, KnownFact>? sends = null;
        var led = new List<FactValues>();
        foreach (var fact in person.Facts)
        {
            if (fact.CompareTo(reached) >= 0)
            {
                break; // they are in order
            }

            if (fact.Kind == FactKind.Send)
            {
                (sends ??= []).TryAdd(fact.Subject, fact);
            }

            if (reached.At - fact.At <= Window && Touch(fact, sends) is { } touch && (by is null || touch[by] != ReportQuery.Unknown))
            {
                led.Add(touch);
            }
        }

        return led.Count == 0 ? [(Nothing, 1, false)] : model == Last ? [(led[^1], 1, false)] : [.. led.Select(touch => (touch, 1.0 / led.Count, false))];
    }

    private static FactValues? Touch(KnownFact fact, Dictionary<ulong, KnownFact>? sends)
    {
        if (fact.Kind == FactKind.Act)
        {
            return Values(dimension => dimension is Dimensions.Act or Dimensions.Form ? fact.Values[dimension] : null);
        }

        // A send that nobody noticed is none; who only opened one may have been a program.
        return fact.Kind == FactKind.Touch && fact.Values[Dimensions.By] == "human" && fact.Values[Dimensions.Act] == "click" && sends?.TryGetValue(fact.Subject, out var send) == true
            ? Values(dimension => dimension == Dimensions.Act ? "click" : OfSends.Contains(dimension) ? send.Values[dimension] : null)
            : null;
    }

    /// <summary>What each rule held of the points with which the lead became an MQL by itself, and whether it would have without.</summary>
    /// <param name="isMql">That is the outcome; else it was before.</param>
    private static IReadOnlyList<(FactValues, double, bool)> Rules(Person person, KnownFact reached, bool isMql)
    {
        var rules = new List<KnownFact>();
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Rule && (isMql ? fact.At == reached.At : fact.At <= reached.At))
            {
                if (rules.Count > 0 && rules[0].At != fact.At)
                {
                    rules.Clear(); // a later time it became one
                }

                rules.Add(fact);
            }
        }

        if (rules.Count == 0)
        {
            return [(isMql && reached.Values[Dimensions.Cause] == "rule" ? NothingKnown : Nothing, 1, false)];
        }

        var sum = rules.Sum(rule => Math.Max(0, rule.Number));
        return [.. rules.Select(rule => (Values(dimension => dimension == Dimensions.Rule ? rule.Values[dimension] : null), sum > 0 ? Math.Max(0, rule.Number) / sum : 1.0 / rules.Count, rule.Values[Dimensions.Needed] == "yes"))];
    }

    public static void Reached(Person person, string outcome, List<KnownFact> into)
    {
        switch (outcome)
        {
            case Stages.Mql:
                into.AddRange(Passes.Of(person).Select(pass => pass.HandedOver));
                break;
            case Stages.Sal or Stages.Sql:
                into.AddRange(Passes.Of(person).Select(pass => Ways.FirstAt(person, outcome, pass.HandedOver)).OfType<KnownFact>());
                break;
            case Revenue:
                into.AddRange(Passes.Deals(person).Where(deal => deal.IsWon && deal.Closed.Number > 0).Select(deal => deal.Closed));
                break;
            default:
                into.AddRange(Passes.Deals(person).Where(deal => deal.IsWon).Select(deal => deal.Closed));
                break;
        }
    }

    /// <summary>Each credited dimension says something: what the outcome itself says by the same name is something else.</summary>
    private static FactValues Values(Func<string, string?> valueOf) => FactValues.Of([.. Credited.Select(dimension => KeyValuePair.Create(dimension, valueOf(dimension) ?? ReportQuery.Unknown))]);
}
