using LeadFunctions.Lifecycle;

namespace LeadFunctions.Reports.Metrics;

/// <summary>How far people come, how long it takes them, and what it takes.</summary>
internal static class Ways
{
    /// <summary>Who comes to a stage later counts no more for the share that did.</summary>
    public const long Window = 365L * 24 * 60 * 60 * 1000;

    /// <summary>Until when touches are counted.</summary>
    public const string Before = "before";

    public static readonly IReadOnlyList<string> Onward = [Stages.Mql, Stages.Sal, Stages.Sql, Stages.Customer];

    private static readonly FactValues[] Values = [.. Onward.Select(stage => FactValues.Of(Dimensions.Stage, stage))];

    /// <summary>Each new lead once for each stage, with whether it came there within a year.</summary>
    public static void CountStages(Person person, List<Counted> into) => Count(person, into, Window);

    /// <summary>Likewise with when it came there, whenever that was.</summary>
    public static void CountTimes(Person person, List<Counted> into) => Count(person, into, long.MaxValue);

    private static void Count(Person person, List<Counted> into, long window)
    {
        if (AllMetrics.FindNew(person) is not { } began)
        {
            return;
        }

        Span<long> reached = stackalloc long[Onward.Count];
        Reached(person, reached);
        for (var i = 0; i < reached.Length; i++)
        {
            into.Add(new(began.At, began.Values) { ActValues = Values[i], Is = reached[i] != long.MaxValue && reached[i] - began.At <= window, ActAt = reached[i] });
        }
    }

    /// <summary>When somebody came to each stage of the way, or beyond it; the end of time where they did not.</summary>
    public static void Reached(Person person, Span<long> reached)
    {
        reached.Fill(long.MaxValue);
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Stage)
            {
                var place = PlaceOf(fact.Values[Dimensions.Stage]);
                for (var i = 0; i <= place; i++)
                {
                    reached[i] = Math.Min(reached[i], fact.At);
                }
            }
        }
    }

    public static void CountHandOvers(Person person, List<Counted> into)
    {
        foreach (var pass in Passes.Of(person))
        {
            into.Add(new(pass.HandedOver.At, pass.HandedOver.Values) { Is = pass.WonAt is not null, ActAt = pass.WonAt ?? 0 });
        }
    }

    public static Action<Person, List<Counted>> PrepareTouches(Counting counting)
    {
        var isUntilWon = counting.Query.Option(Before) == Stages.Customer;
        return (person, into) => CountTouches(person, into, isUntilWon);
    }

    private static void CountTouches(Person person, List<Counted> into, bool isUntilWon)
    {
        var since = long.MinValue;
        foreach (var pass in Passes.Of(person))
        {
            if ((isUntilWon ? pass.WonAt : pass.HandedOver.At) is not { } until)
            {
                continue;
            }

            var touches = 0;
            HashSet<ulong>? bounced = null;
            foreach (var fact in person.Facts)
            {
                if (fact.Kind == FactKind.Bounce)
                {
                    (bounced ??= []).Add(fact.Subject);
                }
            }

            foreach (var fact in person.Facts)
            {
                var isTouch = fact.Kind == FactKind.Send ? bounced?.Contains(fact.Subject) != true : fact.Kind == FactKind.Touch && fact.Values[Dimensions.By] == "human";
                touches += isTouch && fact.At >= since && fact.At < until ? 1 : 0;
            }

            into.Add(new(until, pass.HandedOver.Values) { Is = true, Number = touches });
            since = until;
        }
    }

    /// <summary>The first fact of a pass by which somebody came to a stage, or beyond it; null: they did not.</summary>
    public static KnownFact? FirstAt(Person person, string stage, KnownFact handedOver)
    {
        var place = PlaceOf(stage);
        foreach (var fact in person.Facts)
        {
            if (fact.Kind != FactKind.Stage || fact.CompareTo(handedOver) < 0)
            {
                continue;
            }

            var here = fact.Values[Dimensions.Stage];
            if (PlaceOf(here) >= place)
            {
                return fact;
            }

            if (here is Stages.Recycled or "churned")
            {
                return null;
            }
        }

        return null;
    }

    public static int PlaceOf(string? stage)
    {
        for (var i = 0; i < Onward.Count; i++)
        {
            if (Onward[i] == stage)
            {
                return i;
            }
        }

        return stage == "promoter" ? Onward.Count - 1 : -1;
    }
}
