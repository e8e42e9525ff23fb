using LeadFunctions.Lifecycle;

namespace LeadFunctions.Reports.Metrics;

/// <summary>Where people are lost on the way: who came to one stage of the funnel, not to the next, and stands aside now, or has been silent for twice as long as half of those take who come there.</summary>
internal static class Leaks
{
    /// <summary>The option: all, or only those lost in one way.</summary>
    public const string How = "how", All = "all", Aside = "aside", Silent = "silent";

    private const double DayMs = 86_400_000;

    private static readonly FactValues[] Values = [.. Ways.Onward.Select(stage => FactValues.Of(Dimensions.Stage, stage))];

    public static Action<Person, List<Counted>> Prepare(Counting counting)
    {
        var (how, patience) = (counting.Query.Option(How), Patience(counting));
        return (person, into) =>
        {
            Span<long> reached = stackalloc long[Ways.Onward.Count];
            if (AllMetrics.FindNew(person) is not { } began)
            {
                return;
            }

            Ways.Reached(person, reached);
            var (isAside, heard) = Now(person, counting.Now);
            for (var i = 0; i < reached.Length; i++)
            {
                var since = Since(began.At, reached, i);
                if (since == long.MaxValue)
                {
                    break;
                }

                var isLost = reached[i] == long.MaxValue
                    && ((how != Silent && isAside) || (how != Aside && !isAside && counting.Now - Math.Max(since, heard) > patience[i]));
                into.Add(new(began.At, began.Values) { ActValues = Values[i], Is = isLost });
            }
        };
    }

    /// <summary>Twice what half of those take to a stage who came to the one before, whenever they did; for ever where fewer than half are expected to come.</summary>
    private static double[] Patience(Counting counting)
    {
        var times = Ways.Onward.Select(_ => new List<(double, bool)>()).ToList();
        Span<long> reached = stackalloc long[Ways.Onward.Count];
        foreach (var person in counting.People)
        {
            if (AllMetrics.FindNew(person) is not { } began)
            {
                continue;
            }

            Ways.Reached(person, reached);
            for (var i = 0; i < reached.Length && Since(began.At, reached, i) is < long.MaxValue and var since; i++)
            {
                times[i].Add((Math.Max(0, (reached[i] == long.MaxValue ? counting.Now : reached[i]) - since) / DayMs, reached[i] == long.MaxValue));
            }
        }

        return [.. times.Select(all => Spread.Of(all).Median is { } days ? 2 * days * DayMs : double.PositiveInfinity)];
    }

    /// <summary>When somebody came to the stage before; the end of time: they did not.</summary>
    private static long Since(long began, ReadOnlySpan<long> reached, int stage) => stage == 0 ? began : reached[stage - 1] == long.MaxValue ? long.MaxValue : Math.Max(began, reached[stage - 1]);

    /// <summary>Whether they stand aside, and when they, or sales, did something last.</summary>
    private static (bool IsAside, long Heard) Now(Person person, long now)
    {
        var (isAside, heard) = (false, long.MinValue);
        foreach (var fact in person.Facts)
        {
            if (fact.Kind == FactKind.Stage)
            {
                isAside = Stages.Aside.Contains(fact.Values[Dimensions.Stage]);
            }

            var isHeard = fact.Kind is FactKind.Act or FactKind.Reopened || (fact.Kind == FactKind.Touch && fact.Values[Dimensions.By] == "human") || (fact.Kind == FactKind.Stage && fact.Values[Dimensions.Cause] != "rule");
            heard = isHeard && fact.At <= now ? Math.Max(heard, fact.At) : heard;
        }

        return (isAside, heard);
    }
}
