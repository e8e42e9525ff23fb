using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Platform.Storage;

/// <summary>Removes rows that have been found, many in a transaction.</summary>
internal static class RowRemoval
{
    private const int PerTransaction = 100;

    /// <summary>As they were found. What another instance removes or changes at the same moment is left to it, and to the next time.</summary>
    public static async Task RemoveAsync(this TableClient table, IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var some in rows.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(PerTransaction)))
        {
            try
            {
                await table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag == default ? ETag.All : row.ETag)), cancellationToken);
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412)
            {
                // Another instance is at it.
            }
        }
    }
}
