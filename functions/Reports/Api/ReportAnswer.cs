using System.Text.Json.Nodes;
using LeadFunctions.Reports.Metrics;
using NodaTime.Text;

namespace LeadFunctions.Reports.Api;

/// <summary>A report with what it is a report of.</summary>
/// <param name="Previous">Of the period before, where it was asked for.</param>
/// <param name="FactsThrough">All that happened and was committed until then is in.</param>
internal sealed record ShownReport(ReportRequest Request, Report Report, Report? Previous, string Zone, DateTimeOffset FactsThrough, string Revision, IReadOnlyList<IncompletePeriod> Incomplete)
{
    private Metric Metric => Request.Query.Metric;

    /// <param name="rows">Those of the page.</param>
    /// <param name="after">The page begins behind it; null: with the first.</param>
    public JsonObject ToJson(IReadOnlyList<ReportRow> rows, IReadOnlyList<string>? after, string? nextCursor)
    {
        // What was there before and is no more stands on the page where it would stand.
        bool IsOnPage(ReportRow row) => (after is null || ReportRow.Compare(row.By, after) > 0) && (nextCursor is null || ReportRow.Compare(row.By, rows[^1].By) <= 0);

        var query = Request.Query;
        var json = new JsonObject
        {
            ["metric"] = Metric.Id,
            ["definition"] = new JsonObject { ["version"] = Metric.Version, ["text"] = $"{Metric.Definition} {Metric.Edges}" },
            ["from"] = LocalDatePattern.Iso.Format(query.From),
            ["to"] = LocalDatePattern.Iso.Format(query.To),
            ["zone"] = Zone,
            ["by"] = new JsonArray([.. query.By.Select(by => JsonValue.Create(by))]),
            ["basis"] = ReportRequest.Name(query.Basis),
        };
        if (Metric.Unit != MetricUnit.Cost)
        {
            json["origin"] = query.Origin ?? "all";
        }

        foreach (var option in Metric.Options)
        {
            json[option.Name] = query.Option(option.Name);
        }

        if (Report.Outlook is { } outlook)
        {
            json["won"] = outlook.Won;
            json["deal"] = outlook.Deal is { } deal ? new JsonObject { ["median"] = Rounded(deal), ["currency"] = outlook.Currency, ["of"] = outlook.Deals } : null;
            json["past"] = new JsonArray(
            [
                .. outlook.Past.Select(past => new JsonObject
                {
                    ["at"] = DateTimeOffset.FromUnixTimeMilliseconds(past.At),
                    ["expected"] = Rounded(past.Expected),
                    ["actual"] = past.Actual,
                    ["error"] = past.Actual == 0 ? null : Rounded((past.Expected - past.Actual) / past.Actual),
                }),
            ]);
        }

        if (Report.Currency is not null)
        {
            json["currency"] = Report.Currency;
        }

        json["factsThrough"] = FactsThrough;
        json["revision"] = Revision;
        json["incomplete"] = new JsonArray([.. Incomplete.Select(period => ToJson(period, query))]);
        json["exact"] = Metric.Unit != MetricUnit.Expected;
        json["rows"] = new JsonArray([.. rows.Select(row => ToJson(row, query))]);
        json["total"] = ToJson(Report.Total, query);
        if (Previous is not null)
        {
            var before = query.Previous();
            json["compare"] = new JsonObject
            {
                ["from"] = LocalDatePattern.Iso.Format(before.From),
                ["to"] = LocalDatePattern.Iso.Format(before.To),
                ["total"] = ToJson(Previous.Total, query),
                ["change"] = Metric.Each is null ? Report.Total.Value(Metric.Unit) - Previous.Total.Value(Metric.Unit) : null,
                ["rows"] = new JsonArray([.. Previous.Rows.Where(IsOnPage).Select(row => ToJson(row, query))]),
            };
        }

        if (nextCursor is not null)
        {
            json["nextCursor"] = nextCursor;
        }

        return json;
    }

    private JsonObject ToJson(ReportRow row, ReportQuery query)
    {
        var json = new JsonObject();
        for (var i = 0; i < row.By.Count; i++)
        {
            json[query.By[i]] = row.By[i];
        }

        var value = row.Value(Metric.Unit);
        json["value"] = Shown(Metric, value);
        if (value is null)
        {
            json["reason"] = ReasonOf(row);
        }

        if (Metric.Unit == MetricUnit.Credit)
        {
            (json["share"], json["outcomes"]) = (Rounded(row.ShareOf(Report.Total)), row.Whole);
            if (query.Concerns(Dimensions.Rule))
            {
                (json["needed"], json["isWithoutEffect"]) = (row.Part, row.By.Count > 0 && row.Part == 0);
            }
            else if (row.Sign is { } sign)
            {
                (json["difference"], json["lower"], json["upper"], json["isWithoutEffect"]) = (Rounded(sign.Difference), Rounded(sign.Lower), Rounded(sign.Upper), sign.IsNone);
            }
        }

        if (Metric.Unit == MetricUnit.Expected)
        {
            (json["lower"], json["upper"]) = (Rounded(row.Lower), Rounded(row.Upper));
            json["money"] = Rounded(row.Weight * Report.Outlook?.Deal);
        }

        if (Metric.Unit == MetricUnit.Median && !row.IsMixed && row.Spread is { } spread)
        {
            (json["lower"], json["upper"], json["observed"], json["open"]) = (Rounded(spread.Lower), Rounded(spread.Upper), spread.Observed, spread.Open);
        }

        if (Metric.Unit == MetricUnit.Cost)
        {
            (json["numerator"], json["denominator"]) = (Rounded(row.Cost), row.Part);
            (json["revenue"], json["revenuePerCost"]) = (Rounded(row.Revenue), Rounded(row.RevenuePerCost));
            (json["currency"], json["kinds"]) = (row.Currency, new JsonObject(row.Kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => KeyValuePair.Create<string, JsonNode?>(kind.Key, Rounded(kind.Value)))));
        }

        if (Metric.Unit == MetricUnit.Share && !row.IsMixed)
        {
            (json["numerator"], json["denominator"]) = (row.Part, row.Whole);
        }

        if (Metric.HasRaw)
        {
            (json["raw"], json["rawNumerator"]) = (row.RawValue, row.Raw);
        }

        foreach (var apart in Metric.Apart)
        {
            json[apart.Name] = row.Of(apart);
        }

        if (Metric.Apart.Contains(Sends.Unmeasured))
        {
            json["measurable"] = row.Measurable;
        }

        json["people"] = row.People;
        return json;
    }

    /// <summary>Why a row has no value.</summary>
    public string ReasonOf(ReportRow row) => ReasonOf(Metric, Report, row);

    internal static string ReasonOf(Metric metric, Report report, ReportRow row) => row.IsMixed ? "onlyByStage" : metric.Unit switch
    {
        MetricUnit.Expected => report.Outlook?.Reason ?? "nothingToDivideBy",
        MetricUnit.Credit => "severalCurrencies",
        MetricUnit.Cost when row.Cost is null && row.Part > 0 => "severalCurrencies",
        _ => row.Whole == 0 ? "nothingToDivideBy" : "fewerThanHalf",
    };

    /// <summary>A share is what it is; people count anything else in thousandths at most.</summary>
    internal static double? Shown(Metric metric, double? value) => metric.Unit is MetricUnit.Share or MetricUnit.Count ? value : Rounded(value);

    internal static double? Rounded(double? number) => number is { } known ? Math.Round(known, 3) : null;

    private static JsonObject ToJson(IncompletePeriod period, ReportQuery query)
    {
        var json = new JsonObject();
        if (query.Unit is { } unit)
        {
            json[unit] = period.Period;
        }

        (json["why"], json["until"]) = (period.Why, DateTimeOffset.FromUnixTimeMilliseconds(period.Until));
        return json;
    }
}
