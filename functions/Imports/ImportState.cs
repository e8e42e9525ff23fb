using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Events;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Imports;

public enum ImportStatus
{
    /// <summary>For its file.</summary>
    Waiting,

    /// <summary>To be checked or started.</summary>
    Ready,

    /// <summary>Its file is read, and nothing is changed.</summary>
    Checking,

    Running,
    Done,

    /// <summary>The file cannot be read on; what was applied stays.</summary>
    Failed,

    Cancelled,
}

/// <summary>One import: all that is kept of it but the file, which stands beside.</summary>
/// <param name="Mapping">As it was sent; null until somebody says.</param>
/// <param name="Turn">Counts the checks and runs: names their orchestrations.</param>
/// <param name="Now">The check or run under way, or the last one.</param>
/// <param name="Check">The last check that went through.</param>
internal sealed record ImportState(
    string Id, string Name, string Encoding, char? Separator, JsonElement? Mapping, ImportStatus Status, DateTimeOffset CreatedAt, int Turn = 0,
    ImportedFile? File = null, ImportProgress? Now = null, ImportProgress? Check = null, string? Failure = null, bool FileIsGone = false)
{
    [JsonIgnore]
    public bool IsUnderWay => Status is ImportStatus.Checking or ImportStatus.Running;
}

/// <param name="Rows">Where the first row begins, in bytes.</param>
/// <param name="Line">And its line.</param>
/// <param name="Proposal">What the columns probably mean.</param>
internal sealed record ImportedFile(long Bytes, CsvDialect Dialect, IReadOnlyList<string> Header, long Rows, long Line, JsonElement Proposal);

/// <summary>How far the file has been read.</summary>
/// <param name="At">The time of what it says, where it does not say that itself.</param>
/// <param name="Again">What was imported before counts anew.</param>
/// <param name="Hashed">Bytes that were looked through before the first row.</param>
/// <param name="Hash">Of these.</param>
/// <param name="HashedLines">In them.</param>
/// <param name="Key">Stands for the file and what its columns mean: part of its events' ids.</param>
/// <param name="Offset">Where to go on, in bytes.</param>
/// <param name="Line">And in lines.</param>
/// <param name="Rows">Read so far, without blank ones.</param>
/// <param name="Events">That the rows became.</param>
/// <param name="Looked">Rows of a check whose people were looked up.</param>
/// <param name="Known">Those of them that are known.</param>
/// <param name="SavedAt">In real time: who has not saved for long is dead.</param>
internal sealed record ImportProgress(
    DateTimeOffset At, DateTimeOffset StartedAt, DateTimeOffset SavedAt, bool Again = false, long Hashed = 0, string? Hash = null, long HashedLines = 0, string? Key = null, long Offset = 0, long Line = 0, long Rows = 0, long Refused = 0,
    long Events = 0, long Looked = 0, long Known = 0, DateTimeOffset? FinishedAt = null)
{
    public const int MostFaults = 100;

    /// <summary>Rows about people who were erased: passed over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Erased { get; init; }

    /// <summary>The first of what is wrong.</summary>
    public IReadOnlyList<RowFault> Faults { get; init; } = [];
}

/// <param name="Tag">Of its row.</param>
internal sealed record StoredImport(ImportState State, Azure.ETag Tag)
{
    /// <summary>With its quotes. Storage's own is a weak one, which no condition may name.</summary>
    public string ETag => $"\"{TextHash.Of(Tag.ToString()):x16}\"";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImportState))]
internal sealed partial class ImportsJson : JsonSerializerContext;
