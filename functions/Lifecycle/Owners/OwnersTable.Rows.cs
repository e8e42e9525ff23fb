using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Lifecycle.Owners;

/// <summary>How its rows are read and changed, and who is chosen.</summary>
public sealed partial class OwnersTable
{
    private bool IsOpen(string stage) => Open.Contains(stage) || (stage.Length > 0 && stage == lifecycle.Current.Document?.AssignAt);

    /// <summary>Of those with room, the one who has waited longest for a lead.</summary>
    private string? Choose(IReadOnlyList<string> candidates, Dictionary<string, TableEntity> owners)
    {
        var rules = (lifecycle.Current.Document?.Owners ?? []).ToDictionary(rule => rule.Id);
        return candidates
            .Where(id => rules.TryGetValue(id, out var rule) && !(BusyOf(owners, id) >= rule.Capacity))
            .OrderBy(id => owners.GetValueOrDefault(id)?.GetDateTimeOffset("Last") ?? DateTimeOffset.MinValue)
            .ThenBy(id => BusyOf(owners, id))
            .FirstOrDefault();
    }

    private static int BusyOf(Dictionary<string, TableEntity> owners, string id) => owners.GetValueOrDefault(id)?.GetInt32("Open") ?? 0;

    /// <summary>A lead goes from one owner to another; of either there may be none, and it may be the same.</summary>
    /// <param name="given">When it was given in turn; null: it was not.</param>
    private static IEnumerable<TableTransactionAction> Moves(Dictionary<string, TableEntity> owners, string from, string to, DateTimeOffset? given)
    {
        foreach (var id in new[] { from, to }.Where(id => id.Length > 0).Distinct())
        {
            var standing = owners.GetValueOrDefault(id);
            yield return Put(OwnerRow + OwnerKey.Of(id), row =>
            {
                row["Open"] = Math.Max(0, BusyOf(owners, id) + (id == to ? 1 : 0) - (id == from ? 1 : 0));
                row["Last"] = (id == to ? given : null) ?? standing?.GetDateTimeOffset("Last");
            }, standing);
        }
    }

    private static TableTransactionAction Put(string key, Action<TableEntity> write, TableEntity? standing)
    {
        var row = new TableEntity(Partition, key);
        write(row);
        return standing is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, standing.ETag);
    }

    private async Task TellAsync(string leadId, string owner, int stay, DateTimeOffset at)
    {
        if (owner.Length > 0)
        {
            await events.EnqueueAsync([new LeadEvent
            {
                Id = $"owner/{leadId}.{stay}",
                Type = EventType.Owner,
                Name = "owner",
                At = at,
                LeadId = leadId,
                Properties = JsonSerializer.SerializeToElement(new StageEventProperties(Cause: "rule", Owner: owner), StagesJson.Default.StageEventProperties),
            }]);
        }
    }

    /// <summary>By their own ids.</summary>
    private async Task<Dictionary<string, TableEntity>> OwnersAsync(CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(Between(OwnerRow), cancellationToken: cancellationToken))
        {
            rows[OwnerKey.IdIn(row.RowKey[OwnerRow.Length..])] = row;
        }

        return rows;
    }

    private async Task<TableEntity?> FindAsync(string row, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(Partition, row, cancellationToken: cancellationToken) is { HasValue: true, Value: { } found } ? found : null;

    private static string Between(string prefix) => TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {prefix} and RowKey lt {prefix[..^1] + ';'}");

    private static IReadOnlyList<string> CandidatesOf(LeadEffect wanted) => wanted.Data?.Deserialize(StagesJson.Default.IReadOnlyListString) ?? [];
}
