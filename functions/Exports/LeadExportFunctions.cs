using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Interests;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Exports;

/// <summary>All leads, or those of a segment or stage, as one stream: as long as it takes, in the memory of a few rows.</summary>
public sealed class LeadExportFunctions(LeadScan everybody, NamedSegments segments, RulesInEffect rules, TimeProvider time)
{
    private const int PieceBytes = 64 * 1024;

    [Function(nameof(ExportLeads)), ShowsPeople(isExport: true), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ExportLeads([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/export")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = ExportRequest.Parse(request.Query);
        if (asked.Errors.Count > 0)
        {
            return Problems.Invalid(asked.Errors);
        }

        if (asked.Segment is { } segment && await segments.RefuseAsync(segment, asked.Anonymous, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        var fileName = $"leads-{now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{(asked.IsCsv ? "csv" : "jsonl")}";
        return await StreamedAnswer.BeginAsync(asked.IsCsv ? "text/csv; charset=utf-8" : "application/jsonl", fileName, PiecesAsync(asked, now, cancellationToken), cancellationToken);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(ExportRequest asked, DateTimeOffset now, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (known, text) = (rules.Current, new StringBuilder());
        var writer = ExportWriter.For(asked, known, now);
        text.Append(writer.Begin());
        await foreach (var lead in everybody.ReadAsync(null, new([], InterestRules.None), cancellationToken))
        {
            if (Exported(lead, asked, known, now) is not { } exported)
            {
                continue;
            }

            text.Append(writer.Row(exported));
            if (text.Length >= PieceBytes)
            {
                yield return Encoding.UTF8.GetBytes(text.ToString());
                text.Clear();
            }
        }

        yield return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static ExportedLead? Exported(LeadState lead, ExportRequest asked, LeadRules rules, DateTimeOffset now)
    {
        if (!(lead.Whole.IsKnown || asked.Anonymous) || (asked.Stage is { } stage && lead.Whole.Stage != stage) || (asked.Owner is { } owner && lead.Whole.Owner != owner))
        {
            return null;
        }

        var segments = lead.SegmentNames(rules.Segments);
        return asked.Segment is { } segment && !segments.Contains(segment) ? null : new(lead, lead.Whole, Reducer.ScoreOf(lead, rules.Scoring, now), segments);
    }
}

/// <summary>The query of an export.</summary>
/// <param name="Columns">Null: all that is known of a lead.</param>
internal sealed record ExportRequest(bool IsCsv, string? Segment, string? Stage, string? Owner, bool Anonymous, bool Bom, IReadOnlyList<string>? Columns, IReadOnlyList<FieldError> Errors)
{
    public static ExportRequest Parse(IQueryCollection query)
    {
        List<FieldError> errors = [.. KnownQuery.Check(query, "format", "segment", "stage", "owner", "anonymous", "bom", "columns")];
        var format = Text("format") ?? "csv";
        if (format is not ("csv" or "jsonl"))
        {
            errors.Add(new("format", "Leads are not exported so.", "csv or jsonl"));
        }

        var stage = Text("stage");
        if (stage is not null && !Stages.All.Contains(stage))
        {
            errors.Add(new("stage", "This is not a lifecycle stage.", "one of " + string.Join(", ", Stages.All)));
        }

        IReadOnlyList<string>? columns = Text("columns")?.Split(',', StringSplitOptions.TrimEntries);
        columns ??= format == "csv" ? LeadColumns.Usual : null;
        errors.AddRange((columns ?? []).Select(LeadColumns.Fault).OfType<string>().Concat(columns?.Count > LeadColumns.Most ? [$"There are {columns.Count} columns."] : [])
            .Select(fault => new FieldError("columns", fault, $"at most {LeadColumns.Most} of {string.Join(", ", LeadColumns.Usual)}, traits (plan, company.employees) and answers (consent.marketing), with commas between")));
        return new(format == "csv", Text("segment"), stage, Text("owner"), IsYes("anonymous"), IsYes("bom"), columns, errors);

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

        bool IsYes(string name)
        {
            var isYes = false;
            if (Text(name) is { } text && !bool.TryParse(text, out isYes))
            {
                errors.Add(new(name, "This is neither yes nor no.", "true or false"));
            }

            return isYes;
        }
    }
}

/// <summary>Writes rows of one kind.</summary>
internal abstract class ExportWriter
{
    private ExportWriter()
    {
    }

    public static ExportWriter For(ExportRequest asked, LeadRules rules, DateTimeOffset now) => asked.IsCsv ? new Csv(asked.Columns ?? LeadColumns.Usual, asked.Bom) : new JsonLines(asked.Columns, rules, now);

    /// <summary>What stands before the first row.</summary>
    public abstract string Begin();

    public abstract string Row(ExportedLead lead);

    private sealed class Csv(IReadOnlyList<string> columns, bool bom) : ExportWriter
    {
        public override string Begin() => (bom ? "\uFEFF" : "") + Line(columns);

        public override string Row(ExportedLead lead) => Line(columns.Select(column => LeadColumns.Cell(LeadColumns.Of(lead, column))));

        private static string Line(IEnumerable<string> cells) => CsvText.Write(csv =>
        {
            foreach (var cell in cells)
            {
                csv.WriteField(cell);
            }

            csv.NextRecord();
        });
    }

    private sealed class JsonLines(IReadOnlyList<string>? columns, LeadRules rules, DateTimeOffset now) : ExportWriter
    {
        public override string Begin() => "";

        public override string Row(ExportedLead lead) =>
            (columns is null ? JsonSerializer.Serialize(LeadAnswer.Of(lead.State, rules, now), WebJson.Options) : Chosen(lead, columns).ToJsonString(WebJson.Options)) + "\n";

        private static JsonObject Chosen(ExportedLead lead, IReadOnlyList<string> columns)
        {
            var json = new JsonObject();
            foreach (var column in columns)
            {
                json[column] = LeadColumns.Json(LeadColumns.Of(lead, column));
            }

            return json;
        }
    }
}
