using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Lifecycle.Notes;

/// <summary>
/// Table <c>Notes</c>: what people wrote down about leads, newest first, to be searched. The timeline has it too; this is one partition, so that the whole of it is read in order.
/// </summary>
public sealed class NotesTable(StorageClients storage)
{
    public const string Name = "Notes";

    private const string Partition = "notes";

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Once for each note, however often it is told.</summary>
    internal async Task AddAsync(IReadOnlyList<LeadEffect> effects, CancellationToken cancellationToken)
    {
        foreach (var effect in effects.Where(effect => effect is { Kind: EffectKind.NoteAdded, To: not null, Data: not null }))
        {
            var note = effect.Data!.Value.Deserialize(StagesJson.Default.Note)!; // the reducer wrote it
            await _table.UpsertEntityAsync(new TableEntity(Partition, KeyOf(note.At, effect.To!)) { ["Lead"] = effect.LeadId, ["At"] = note.At, ["By"] = note.By, ["Text"] = note.Text }, TableUpdateMode.Replace, cancellationToken);
        }
    }

    /// <summary>Newest first.</summary>
    /// <param name="after">The key of the last one before; null from the newest on.</param>
    internal async IAsyncEnumerable<FoundNote> ReadAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey gt {after ?? ""}"), cancellationToken: cancellationToken))
        {
            yield return new(row.RowKey, row.GetString("Lead"), new(row.GetDateTimeOffset("At") ?? default, row.GetString("By"), row.GetString("Text") ?? ""));
        }
    }

    /// <summary>Nothing is written down about these leads; how many notes that were. Reads all notes.</summary>
    internal async Task<int> RemoveAsync(IReadOnlyCollection<string> leadIds, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var lead in leadIds)
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and Lead eq {lead}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            {
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, Azure.ETag.All, cancellationToken);
                rows++;
            }
        }

        return rows;
    }

    private static string KeyOf(DateTimeOffset at, string eventId) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks:D19}|{Events.Identity.User(eventId).Hash()}");
}

/// <param name="Key">Where it stands.</param>
/// <param name="LeadId">As the lead was called when it was written.</param>
internal sealed record FoundNote(string Key, string LeadId, Note Note);
