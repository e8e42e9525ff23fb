using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Reports.Metrics;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Reports.Kept;

/// <summary>Who gets a report every week, and when.</summary>
/// <param name="To">Addresses of colleagues, as somebody wrote them.</param>
/// <param name="At">In the workspace's zone.</param>
internal sealed record ReportMailing(string From, IReadOnlyList<string> To, IsoDayOfWeek Day, LocalTime At)
{
    /// <summary>The next time after a moment.</summary>
    public Instant Next(Instant after, DateTimeZone zone)
    {
        for (var day = after.InZone(zone).Date.PlusDays(-1); ; day = day.PlusDays(1))
        {
            // One that clocks leave out is at the end of the gap, of one that comes twice the first counts.
            if (day.DayOfWeek == Day && zone.AtLeniently(day + At).ToInstant() is var next && next > after)
            {
                return next;
            }
        }
    }
}

/// <summary>A report that somebody wants to see again, checked.</summary>
/// <param name="Query">By the names of <c>GET /api/reports/{metric}</c>, without range.</param>
/// <param name="Range">What of the time is meant whenever it is asked for: one of <see cref="Ranges"/>; null: the metric's own.</param>
internal sealed record SavedReport(string? Name, Metric Metric, IReadOnlyDictionary<string, string> Query, string? Range, ReportMailing? Mail)
{
    /// <summary>By name, from a day's own.</summary>
    public static readonly IReadOnlyDictionary<string, Func<LocalDate, (LocalDate From, LocalDate To)>> Ranges = new Dictionary<string, Func<LocalDate, (LocalDate, LocalDate)>>
    {
        ["last7Days"] = today => (today.PlusDays(-7), today.PlusDays(-1)),
        ["last30Days"] = today => (today.PlusDays(-30), today.PlusDays(-1)),
        ["last90Days"] = today => (today.PlusDays(-90), today.PlusDays(-1)),
        ["lastWeek"] = today => today.PlusDays(1).Previous(IsoDayOfWeek.Monday) is var monday ? (monday.PlusDays(-7), monday.PlusDays(-1)) : default,
        ["thisMonth"] = today => (MonthOf(today), today),
        ["lastMonth"] = today => (MonthOf(today).PlusMonths(-1), MonthOf(today).PlusDays(-1)),
        ["thisYear"] = today => (new(today.Year, 1, 1), today),
        ["lastYear"] = today => (new(today.Year - 1, 1, 1), new(today.Year - 1, 12, 31)),
    };

    private const int MostReaders = 20;

    private static readonly string[] Fields = ["name", "metric", "query", "range", "mail", "$schema"];
    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>All mistakes at once, but for those in the query and of addresses, which others know; the report is null when there is any.</summary>
    public static (SavedReport? Report, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, json => DocumentText.Read(json, Parse, Refuse), Refuse);

    /// <summary>As a request of that day would say it.</summary>
    public IReadOnlyDictionary<string, string> QueryOn(LocalDate today)
    {
        var query = new Dictionary<string, string>(Query);
        if (Range is not null && Ranges[Range](today) is var (from, to))
        {
            (query["from"], query["to"]) = (LocalDatePattern.Iso.Format(from), LocalDatePattern.Iso.Format(to));
        }

        return query;
    }

    private static LocalDate MonthOf(LocalDate day) => new(day.Year, day.Month, 1);

    private static (SavedReport? Report, IReadOnlyList<DocumentError> Errors) Refuse(DocumentError error) => (null, [error]);

    private static (SavedReport? Report, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var report = new DocumentObject(json, "$", errors, Fields);
        if (!report.IsObject)
        {
            return (null, errors);
        }

        _ = report.Text("$schema", 200); // for editors
        var (name, id, range) = (report.Text("name", 200), report.Text("metric", 50, required: true), report.Text("range", 20));
        var metric = id is null ? null : AllMetrics.Find(id);
        if (id is not null && metric is null)
        {
            report.Add(report.At("metric"), "There is no such metric.", $"one of {string.Join(", ", AllMetrics.List.Select(one => one.Id))}");
        }

        if (range is not null && (!Ranges.ContainsKey(range) || metric?.IsAhead == true))
        {
            report.Add(report.At("range"), "This is no range of it.", metric?.IsAhead == true ? "none: it looks ahead from the day on which it is asked for" : $"one of {string.Join(", ", Ranges.Keys)}");
        }

        var query = Goal.QueryOf(report);
        var mail = report.Find("mail", "an object") is { } mailing ? MailOf(new(mailing, report.At("mail"), errors, ["from", "to", "day", "at"])) : null;
        return DocumentError.Grave(errors) > 0 ? (null, errors) : (new(name, metric!, query, range, mail), errors); // it is required
    }

    private static ReportMailing? MailOf(DocumentObject mail)
    {
        if (!mail.IsObject)
        {
            return null;
        }

        var from = mail.Text("from", 300, required: true);
        var to = new List<string>();
        foreach (var (item, path) in mail.Items("to", $"1 to {MostReaders} addresses", MostReaders, required: true))
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= 300 } address)
            {
                to.Add(address);
            }
            else
            {
                mail.Add(path, "This is no address.", "an address as ann@example.com");
            }
        }

        if (mail.Has("to") && to.Count == 0)
        {
            mail.Add(mail.At("to"), "Nobody would get it.", $"1 to {MostReaders} addresses");
        }

        var (day, at) = (mail.Text("day", 10) ?? Days[0], mail.Text("at", 5) ?? "08:00");
        if (!Days.Contains(day))
        {
            mail.Add(mail.At("day"), "This is no day of the week.", $"one of {string.Join(", ", Days)}");
        }

        var time = LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(at);
        if (!time.Success)
        {
            mail.Add(mail.At("at"), "This is no time of day.", "hours and minutes in the workspace's zone, as 08:00");
        }

        return from is not null && to.Count > 0 && time.Success && Array.IndexOf(Days, day) is >= 0 and var place ? new(from, to, (IsoDayOfWeek)(place + 1), time.Value) : null;
    }
}
