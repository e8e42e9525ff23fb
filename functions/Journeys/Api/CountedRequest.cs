using System.Globalization;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Leads.Api;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Journeys.Api;

/// <summary>Which number of a journey's statistics somebody wants to see the people of.</summary>
/// <param name="Stored">What storage can tell of it without reading the runs that are not meant; null: nothing.</param>
internal sealed record CountedRequest(CountedWhat What, int? Version, (RunStatus? Status, string? Step) Stored, int Limit)
{
    private const string Of = "of";
    private const string Step = "step";
    private const string How = "how";
    private const string Why = "why";
    private const string Way = "way";
    private const string Goal = "goal";
    private const string Ver = "version";
    private const string Days = "days";

    /// <summary>What there is, with what may be said beside it; the first ones have to be.</summary>
    private static readonly IReadOnlyDictionary<string, (string[] Required, string[] Others)> Kinds = new Dictionary<string, (string[], string[])>
    {
        ["entered"] = ([], [Ver, Days]),
        ["inside"] = ([], [Ver, Step]),
        ["heldOut"] = ([], [Ver]),
        ["ended"] = ([], [Ver, How]),
        ["sent"] = ([], [Ver, Days]),
        ["through"] = ([Step], [Ver, Days]),
        ["left"] = ([], [Step, Ver, Days, How]),
        ["skipped"] = ([], [Step, Ver, Why]),
        ["waited"] = ([Step], [Ver]),
        ["way"] = ([Step, Way], [Ver, Goal]),
    };

    /// <param name="today">UTC.</param>
    public static (CountedRequest? Asked, IReadOnlyList<FieldError> Errors) Parse(IQueryCollection query, DateOnly today)
    {
        List<FieldError> errors = [.. KnownQuery.Check(query, Of, Step, How, Why, Way, Goal, Ver, Days, "cursor", "limit")];
        var of = query[Of].ToString();
        if (!Kinds.TryGetValue(of, out var kind))
        {
            errors.Add(new(Of, "There is no such number.", string.Join(", ", Kinds.Keys)));
            return (null, errors);
        }

        errors.AddRange(KnownQuery.CheckOf(query, of, $"what is meant by \"{of}\"", [Step, How, Why, Way, Goal, Ver, Days], kind.Required, kind.Others));
        var version = Number(query, Ver, int.MaxValue, "This is not a version.", "a whole number from 1, or nothing for all", errors);
        var since = Number(query, Days, DayCounts.Kept, "So many days are not known.", $"1 to {DayCounts.Kept}", errors) is { } days ? today.AddDays(1 - days) : (DateOnly?)null;
        if (since is not null && version is not null)
        {
            errors.Add(new(Ver, "What came through lately is known of all versions together.", "nothing, or no days"));
        }

        if (since is not null && of == "left" && !query.ContainsKey(Step))
        {
            errors.Add(new(Step, "This is missing.", "one step, where it is about the last days"));
        }

        if (query.TryGetValue(Goal, out var goal) && goal != "true")
        {
            errors.Add(new(Goal, "This is no yes.", "true, or nothing"));
        }

        var how = Ways(query, of == "ended" ? [.. Enum.GetValues<RunStatus>().Where(status => status is not (RunStatus.Active or RunStatus.HeldOut)).Select(status => status.Name())] : CountedWhat.Ways, errors);
        var limit = LeadsRequest.Limit(query, errors);
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var step = query[Step].ToString();
        var orAny = step.Length == 0 ? null : step;
        var what = (of, since) switch
        {
            ("entered", { } day) => CountedWhat.EnteredSince(day),
            ("sent", { } day) => CountedWhat.SentSince(day),
            ("through", { } day) => CountedWhat.ThroughSince(day, step),
            ("left", { } day) => CountedWhat.LeftSince(day, step, how),
            ("entered", _) => CountedWhat.Entered,
            ("heldOut", _) => CountedWhat.HeldOut,
            ("sent", _) => CountedWhat.Sent,
            ("inside", _) => CountedWhat.Inside(orAny),
            ("ended", _) => CountedWhat.Ended(how),
            ("through", _) => CountedWhat.Through(step),
            ("left", _) => CountedWhat.Left(orAny, how),
            ("skipped", _) => CountedWhat.Skipped(orAny, query.ContainsKey(Why) ? query[Why].ToString() : null),
            ("waited", _) => CountedWhat.Waited(step),
            _ => CountedWhat.Way(step, query[Way].ToString(), goal.Count > 0),
        };
        RunStatus? status = of switch
        {
            "inside" => RunStatus.Active,
            "heldOut" => RunStatus.HeldOut,
            "ended" when how is [var only] => Enum.Parse<RunStatus>(only, ignoreCase: true),
            _ => null,
        };
        return (new(what, version, (status, of == "inside" ? orAny : null), limit), []);
    }

    private static List<string> Ways(IQueryCollection query, IReadOnlyList<string> known, List<FieldError> errors)
    {
        List<string> ways = [.. query[How].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        if (ways.Exists(way => !known.Contains(way)))
        {
            errors.Add(new(How, "Nobody leaves so.", $"{string.Join(", ", known)}, or several with commas"));
        }

        return ways;
    }

    private static int? Number(IQueryCollection query, string name, int most, string message, string expected, List<FieldError> errors)
    {
        if (!query.TryGetValue(name, out var asked))
        {
            return null;
        }

        if (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
        {
            return number;
        }

        errors.Add(new(name, message, expected));
        return null;
    }
}
