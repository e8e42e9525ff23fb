using System.Text.Json;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Platform;

namespace LeadFunctions.Imports;

/// <summary>What is to be imported, and how it is written.</summary>
/// <param name="Encoding">utf-8 when left out.</param>
/// <param name="Separator">Found when left out.</param>
internal sealed record ImportRequest(string Name, JsonElement? Mapping = null, string? Encoding = null, string? Separator = null)
{
    public IEnumerable<FieldError> Validate()
    {
        if (Name.Trim() is { Length: 0 or > 200 })
        {
            yield return new("$.name", "The name is empty or too long.", "1 to 200 characters");
        }

        if (Encoding is not null && !CsvText.Encodings.Contains(Encoding))
        {
            yield return new("$.encoding", "This encoding cannot be read.", "one of " + string.Join(", ", CsvText.Encodings));
        }

        if (Separator is not (null or "," or ";" or "\t" or "|"))
        {
            yield return new("$.separator", "This cannot stand between cells.", "a comma, a semicolon, a tab or |");
        }

        foreach (var error in Mapping is { } mapping ? MappingParser.Parse(mapping).Errors : [])
        {
            yield return new($"$.mapping{error.Path[1..]}", error.Message, error.Expected);
        }
    }
}

/// <summary>An import as the API shows it.</summary>
/// <param name="File">Absent until it came, and when it is gone.</param>
/// <param name="Proposal">What the columns probably mean; shown until there is a mapping.</param>
/// <param name="Progress">Of the run.</param>
/// <param name="Check">What the last dry run found.</param>
/// <param name="Failure">Why it cannot go on.</param>
internal sealed record ShownImport(
    string Id, string Name, ImportStatus Status, DateTimeOffset CreatedAt, ShownFile? File, JsonElement? Mapping, JsonElement? Proposal, ShownProgress? Progress, ShownCheck? Check, string? Failure)
{
    public static ShownImport Of(ImportState import, DateTimeOffset now) => new(
        import.Id, import.Name, import.Status, import.CreatedAt,
        import is { FileIsGone: false, File: { } file } ? new(file.Bytes, import.Encoding, file.Dialect.Separator.ToString(), file.Header) : null,
        import.Mapping,
        import is { Mapping: null, FileIsGone: false } ? import.File?.Proposal : null,
        import is { Now: { } run, File: { } whole } && import.Status is not (ImportStatus.Ready or ImportStatus.Waiting) ? ShownProgress.Of(run, whole, import.IsUnderWay, now) : null,
        import.Check is { } check ? new(check.Rows, check.Looked - check.Known, check.Known, check.Looked, check.Refused, check.Erased, check.Events, check.FinishedAt, check.Faults) : null,
        import.Failure);
}

/// <param name="Bytes">That have come; a file that is sent in parts goes on there.</param>
internal sealed record ShownFile(long Bytes, string Encoding, string Separator, IReadOnlyList<string> Columns);

/// <param name="Rows">Read so far.</param>
/// <param name="Applied">Those whose events are durable.</param>
/// <param name="Bytes">Read so far.</param>
/// <param name="ExpectedAt">When it is over, if it goes on as it went.</param>
/// <param name="Erased">Rows about people who were erased: passed over.</param>
/// <param name="Errors">The first of what is wrong with the refused rows.</param>
internal sealed record ShownProgress(
    long Rows, long Applied, long Refused, long Erased, long Events, long Bytes, long OfBytes, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? ExpectedAt, IReadOnlyList<RowFault> Errors)
{
    public static ShownProgress Of(ImportProgress run, ImportedFile file, bool isUnderWay, DateTimeOffset now)
    {
        var (done, left) = (run.Offset - file.Rows, file.Bytes - run.Offset);
        return new(
            run.Rows, run.Rows - run.Refused - run.Erased, run.Refused, run.Erased, run.Events, run.Offset, file.Bytes, run.StartedAt, run.FinishedAt,
            isUnderWay && done > 0 && now > run.StartedAt ? now + ((now - run.StartedAt) * ((double)left / done)) : null, run.Faults);
    }
}

/// <param name="New">Rows about people who are not known, among those that were looked up.</param>
/// <param name="Known">Rows about people who are.</param>
/// <param name="LookedUp">The first rows; of the others it is not known.</param>
internal sealed record ShownCheck(long Rows, long New, long Known, long LookedUp, long Refused, long Erased, long Events, DateTimeOffset? At, IReadOnlyList<RowFault> Errors);

/// <summary>In a list of them.</summary>
internal sealed record ListedImport(string Id, string Name, ImportStatus Status, DateTimeOffset CreatedAt, long? Rows, long? Refused);
