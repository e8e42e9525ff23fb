using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Erasures;

internal sealed record StoredErasure(ErasureState State, ETag Tag);

/// <summary>Table <c>Erasures</c>: a row for each. That there was one, and when, is what shows later that the duty was done; whom it was about is not kept.</summary>
public sealed class ErasuresTable(StorageClients storage)
{
    public const string Name = "Erasures";

    private const string Partition = "erasures";
    private const string Column = "json";

    private readonly TableClient _table = storage.Table(Name);

    internal Task AddAsync(ErasureState state, CancellationToken cancellationToken) => _table.AddEntityAsync(Row(state), cancellationToken);

    /// <summary>Null when there is none.</summary>
    internal async Task<StoredErasure?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, id, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row }
            ? new(JsonSerializer.Deserialize(LongText.Read(row, Column), ErasuresJson.Default.ErasureState) ?? throw new InvalidDataException($"The erasure {id} is stored as null."), row.ETag)
            : null;
    }

    /// <summary>Null when somebody else has changed it since it was read.</summary>
    internal async Task<StoredErasure?> TrySaveAsync(StoredErasure read, ErasureState state, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _table.UpdateEntityAsync(Row(state), read.Tag, TableUpdateMode.Replace, cancellationToken);
            return new(state, response.Headers.ETag ?? default);
        }
        catch (RequestFailedException changed) when (changed.Status == 412 && !StorageOutage.Is(changed))
        {
            return null;
        }
    }

    private static TableEntity Row(ErasureState state)
    {
        var row = new TableEntity(Partition, state.Id);
        LongText.Write(row, Column, JsonSerializer.Serialize(state, ErasuresJson.Default.ErasureState));
        return row;
    }
}
