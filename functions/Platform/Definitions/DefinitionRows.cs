using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Platform.Definitions;

/// <summary>
/// The rows of <see cref="DefinitionsTable"/>: <c>p:{id}</c> the pointer, <c>v:{id}@{version}</c> a version, <c>revision</c> a counter of the kind's changes.
/// </summary>
internal static class DefinitionRows
{
    public const string RevisionKey = "revision";
    public const string FirstPointerKey = "p:";
    public const string AfterPointerKeys = "p;";

    public static string PointerKey(string id) => FirstPointerKey + id;

    public static string VersionKey(string id, int version) => string.Create(CultureInfo.InvariantCulture, $"v:{id}@{version:D6}");

    public static TableEntity Pointer(DefinitionPointer pointer)
    {
        var row = new TableEntity(pointer.Kind, PointerKey(pointer.Id))
        {
            ["Latest"] = pointer.Latest,
            ["Live"] = pointer.Live ?? 0,
            ["Published"] = string.Join(',', pointer.Published),
            ["UpdatedAt"] = pointer.UpdatedAt,
        };
        if (pointer.QuietSince is { } since)
        {
            row["QuietSince"] = since;
        }

        if (pointer.Proposal is { } proposal)
        {
            row["Proposal"] = JsonSerializer.Serialize(proposal, WebJson.Options);
        }

        if (pointer.Decisions.Count > 0)
        {
            LongText.Write(row, "Decisions", JsonSerializer.Serialize(pointer.Decisions, WebJson.Options));
        }

        if (pointer.Effects.Count > 0)
        {
            LongText.Write(row, "Effects", JsonSerializer.Serialize(pointer.Effects, WebJson.Options));
        }

        return row;
    }

    public static DefinitionPointer ReadPointer(TableEntity row) => new(
        row.PartitionKey,
        row.RowKey[FirstPointerKey.Length..],
        row.GetInt32("Latest") ?? 0,
        row.GetInt32("Live") is > 0 and var live ? live : null,
        [.. (row.GetString("Published") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(v => int.Parse(v, CultureInfo.InvariantCulture))],
        row.GetDateTimeOffset("UpdatedAt") ?? default)
    {
        QuietSince = row.GetDateTimeOffset("QuietSince"),
        Proposal = row.GetString("Proposal") is { } proposal ? JsonSerializer.Deserialize<Proposal>(proposal, WebJson.Options) : null,
        Decisions = LongText.Read(row, "Decisions") is { Length: > 0 } decisions ? JsonSerializer.Deserialize<IReadOnlyList<Decision>>(decisions, WebJson.Options)! : [], // written as a list
        Effects = LongText.Read(row, "Effects") is { Length: > 0 } effects ? JsonSerializer.Deserialize<IReadOnlyList<Effect>>(effects, WebJson.Options)! : [], // likewise
    };

    public static TableEntity Tombstone(DefinitionPointer pointer)
    {
        var row = Pointer(pointer with { Live = null, Published = [], QuietSince = null, Proposal = null, Decisions = [], Effects = [] });
        row["IsDeleted"] = true;
        return row;
    }

    public static bool IsDeleted(TableEntity row) => row.GetBoolean("IsDeleted") ?? false;

    public static TableEntity Revision(string kind, long value) => new(kind, RevisionKey) { ["Value"] = value };

    /// <exception cref="TextTooLongException"/>
    public static TableEntity Version(DefinitionVersion version)
    {
        var row = new TableEntity(version.Kind, VersionKey(version.Id, version.Version)) { ["CreatedAt"] = version.CreatedAt };
        LongText.Write(row, "Json", version.Json);
        if (version.Author is { } author)
        {
            row["Author"] = JsonSerializer.Serialize(author, WebJson.Options);
        }

        return row;
    }

    public static DefinitionVersion ReadVersion(TableEntity row)
    {
        var (id, version) = SplitVersionKey(row.RowKey);
        return new DefinitionVersion(row.PartitionKey, id, version, row.GetDateTimeOffset("CreatedAt") ?? default, LongText.Read(row, "Json")) { Author = ReadAuthor(row) };
    }

    public static Authorship? ReadAuthor(TableEntity row) => row.GetString("Author") is { } author ? JsonSerializer.Deserialize<Authorship>(author, WebJson.Options) : null;

    public static (string Id, int Version) SplitVersionKey(string rowKey)
    {
        var at = rowKey.LastIndexOf('@');
        return (rowKey["v:".Length..at], int.Parse(rowKey.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }

    public static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    public static TableTransactionAction Replace(TableEntity row, ETag etag) => new(TableTransactionActionType.UpdateReplace, row, etag);
}
