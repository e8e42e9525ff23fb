using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Reports.Metrics;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Reports.Kept;

/// <summary>What a metric is to come to, as somebody set it, checked.</summary>
/// <param name="Query">By the names of <c>GET /api/reports/{metric}</c>, without range and cut.</param>
/// <param name="Baseline">The period that it is held against.</param>
/// <param name="Period">The period in which it is to be reached: its last day is the goal's date.</param>
internal sealed record Goal(string? Name, Metric Metric, IReadOnlyDictionary<string, string> Query, DateInterval Baseline, DateInterval Period, double Target)
{
    /// <summary>Of a period.</summary>
    public const int MostDays = 1_100;

    private const int MostFilters = 10;

    private static readonly string[] Fields = ["name", "metric", "query", "baseline", "from", "date", "target", "$schema"];

    /// <summary>All mistakes at once, but for those in the query, which reports know; the goal is null when there is any.</summary>
    public static (Goal? Goal, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, json => DocumentText.Read(json, Parse, Refuse), Refuse);

    /// <summary>Whether one figure is at least as good as another.</summary>
    public bool IsReached(double value) => Metric.IsLessBetter ? value <= Target : value >= Target;

    /// <summary>How far it has come from the baseline to the target: 1 is all the way; null where there is no way, or no baseline.</summary>
    public double? Progress(double value, double? baseline) => baseline is { } from && from != Target ? (value - from) / (Target - from) : null;

    private static (Goal? Goal, IReadOnlyList<DocumentError> Errors) Refuse(DocumentError error) => (null, [error]);

    private static (Goal? Goal, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var goal = new DocumentObject(json, "$", errors, Fields);
        if (!goal.IsObject)
        {
            return (null, errors);
        }

        _ = goal.Text("$schema", 200); // for editors
        var (name, id) = (goal.Text("name", 200), goal.Text("metric", 50, required: true));
        var metric = id is null ? null : AllMetrics.Find(id);
        if (id is not null && (metric is null || metric.IsAhead))
        {
            goal.Add(goal.At("metric"), "No goal can be set for this.", $"one of {string.Join(", ", AllMetrics.List.Where(one => !one.IsAhead).Select(one => one.Id))}");
        }

        var query = QueryOf(goal);
        var target = goal.Number("target", "a number of 0 or more", number => number >= 0, required: true);
        DateInterval? baseline = null;
        if (goal.Find("baseline", "an object with from and to", required: true) is { } period)
        {
            var range = new DocumentObject(period, goal.At("baseline"), errors, ["from", "to"]);
            baseline = range.IsObject ? Between(range, DayOf(range, "from", isRequired: true), DayOf(range, "to", isRequired: true), "to") : null;
        }

        var date = DayOf(goal, "date", isRequired: true);
        var from = goal.Has("from") ? DayOf(goal, "from", isRequired: false) : baseline?.End.PlusDays(1);
        var own = Between(goal, from, date, "date");
        return DocumentError.Grave(errors) > 0 ? (null, errors) : (new(name, metric!, query, baseline!, own!, target!.Value), errors); // all are required
    }

    internal static IReadOnlyDictionary<string, string> QueryOf(DocumentObject document)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        if (document.Find("query", "an object") is not { } json)
        {
            return query;
        }

        var said = new DocumentObject(json, document.At("query"), document.Errors, null);
        foreach (var name in said.Members.Keys.Take(MostFilters))
        {
            if (said.Text(name, 100) is { } value)
            {
                query[name] = value;
            }
        }

        if (said.Members.Count > MostFilters)
        {
            said.Add(said.Path, "It says too much.", $"at most {MostFilters} fields");
        }

        return query;
    }

    private static DateInterval? Between(DocumentObject document, LocalDate? from, LocalDate? to, string field)
    {
        if (from is not { } first || to is not { } last)
        {
            return null;
        }

        if (first <= last && NodaTime.Period.DaysBetween(first, last) < MostDays)
        {
            return new(first, last);
        }

        document.Add(document.At(field), first > last ? "It ends before it begins." : "The period is too long.", $"a day from {LocalDatePattern.Iso.Format(first)} on, and at most {MostDays} days of it");
        return null;
    }

    internal static LocalDate? DayOf(DocumentObject document, string field, bool isRequired)
    {
        if (document.Text(field, 10, isRequired) is not { } text)
        {
            return null;
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 2000 and <= 2999 } day })
        {
            return day;
        }

        document.Add(document.At(field), "This is not a day.", "a day from 2000 on, as 2026-03-01");
        return null;
    }
}

/// <summary>How a goal stands.</summary>
/// <param name="Value">So far; null with a reason.</param>
/// <param name="Expected">On its last day, if things go on as they do.</param>
/// <param name="Status"><c>ahead</c>: it has not begun; <c>onTrack</c>, <c>offTrack</c>; <c>reached</c> or <c>missed</c>: it is over; <c>unknown</c>.</param>
internal readonly record struct GoalStanding(double? Value, double? Expected, double? Progress, string Status)
{
    /// <param name="value">Of the goal's period, so far.</param>
    /// <param name="baseline">Of the baseline; a count as much of it as goes into a period as long as the goal's.</param>
    /// <param name="elapsed">How much of the goal's period is over, from 0 to 1.</param>
    public static GoalStanding Of(Goal goal, double? value, double? baseline, double elapsed)
    {
        if (elapsed <= 0)
        {
            return new(null, null, null, "ahead");
        }

        // What is counted goes on at its pace; a share, a median or a price stays as it is.
        var expected = goal.Metric.Unit is MetricUnit.Count or MetricUnit.Credit ? value / Math.Min(1, elapsed) : value;
        return new(
            value, expected, expected is { } comes ? goal.Progress(comes, baseline) : null,
            expected is not { } last ? "unknown" : (elapsed >= 1, goal.IsReached(last)) switch { (true, true) => "reached", (true, false) => "missed", (false, true) => "onTrack", _ => "offTrack" });
    }
}
