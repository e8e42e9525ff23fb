using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Platform.Storage;

/// <summary>Removes rows that have been found, many in a transaction.</summary>
internal static class RowRemoval
{
    private const int PerTransaction = 100;

    /// <summary>Whatever they hold by now. What another instance removes at the same moment is left to it, and to the next time.</summary>
    public static async Task RemoveAsync(this TableClient table, IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var some in rows.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(PerTransaction)))
        {
            try
            {
                await table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                // Another instance is at it.
            }
        }
    }
}
