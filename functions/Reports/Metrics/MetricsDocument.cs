using System.Globalization;
using System.Text;

namespace LeadFunctions.Reports.Metrics;

/// <summary><c>docs/metrics.md</c>, made of the definitions that the server counts by.</summary>
internal static class MetricsDocument
{
    public static string Text()
    {
        var text = new StringBuilder();
        text.Append("# Metrics\n\nMade of the definitions in `functions/Reports/Metrics/AllMetrics.cs`; a test holds it against them. How reports are asked for: [concepts.md](concepts.md#reports). ");
        text.Append(CultureInfo.InvariantCulture, $"Every metric that does not look ahead can also be cut by {Joined(Dimensions.OfTime)}.\n");
        foreach (var metric in AllMetrics.List)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {metric.Name}\n`{metric.Id}`, version {metric.Version}, a {metric.Unit.ToString().ToLowerInvariant()}{(metric.Measure is { } of ? $" of {of}" : "")}. {metric.Definition}\n\n{metric.Edges}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"- By {Joined(metric.Dimensions)}.\n");
            if (metric.Each is { } each)
            {
                text.Append(CultureInfo.InvariantCulture, $"- Always by `{each}`, which comes first where nothing else is said; a total over it would say nothing.\n");
            }

            if (metric.UsualBy is { } usual)
            {
                text.Append(CultureInfo.InvariantCulture, $"- By {Joined(usual.Split(','))} when nothing is said.\n");
            }

            foreach (var option in metric.Options)
            {
                text.Append(CultureInfo.InvariantCulture, $"- `{option.Name}` is {Joined(option.Values)}: {option.Means}; the first when nothing is said.\n");
            }

            if (metric.IsAhead)
            {
                text.Append("- It looks from today to the range's last day (`to`, 90 days when nothing is said), and cannot be cut by periods.\n");
            }

            if (metric.IsLessBetter)
            {
                text.Append("- Less of it is the better.\n");
            }

            if (metric.Bases.Count > 1)
            {
                text.Append("- Basis: `cohort`, or `activity` for when it was done.\n");
            }

            if (metric.Matures is { } matures)
            {
                text.Append(CultureInfo.InvariantCulture, $"- A period is complete {matures.TotalDays:0} {(matures.TotalDays > 1 ? "days" : "day")} after its end.\n");
            }

            if (metric.HasOrigin)
            {
                text.Append("- People who were imported count with `origin=import` or `all`.\n");
            }
            else if (metric.Unit != MetricUnit.Cost)
            {
                text.Append("- Everybody counts; with `origin=live` or `import` only who came so.\n");
            }

            foreach (var apart in metric.Apart)
            {
                text.Append(CultureInfo.InvariantCulture, $"- `{apart.Name}`: {apart.Means}\n");
            }
        }

        return text.ToString();
    }

    private static string Joined(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
