using Azure.Data.Tables;

namespace LeadFunctions.Platform.Definitions;

/// <summary>Somebody looks on at what comes by the definitions of a kind.</summary>
public sealed record Watch(DateTimeOffset Since, DateTimeOffset Until);

/// <summary>What an instance learns when it looks whether something has changed.</summary>
public readonly record struct Revision(long Value, Watch? Watch);

/// <summary>
/// Tells every instance that somebody looks on, without a read of its own: it stands in the row that they read anyway to learn whether something was published.
/// </summary>
public sealed partial class DefinitionsTable
{
    /// <summary>Known everywhere within <see cref="KnownWithin"/>. The revision itself stays: nothing is loaded anew.</summary>
    public async Task WatchAsync(string kind, Watch watch, CancellationToken cancellationToken)
    {
        var row = new TableEntity(kind, DefinitionRows.RevisionKey) { ["WatchedSince"] = watch.Since, ["WatchedUntil"] = watch.Until };
        await _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
        Changed?.Invoke(kind);
    }

    internal async Task<Revision> ReadRevisionAsync(string kind, CancellationToken cancellationToken) =>
        await FindRowAsync(kind, DefinitionRows.RevisionKey, cancellationToken) is { } row
            ? new(row.GetInt64("Value") ?? 0, row.GetDateTimeOffset("WatchedSince") is { } since && row.GetDateTimeOffset("WatchedUntil") is { } until ? new(since, until) : null)
            : default;
}
