using LeadFunctions.Lifecycle;

namespace LeadFunctions.Reports.Metrics;

/// <summary>What became of those who were once where some are now.</summary>
/// <param name="AtRisk">How many were there, so long ago that it is known.</param>
/// <param name="Won">How many of them were customers in time.</param>
internal sealed record Experience(string Stage, int Age, int AtRisk, int Won)
{
    public double Probability => (double)Won / AtRisk;

    /// <summary>Of how many of so many become customers: by chance, and since the experience is only so large. They share it, so what it is off by adds up.</summary>
    public double VarianceOf(int people) => Probability * (1 - Probability) * (people + ((double)people * people / AtRisk));
}

/// <summary>
/// How many of the leads that are open now become customers until a day. Of those who were in the same stage for as long once, so long ago that the same time has passed for them since, it is known how many did. Who went aside meanwhile
/// and came back counts like any other.
/// </summary>
internal sealed class Forecast
{
    /// <summary>With fewer who became customers nobody can tell.</summary>
    public const int FewestWon = 30;

    /// <summary>With fewer who were there the ages before count too.</summary>
    private const int FewestAtRisk = 20;

    public static readonly Apart Untried = new("pending", "Nobody was where these are, long enough ago to know.");

    private const long Day = 24L * 60 * 60 * 1000;

    /// <summary>Where ages begin, in days: what matters at first are days, later months.</summary>
    private static readonly int[] Ages = [0, 1, 3, 7, 14, 30, 60, 90, 180, 365, 730];

    private readonly Dictionary<(string, int), Experience?> _experiences = [];
    private readonly Dictionary<string, List<Stay>> _stays = [];
    private readonly Dictionary<(string, int), (long Sum, int Count)> _open = [];
    private readonly long _now, _ahead;

    /// <param name="now">Unix ms: only what was until then is known.</param>
    /// <param name="ahead">Of the time that is looked ahead; ms.</param>
    private Forecast(IReadOnlyList<Person> people, long now, long ahead)
    {
        (_now, _ahead) = (now, ahead);
        foreach (var person in people)
        {
            var (stays, wonAt) = StaysOf(person, now);
            if (stays.Count > 0 && stays[0].From + ahead <= now && wonAt is not null)
            {
                Won++;
            }

            foreach (var stay in stays)
            {
                (System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_stays, stay.Stage, out _) ??= []).Add(stay);
            }

            if (OpenOf(stays, wonAt) is { } open)
            {
                var place = (open.Stage, AgeOf(now - open.From));
                _open[place] = (_open.GetValueOrDefault(place).Sum + now - open.From, _open.GetValueOrDefault(place).Count + 1);
            }
        }
    }

    /// <summary>Those who have become customers among those who began so long ago that it is known.</summary>
    public int Won { get; }

    public static Action<Person, List<Counted>> Prepare(Counting counting)
    {
        var (forecast, values) = (counting.Forecast, new Dictionary<string, FactValues>());
        return (person, into) =>
        {
            var (stays, wonAt) = StaysOf(person, counting.Now);
            if (OpenOf(stays, wonAt) is not { } open)
            {
                return;
            }

            if (!values.TryGetValue(open.Stage, out var stage))
            {
                values[open.Stage] = stage = FactValues.Of(Dimensions.Stage, open.Stage);
            }

            var one = new Counted(counting.Now, AllMetrics.FindNew(person)!.Value.Values) { ActValues = stage }; // not null: only who was new is open
            into.Add(forecast.ExperienceOf(open) is { } experience ? one with { Is = true, From = experience, Weight = experience.Probability } : one with { Apart = Untried });
        };
    }

    public static Forecast Of(IReadOnlyList<Person> people, long now, long ahead) => new(people, now, ahead);

    /// <summary>From now until the last day of the range is over; ms.</summary>
    public static long AheadOf(Counting counting) => Math.Max(0, Periods.Moment(counting.Query.To.PlusDays(1), counting.Zone) - counting.Now);

    /// <summary>As it would have been made then, and what came of it; null where too little was known.</summary>
    public static PastForecast? Before(IReadOnlyList<Person> people, long then, long ahead)
    {
        var forecast = Of(people, then, ahead);
        if (forecast.Won < FewestWon)
        {
            return null;
        }

        var (expected, actual) = (0.0, 0);
        foreach (var person in people)
        {
            var (stays, wonAt) = StaysOf(person, then);
            if (OpenOf(stays, wonAt) is { } open && forecast.ExperienceOf(open) is { } experience)
            {
                expected += experience.Probability;
                actual += StaysOf(person, then + ahead).WonAt is not null ? 1 : 0;
            }
        }

        return new(then, expected, actual);
    }

    /// <summary>Where somebody was, stage after stage, since they were new, as was known at a moment; and when they became a customer first.</summary>
    private static (List<Stay> Stays, long? WonAt) StaysOf(Person person, long now)
    {
        var stays = new List<Stay>();
        if (AllMetrics.FindNew(person) is not { } began || began.At > now)
        {
            return (stays, null);
        }

        var (stage, from, won) = (Stages.Lead, began.At, (long?)null);
        foreach (var fact in person.Facts)
        {
            if (fact.Kind != FactKind.Stage || fact.At > now)
            {
                continue;
            }

            won ??= Passes.IsWon(fact) ? fact.At : null;
            if (fact.At > from)
            {
                stays.Add(new(stage, from, fact.At, 0));
            }

            (stage, from) = (fact.Values[Dimensions.Stage] ?? stage, Math.Max(from, fact.At));
        }

        stays.Add(new(stage, from, long.MaxValue, 0));
        return (stays.ConvertAll(stay => stay with { WonAt = won is { } at && at >= stay.From ? at : long.MaxValue }), won);
    }

    /// <summary>Null for who is a customer, has been one, or stands aside.</summary>
    private static Stay? OpenOf(List<Stay> stays, long? wonAt) => stays.Count == 0 || wonAt is not null || Stages.Aside.Contains(stays[^1].Stage) || Ways.PlaceOf(stays[^1].Stage) == Ways.PlaceOf(Stages.Customer) ? null : stays[^1];

    private static int AgeOf(long ms) => Array.FindLastIndex(Ages, age => age * Day <= ms) is >= 0 and var place ? place : 0;

    private Experience? ExperienceOf(Stay open) => ExperienceOf(open.Stage, AgeOf(_now - open.From));

    private Experience? ExperienceOf(string stage, int age)
    {
        if (!_experiences.TryGetValue((stage, age), out var experience))
        {
            // As old as those of the same age are now, on the average.
            var old = _open.TryGetValue((stage, age), out var open) ? open.Sum / open.Count : Ages[age] * Day;
            var (atRisk, won) = (0, 0);
            foreach (var stay in _stays.GetValueOrDefault(stage, []))
            {
                if (stay.From + old + _ahead <= _now && stay.To > stay.From + old && stay.WonAt > stay.From + old)
                {
                    (atRisk, won) = (atRisk + 1, won + (stay.WonAt <= stay.From + old + _ahead ? 1 : 0));
                }
            }

            experience = atRisk >= FewestAtRisk ? new(stage, Ages[age], atRisk, won) : age > 0 ? ExperienceOf(stage, age - 1) : null;
            _experiences[(stage, age)] = experience;
        }

        return experience;
    }

    /// <param name="To">When it ended; the end of time while it lasts.</param>
    /// <param name="WonAt">When they became a customer, from its beginning on; the end of time where they have not.</param>
    private readonly record struct Stay(string Stage, long From, long To, long WonAt);
}

/// <summary>A forecast of the past.</summary>
/// <param name="At">When; Unix ms.</param>
/// <param name="Actual">What came of it, among the same leads.</param>
internal sealed record PastForecast(long At, double Expected, int Actual);

/// <summary>What a forecast is made of, beside the leads.</summary>
/// <param name="Won">Those who have become customers among those who began so long ago that it is known.</param>
/// <param name="Reason">Why there is none; null: there is.</param>
/// <param name="Deal">Of deals that were won in the last year, what half of them stay below; null where there are none with an amount, or in several currencies.</param>
/// <param name="Past">The newest first.</param>
internal sealed record Outlook(int Won, string? Reason, double? Deal, int Deals, string? Currency, IReadOnlyList<PastForecast> Past)
{
    /// <summary>Of 80 of 100 forecasts the truth is within so many deviations.</summary>
    public const double Deviations = 1.2816;

    private const long Year = 365L * 24 * 60 * 60 * 1000;
    private const int LookedBack = 3;

    public static Outlook Of(Counting counting)
    {
        var (now, ahead) = (counting.Now, Forecast.AheadOf(counting));
        var won = counting.Forecast.Won;
        var deals = counting.People.SelectMany(Passes.Deals).Where(deal => deal.IsWon && deal.Closed.Number > 0 && deal.Closed.At > now - Year && deal.Closed.At <= now)
            .Select(deal => (deal.Closed.Number, Currency: deal.Closed.Values[Dimensions.Currency] ?? ReportQuery.Unknown)).ToList();
        var currencies = deals.Select(deal => deal.Currency).Distinct().ToList();
        var amounts = deals.Select(deal => deal.Number).Order().ToList();
        var median = currencies.Count == 1 ? (amounts[(amounts.Count - 1) / 2] + amounts[amounts.Count / 2]) / 2 : (double?)null;
        return new(
            won, won < Forecast.FewestWon ? "fewerThan30Won" : null, median, deals.Count, currencies.Count == 1 ? currencies[0] : null,
            [.. Enumerable.Range(1, LookedBack).Select(times => Forecast.Before(counting.People, now - (times * ahead), ahead)).OfType<PastForecast>()]);
    }
}
