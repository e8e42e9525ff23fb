using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Imports;

/// <summary>
/// Table <c>Imports</c>: a row for each import, the newest first, and one for each file that was imported, under what stands for it (<see cref="ImportProgress.Key"/>).
/// </summary>
public sealed class ImportsTable(StorageClients storage)
{
    public const string Name = "Imports";

    private const string Imports = "import";
    private const string Keys = "key";

    private readonly TableClient _table = storage.Table(Name);

    internal Task AddAsync(ImportState state, CancellationToken cancellationToken) => _table.AddEntityAsync(Row(state), cancellationToken);

    internal async Task<StoredImport?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!IsId(id))
        {
            return null;
        }

        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Imports, KeyOf(id), cancellationToken: cancellationToken);
        return found.HasValue ? Read(found.Value!) : null; // it has a value
    }

    /// <summary>False when somebody else has changed it since it was read.</summary>
    internal async Task<bool> TrySaveAsync(StoredImport read, ImportState state, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(Row(state), read.Tag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status == 412 || (changed.Status == 404 && !StorageOutage.Is(changed)))
        {
            return false;
        }
    }

    /// <param name="after">The import after which to go on; null at the start.</param>
    internal async IAsyncEnumerable<StoredImport> ListAsync(string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = after is null ? "" : KeyOf(after);
        await foreach (var entity in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Imports} and RowKey gt {row}"), cancellationToken: cancellationToken))
        {
            yield return Read(entity);
        }
    }

    /// <summary>Those made before a time whose file is still there.</summary>
    internal async Task<IReadOnlyList<StoredImport>> WithFilesAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var found = new List<StoredImport>();
        await foreach (var entity in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Imports} and fileSince lt {before}"), cancellationToken: cancellationToken))
        {
            found.Add(Read(entity));
        }

        return found;
    }

    /// <summary>Says that this import is the one of a file: the id of another that is, or null.</summary>
    internal async Task<string?> ClaimAsync(string key, string id, Func<string, Task<bool>> mayReplace, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(Keys, key, cancellationToken: cancellationToken);
            var other = found.HasValue ? found.Value!.GetString("import") : null; // it has a value
            if (other == id)
            {
                return null;
            }

            if (other is not null && !await mayReplace(other))
            {
                return other;
            }

            try
            {
                var claim = new TableEntity(Keys, key) { ["import"] = id };
                await (other is null ? _table.AddEntityAsync(claim, cancellationToken) : _table.UpdateEntityAsync(claim, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken)); // as above
                return null;
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412 && !StorageOutage.Is(lost))
            {
                // Who was quicker is asked about next.
            }
        }
    }

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    // Ids grow with time: each digit's counterpart makes the newest the first.
    private static string KeyOf(string id) =>
        string.Concat(id.Select(digit => (15 - int.Parse(digit.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString("x", CultureInfo.InvariantCulture)));

    private static TableEntity Row(ImportState state)
    {
        var row = new TableEntity(Imports, KeyOf(state.Id)) { ["status"] = state.Status.ToString() };
        if (!state.FileIsGone)
        {
            row["fileSince"] = state.CreatedAt;
        }

        LongText.Write(row, "json", JsonSerializer.Serialize(state, ImportsJson.Default.ImportState));
        return row;
    }

    private static StoredImport Read(TableEntity row) => new(
        JsonSerializer.Deserialize(LongText.Read(row, "json"), ImportsJson.Default.ImportState) ?? throw new InvalidDataException($"The import {row.RowKey} is stored as null."), row.ETag);
}
