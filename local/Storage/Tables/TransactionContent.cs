using System.Globalization;
using Azure.Data.Tables.Json;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>The body of an entity-group transaction: one changeset of small HTTP requests, written straight into one pooled buffer.</summary>
internal static class TransactionContent
{
    public static Boundaries NewBoundaries() => new(Guid.NewGuid().ToString(), Guid.NewGuid().ToString());

    /// <param name="boundaries">Fresh ones, also named in the request's Content-Type.</param>
    /// <param name="table">The table's address without query.</param>
    /// <param name="actions">At least one.</param>
    /// <param name="count">How many there were.</param>
    public static PooledContent Write(Boundaries boundaries, string table, IEnumerable<TableTransactionAction> actions, out int count)
    {
        var content = new PooledContent(actions.TryGetNonEnumeratedCount(out var expected) ? 512 * (expected + 1) : 8192);
        content.WriteAscii($"--batch_{boundaries.Batch}\r\nContent-Type: multipart/mixed; boundary=changeset_{boundaries.Changeset}\r\n\r\n");
        var separator = $"--changeset_{boundaries.Changeset}\r\n";
        string? partitionKey = null;
        var escapedPartitionKey = "";
        count = 0;
        foreach (var action in actions)
        {
            count++;
            if (!ReferenceEquals(action.Entity.PartitionKey, partitionKey))
            {
                partitionKey = action.Entity.PartitionKey;
                escapedPartitionKey = TableEndpoint.Escape(partitionKey);
            }

            content.WriteAscii(separator);
            content.Write("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"u8);
            WriteAction(content, table, action, escapedPartitionKey);
            content.Write("\r\n"u8);
        }

        if (count == 0)
        {
            content.Dispose();
            throw new InvalidOperationException("A transaction needs at least one action.");
        }

        content.WriteAscii($"--changeset_{boundaries.Changeset}--\r\n\r\n--batch_{boundaries.Batch}--\r\n");
        return content;
    }

    private static void WriteAction(PooledContent content, string table, TableTransactionAction action, string escapedPartitionKey)
    {
        content.Write(action.ActionType switch
        {
            TableTransactionActionType.Add => "POST "u8,
            TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH "u8,
            TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT "u8,
            TableTransactionActionType.Delete => "DELETE "u8,
            _ => throw new InvalidOperationException($"There is no action {action.ActionType}."),
        });
        content.WriteAscii(table);
        if (action.ActionType != TableTransactionActionType.Add)
        {
            content.Write("(PartitionKey='"u8);
            content.WriteAscii(escapedPartitionKey);
            content.Write("',RowKey='"u8);
            content.WriteAscii(TableEndpoint.Escape(action.Entity.RowKey));
            content.Write("')"u8);
        }

        content.Write(" HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n"u8);
        if (action.ActionType == TableTransactionActionType.Add)
        {
            content.Write("Prefer: return-no-content\r\n"u8);
        }

        var condition = Condition(action);
        if (condition.Length > 0)
        {
            content.Write("If-Match: "u8);
            content.WriteAscii(condition);
            content.Write("\r\n"u8);
        }

        if (action.ActionType == TableTransactionActionType.Delete)
        {
            content.Write("\r\n"u8);
            return;
        }

        content.Write("Content-Type: application/json\r\n\r\n"u8);
        EntityWriter.Write(content, action.Entity);
        content.Write("\r\n"u8);
    }

    private static string Condition(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace => action.ETag.ToString(),
        TableTransactionActionType.Delete => action.ETag == default ? "*" : action.ETag.ToString(),
        _ => "",
    };
}

/// <param name="Batch">Separates the changeset from what surrounds it.</param>
/// <param name="Changeset">Separates the actions.</param>
internal sealed record Boundaries(string Batch, string Changeset)
{
    public string ContentType => string.Create(CultureInfo.InvariantCulture, $"multipart/mixed; boundary=batch_{Batch}");
}
