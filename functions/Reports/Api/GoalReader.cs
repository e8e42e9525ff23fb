using System.Text;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Reports.Kept;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using NodaTime.Text;

namespace LeadFunctions.Reports.Api;

/// <summary>Says how goals stand.</summary>
public sealed class GoalReader(ReportCounter counter, TimeProvider time)
{
    internal const string Kind = "goal";

    private const string NotYet = "This instance has just begun and is still reading the facts; ask again in some seconds.";

    /// <summary>A goal has periods of its own, and is one figure.</summary>
    private static readonly string[] Own = ["from", "to", "by", "compare", "format", "limit", "cursor"];

    internal IReadOnlyList<FieldError> MistakesOf(Goal goal)
    {
        List<FieldError> mistakes =
        [
            .. goal.Query.Keys.Where(name => Own.Contains(name)).Select(name => new FieldError($"$.query.{name}", "A goal is one figure of its own period.", "basis, origin, and values of dimensions, as source")),
            .. RequestOf(goal, goal.Period.Start, goal.Period.End).Errors.Where(error => !Own.Contains(error.Path)).Select(error => error with { Path = $"$.query.{error.Path}" }),
        ];
        if (goal.Metric.Each is { } each && !goal.Query.ContainsKey(each))
        {
            mistakes.Add(new($"$.query.{each}", $"The metric {goal.Metric.Id} is one figure only for each {each}.", $"a value of {each}"));
        }

        return mistakes;
    }

    /// <inheritdoc cref="ReportCounter.FirstAsync"/>
    internal Task<FactReading?> FirstAsync(CancellationToken cancellationToken) => counter.FirstAsync(cancellationToken);

    /// <summary>While there are no figures yet, without them.</summary>
    internal async Task<ShownGoal> ShowAsync(DefinitionPointer pointer, string json, CancellationToken cancellationToken)
    {
        var goal = Goal.Parse(Encoding.UTF8.GetBytes(json)).Goal ?? throw new InvalidDataException($"The stored goal {pointer.Id} cannot be read.");
        var report = $"/api/reports/{goal.Metric.Id}?from={Day(goal.Period.Start)}&to={Day(goal.Period.End)}{string.Concat(goal.Query.Select(one => $"&{one.Key}={Uri.EscapeDataString(one.Value)}"))}";
        if (await FirstAsync(cancellationToken) is not null)
        {
            return new(
                pointer.Id, goal.Name, goal.Metric.Id, goal.Query, new(Day(goal.Baseline.Start), Day(goal.Baseline.End), null, null), Day(goal.Period.Start), Day(goal.Period.End), goal.Target, null, null, null, "unknown", NotYet, report,
                pointer.UpdatedAt);
        }

        var (own, before) = (RequestOf(goal, goal.Period.Start, goal.Period.End), RequestOf(goal, goal.Baseline.Start, goal.Baseline.End));
        var (begin, end) = (Periods.Moment(goal.Period.Start, counter.Zone), Periods.Moment(goal.Period.End.PlusDays(1), counter.Zone));
        var elapsed = Math.Clamp((time.GetUtcNow().ToUnixTimeMilliseconds() - begin) / (double)(end - begin), 0, 1);
        var counted = await counter.CountAsync(own, cancellationToken);
        var (unit, total) = (goal.Metric.Unit, counted.Report.Total);
        var was = (await counter.CountAsync(before, cancellationToken)).Report.Total.Value(unit);

        // As many days of it: a quarter is no year.
        var baseline = unit is MetricUnit.Count or MetricUnit.Credit ? was * goal.Period.Length / goal.Baseline.Length : was;
        var stands = GoalStanding.Of(goal, total.Value(unit), baseline, elapsed);
        return new(
            pointer.Id, goal.Name, goal.Metric.Id, goal.Query, new(Day(goal.Baseline.Start), Day(goal.Baseline.End), ShownReport.Rounded(was), ShownReport.Rounded(baseline)), Day(goal.Period.Start), Day(goal.Period.End), goal.Target,
            ShownReport.Rounded(stands.Value), ShownReport.Rounded(stands.Expected), ShownReport.Rounded(stands.Progress), stands.Status, stands is { Status: "unknown" } ? counted.ReasonOf(total) : null, report, pointer.UpdatedAt);
    }

    private static string Day(NodaTime.LocalDate day) => LocalDatePattern.Iso.Format(day);

    private ReportRequest RequestOf(Goal goal, NodaTime.LocalDate from, NodaTime.LocalDate to) =>
        ReportRequest.Uncut(new Dictionary<string, string>(goal.Query.Where(one => !Own.Contains(one.Key))) { ["from"] = Day(from), ["to"] = Day(to) }, goal.Metric, counter.Today);
}

/// <param name="Value">Of the whole baseline.</param>
/// <param name="Comparable">Of a count: for as many days as the goal has.</param>
internal sealed record ShownBaseline(string From, string To, double? Value, double? Comparable);

/// <param name="Value">So far.</param>
/// <param name="Expected">On the goal's date, if things go on as they do.</param>
/// <param name="Progress">From the baseline to the target, as expected: 1 is all the way.</param>
/// <param name="Reason">Why nobody knows.</param>
/// <param name="Report">The figures behind it, from which people, files and pages are had.</param>
internal sealed record ShownGoal(
    string Id, string? Name, string Metric, IReadOnlyDictionary<string, string> Query, ShownBaseline Baseline, string From, string Date, double Target, double? Value, double? Expected, double? Progress, string Status,
    string? Reason, string Report, DateTimeOffset UpdatedAt);
