using System.Globalization;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using NodaTime;

namespace LeadFunctions.Reports.Api;

/// <summary>Counts what is asked for, for whoever shows it: pages, files, goals and mails say the same of the same.</summary>
public sealed class ReportCounter(FactReader facts, DefinitionsTable definitions, LeadReader leads, RulesInEffect rules, TimeProvider time)
{
    private const int CountedRows = 200_000;

    private readonly RecentCache<Report> _counted = new(CountedRows, report => 1 + report.Rows.Count);

    /// <summary>The workspace's, which cuts its days.</summary>
    internal DateTimeZone Zone => rules.Current.Journeys.Zone;

    internal LocalDate Today => Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(Zone).Date;

    /// <summary>Null when figures can be counted; else how far this instance, which has just begun, has read the facts.</summary>
    internal Task<FactReading?> FirstAsync(CancellationToken cancellationToken) => facts.FirstAsync(cancellationToken);

    internal async Task<ShownReport> CountAsync(ReportRequest asked, CancellationToken cancellationToken)
    {
        var (zone, now) = (Zone, time.GetUtcNow());
        var sources = await SourcesAsync(asked.Query.Metric, cancellationToken);
        var (revision, report, previous) = await facts.ReadAsync(
            book => (book.Revision.ToString("x16", CultureInfo.InvariantCulture), Counted(book, asked.Query, zone, now, sources), asked.Compares ? Counted(book, asked.Query.Previous(), zone, now, sources) : null), cancellationToken);
        return new(asked, report, previous, zone.Id, now, revision, Report.IncompleteOf(asked.Query, zone, now));
    }

    internal async Task<IReadOnlyList<CountedPerson>> PeopleAsync(ReportRequest asked, bool onlyPart, CancellationToken cancellationToken, string? of = null)
    {
        var (zone, now, sources) = (Zone, time.GetUtcNow(), await SourcesAsync(asked.Query.Metric, cancellationToken));
        return await facts.ReadAsync(book => Report.PeopleOf(asked.Query, book.People(), zone, now, onlyPart, sources, of), cancellationToken);
    }

    private async Task<ReportSources> SourcesAsync(Metric metric, CancellationToken cancellationToken)
    {
        var costs = metric.Unit == MetricUnit.Cost ? await CostFunctions.ReadAsync(definitions, cancellationToken) : [];
        if (!metric.AsksStanding)
        {
            return ReportSources.None with { Costs = costs };
        }

        var listed = await leads.ScoresAsync(cancellationToken);
        return new(costs, (id, at) => listed(id, at) is { } score ? new Standing(score.Engagement, score.Grade, score.Since) : null);
    }

    /// <summary>The same facts give the same figures: who asks again is answered from memory.</summary>
    private Report Counted(FactBook book, ReportQuery query, DateTimeZone zone, DateTimeOffset now, ReportSources sources)
    {
        if (!IsOfFactsAlone(query.Metric))
        {
            return Report.Of(query, book.People(), zone, now, sources);
        }

        var hour = query.Metric.ChangesWithTime ? now.ToUnixTimeSeconds() / 3_600 : 0;
        var key = $"{book.Revision:x16}|{zone.Id}|{hour}|{query.Canonical}";
        if (!_counted.TryFind(key, out var report))
        {
            _counted.Keep(key, report = Report.Of(query, book.People(), zone, now, sources));
        }

        return report;
    }

    /// <summary>Somebody may just have changed a cost, or a lead its score, without a fact.</summary>
    internal static bool IsOfFactsAlone(Metric metric) => metric.Unit != MetricUnit.Cost && !metric.AsksStanding;
}
