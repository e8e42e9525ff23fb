#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
namespace Azure.Data.Tables;

/// <summary>What every row has. A type that implements it is stored by its public properties.</summary>
public interface ITableEntity
{
    string PartitionKey { get; set; }

    string RowKey { get; set; }

    /// <summary>When the service last changed the row; ignored in writes.</summary>
    DateTimeOffset? Timestamp { get; set; }

    ETag ETag { get; set; }
}
