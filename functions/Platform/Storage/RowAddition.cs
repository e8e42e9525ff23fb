using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Platform.Storage;

/// <summary>Adds what may be there already.</summary>
internal static class RowAddition
{
    /// <returns>False when there is such a row, which stays as it is.</returns>
    public static async Task<bool> TryAddAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException there) when (there.Status == 409 && !StorageOutage.Is(there))
        {
            return false;
        }
    }
}
