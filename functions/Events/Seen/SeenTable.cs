using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Events.Seen;

/// <summary>One row with all names: some tens of kilobytes at most.</summary>
internal sealed class SeenTable(StorageClients storage)
{
    public const string Name = "SeenNames";

    private const string Key = "seen";
    private const string Text = "Text";

    private readonly TableClient _table = storage.Table(Name);

    public async Task<(SeenNames Names, ETag? ETag)> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Key, Key, cancellationToken: cancellationToken);
        return found.HasValue ? (JsonSerializer.Deserialize(LongText.Read(found.Value!, Text), SeenJson.Default.SeenNames)!, found.Value!.ETag) : (SeenNames.None, null); // it has a value; and was written below
    }

    /// <summary>As many as fit into the row.</summary>
    /// <returns>False when somebody else wrote meanwhile.</returns>
    public async Task<bool> WriteAsync(SeenNames names, ETag? etag, CancellationToken cancellationToken)
    {
        try
        {
            var row = new TableEntity(Key, Key);
            LongText.Write(row, Text, JsonSerializer.Serialize(names, SeenJson.Default.SeenNames));
            await (etag is { } known ? _table.UpdateEntityAsync(row, known, TableUpdateMode.Replace, cancellationToken) : _table.AddEntityAsync(row, cancellationToken));
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412)
        {
            return false;
        }
        catch (Exception tooLong) when (names.Events.Count + names.Traits.Count > 0 && (tooLong is TextTooLongException || (tooLong is RequestFailedException refused && LongText.IsTooLong(refused))))
        {
            return await WriteAsync(names.Half(), etag, cancellationToken);
        }
    }
}
