namespace LeadFunctions.Tests.Reports;

/// <summary>What takes more than one look.</summary>
internal static partial class PlainCount
{
    /// <summary>Points of a visit.</summary>
    public const int VisitPoints = 4;

    private static readonly string[] Way = ["mql", "sal", "sql", "customer"];

    /// <summary>What each journey has of the MQLs: of every one, the share of each journey that is counted.</summary>
    public static IEnumerable<(string Journey, double Share)> Contribution(string model, List<Told> told)
    {
        foreach (var (at, _) in Of("mqls", told))
        {
            var clicks = told.Where(one => one.What == "Message Clicked" && one.At < at && at - one.At <= TimeSpan.FromDays(90))
                .Select(click => (click.At, told.FirstOrDefault(one => one.What == "sent" && one.Send == click.Send && one.At <= click.At)?.Journey)).Where(click => click.Journey is not null).OrderBy(click => click.At).ToList();
            var journeys = clicks.ConvertAll(click => click.Journey!); // those without are left out
            IEnumerable<(string, double)> shares = journeys.Count == 0 ? [("(none)", 1.0)]
                : model == "last" ? [(journeys[^1], 1.0)]
                : model == "linear" ? journeys.Select(journey => (journey, 1.0 / journeys.Count))
                : journeys.Distinct().Select(journey => (journey, 1.0));
            foreach (var share in shares)
            {
                yield return share;
            }
        }
    }

    /// <summary>Whether somebody who came to the stage before is lost: null, they did not come there.</summary>
    public static bool? Lost(string stage, string how, List<Told> told, IReadOnlyList<List<Told>> all, DateTimeOffset now)
    {
        if (Step(stage, told) is not (var since, null))
        {
            return Step(stage, told) is null ? null : false;
        }

        var isAside = told.Where(one => one.What == "stage").MaxBy(one => one.At)?.Stage is "recycled" or "disqualified" or "churned";
        var steps = all.Select(one => Step(stage, one)).OfType<(DateTimeOffset Since, DateTimeOffset? Until)>().Select(step => (Math.Max(0, ((step.Until ?? now) - step.Since).TotalDays), step.Until is null)).ToList();
        var half = Quantile(steps, 0.5);
        var heard = told.Where(one => one.What is "act" or "Message Opened" or "Message Clicked" || (one.What == "stage" && one.Cause != "rule")).Select(one => one.At).Concat(Moments(told)).Append(since).Max();
        var isSilent = !isAside && half is { } days && (now - heard).TotalDays > 2 * days;
        return (how != "silent" && isAside) || (how != "aside" && isSilent);
    }

    /// <summary>From the stage before to a stage, or, as long as that has not been, to nothing.</summary>
    private static (DateTimeOffset Since, DateTimeOffset? Until)? Step(string stage, List<Told> told)
    {
        if (Of("new-leads", told) is not [var (began, _)])
        {
            return null;
        }

        DateTimeOffset? Came(int place) => told.Where(one => Way.Skip(place).Contains(one.Stage)).Select(one => (DateTimeOffset?)one.At).Min();
        var here = Array.IndexOf(Way, stage);
        return (here == 0 ? began : Came(here - 1)) is { } since ? (since > began ? since : began, Came(here)) : null;
    }

    private static List<(DateTimeOffset, bool)> Reopened(List<Told> told)
    {
        var counted = new List<(DateTimeOffset, bool)>();
        foreach (var moment in Moments(told).Order())
        {
            if (counted.Count == 0 || moment - counted[^1].Item1 >= TimeSpan.FromDays(30))
            {
                counted.Add((moment, true));
            }
        }

        return counted;
    }

    /// <summary>The moments of the tenth point that somebody notes who is told one thing after the other: of each lead that is not ready as it hears of a visit.</summary>
    private static List<DateTimeOffset> Moments(List<Told> told)
    {
        var (noted, parted) = (new List<DateTimeOffset>(), told.FirstOrDefault(one => one.What == "parted")?.Leaves ?? []);
        var all = told.Where(one => one.What is not ("parted" or "freed")).ToList();
        var joined = all.FindIndex(one => one.What == "joined");

        // Of who parted again it is known all the same what was the other's when they were one.
        var heard = new List<Told>(parted);
        for (var i = 0; i < all.Count; i++)
        {
            var areOne = joined >= 0 && i > joined;
            bool IsTheirs(Told one) => areOne || one.AsSecond == all[i].AsSecond;
            var before = heard.Where(one => areOne || !parted.Contains(one)).Where(IsTheirs).ToList();
            heard.Add(all[i]);
            var isKnown = areOne || !all[i].AsSecond || before.Exists(one => one.What == "address");
            if (all[i].What == "visit" && isKnown && before.Where(one => one.What == "stage").MaxBy(one => one.At)?.Stage is null or "lead" or "recycled")
            {
                noted.AddRange(Awakenings([.. before, all[i]]).Except(Awakenings(before)));
            }
        }

        return noted;
    }

    private static IEnumerable<DateTimeOffset> Awakenings(List<Told> heard)
    {
        var visits = heard.Where(one => one.What == "visit").Select(one => one.At).Order().ToList();
        for (var i = 1; i < visits.Count; i++)
        {
            if ((visits[i] - visits[i - 1]).TotalDays >= 30 && visits.Skip(i).Take(3).Where(at => at - visits[i] <= TimeSpan.FromDays(7)).ToList() is { Count: 3 } enough)
            {
                yield return enough[2]; // twelve points
            }
        }
    }
}
