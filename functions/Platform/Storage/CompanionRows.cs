using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Platform.Storage;

/// <summary>
/// Rows of a table that change whenever others of their partition do, and in the same transaction: sums of them, for one. What is written knows its change; this knows the rows as they stand,
/// and each of them is written with If-Match, so that of two instances that sum up at once the second learns it and begins again.
/// </summary>
internal abstract class CompanionRows
{
    /// <summary>Which rows a change concerns at most, by row key, as far as is known; asked under a lock.</summary>
    public abstract IEnumerable<string> RowsOf(string partition, object change);

    /// <summary>The rows as they are to stand with these changes. Asked for one change of a partition at a time.</summary>
    public abstract Task<Along> PrepareAsync(string partition, IReadOnlyList<object> changes);

    /// <summary>What was known of the partition's rows may be behind.</summary>
    public abstract void Forget(string partition);

    /// <param name="Stored">Told the new ETags, in the order of the actions.</param>
    internal sealed record Along(IReadOnlyList<TableTransactionAction> Actions, Action<IReadOnlyList<ETag>> Stored)
    {
        public static readonly Along Nothing = new([], _ => { });
    }
}
