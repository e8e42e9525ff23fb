using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Lifecycle.Owners;

/// <summary>
/// Who in sales has how many leads, who has which, and which leads wait until somebody has room: one partition, so that each change is one transaction. Everything is repeatable: the row of a lead says what has been
/// done for it.
/// </summary>
public sealed class OwnersTable(StorageClients storage, LifecycleStore lifecycle, EventWriter events)
{
    public const string Name = "Owners";

    private const string Partition = "owners";
    private const string OwnerRow = "o:", LeadRow = "l:", WaitingRow = "w:";
    private const int Attempts = 30;

    /// <summary>While a lead is in one of these, its owner is busy with it.</summary>
    private static readonly string[] Open = [Stages.Mql, Stages.Sal, Stages.Sql];

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Acts on what leads' changes ask of sales.</summary>
    internal async Task ApplyAsync(IReadOnlyList<LeadEffect> effects, CancellationToken cancellationToken)
    {
        foreach (var effect in effects)
        {
            switch (effect.Kind)
            {
                case EffectKind.OwnerWanted:
                    await AssignAsync(effect, cancellationToken);
                    break;
                case EffectKind.OwnerChanged:
                    await TakeAsync(effect.LeadId, effect.To ?? "", cancellationToken);
                    break;
                case EffectKind.StageChanged when !Open.Contains(effect.To):
                    await TakeAsync(effect.LeadId, "", cancellationToken);
                    break;
            }
        }
    }

    /// <summary>How many leads each owner is busy with.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> BusyAsync(CancellationToken cancellationToken) =>
        (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..], row => row.GetInt32("Open") ?? 0);

    private Task AssignAsync(LeadEffect wanted, CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        var stay = int.Parse(wanted.To ?? "0", CultureInfo.InvariantCulture);
        var lead = await FindAsync(LeadRow + wanted.LeadId, cancellationToken);
        if (lead?.GetInt32("Stay") is { } done && done >= stay)
        {
            await TellAsync(wanted.LeadId, lead.GetString("Owner") ?? "", done, wanted.At);
            return;
        }

        var candidates = wanted.Data is { } data ? data.Deserialize(StagesJson.Default.IReadOnlyListString) ?? [] : [];
        var owners = (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..]);
        if (Choose(candidates, owners) is not { } owner)
        {
            if (candidates.Count > 0)
            {
                await _table.UpsertEntityAsync(
                    new TableEntity(Partition, WaitingKey(wanted)) { ["Lead"] = wanted.LeadId, ["Stay"] = stay, ["Candidates"] = wanted.Data!.Value.GetRawText(), ["At"] = wanted.At }, // there are candidates: there are data
                    TableUpdateMode.Replace, cancellationToken);
            }

            return;
        }

        await _table.SubmitTransactionAsync([.. Busier(owners, owner, 1, wanted.At), .. Less(owners, lead), new(TableTransactionActionType.UpsertReplace, Lead(wanted.LeadId, owner, stay))], cancellationToken);
        await TellAsync(wanted.LeadId, owner, stay, wanted.At);
    });

    /// <summary>The lead is this owner's now, by whoever's decision; empty: nobody is busy with it any more.</summary>
    private Task TakeAsync(string leadId, string owner, CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        var lead = await FindAsync(LeadRow + leadId, cancellationToken);
        var former = lead?.GetString("Owner") ?? "";
        if (former == owner)
        {
            return;
        }

        var owners = (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..]);
        var changes = new List<TableTransactionAction>(Less(owners, lead));
        if (owner.Length > 0)
        {
            changes.AddRange(Busier(owners, owner, 1, null));
        }

        changes.Add(new(TableTransactionActionType.UpsertReplace, Lead(leadId, owner, lead?.GetInt32("Stay") ?? 0)));
        await _table.SubmitTransactionAsync(changes, cancellationToken);
        if (former.Length > 0)
        {
            await GiveWaitingAsync(former, cancellationToken);
        }
    });

    /// <summary>Somebody has room again: the lead that has waited longest for them, if there is one.</summary>
    private async Task GiveWaitingAsync(string owner, CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(Between(WaitingRow), cancellationToken: cancellationToken))
        {
            var candidates = JsonSerializer.Deserialize(row.GetString("Candidates") ?? "[]", StagesJson.Default.IReadOnlyListString) ?? [];
            if (candidates.Contains(owner))
            {
                var (lead, stay) = (row.GetString("Lead") ?? "", row.GetInt32("Stay") ?? 0);
                await AssignAsync(
                    new LeadEffect("", EffectKind.OwnerWanted, lead, row.GetDateTimeOffset("At") ?? default, null, $"{stay}", JsonSerializer.SerializeToElement(candidates, StagesJson.Default.IReadOnlyListString)), cancellationToken);
                if ((await FindAsync(LeadRow + lead, cancellationToken))?.GetInt32("Stay") >= stay)
                {
                    await _table.DeleteEntityAsync(Partition, row.RowKey, cancellationToken: cancellationToken);
                }

                return;
            }
        }
    }

    /// <summary>Of those with room, the one who has waited longest for a lead.</summary>
    private string? Choose(IReadOnlyList<string> candidates, Dictionary<string, TableEntity> owners)
    {
        var rules = (lifecycle.Current.Document?.Owners ?? []).ToDictionary(rule => rule.Id);
        return candidates
            .Where(id => rules.TryGetValue(id, out var rule) && !(Busy(owners, id) >= rule.Capacity))
            .OrderBy(id => owners.GetValueOrDefault(id)?.GetDateTimeOffset("Last") ?? DateTimeOffset.MinValue)
            .ThenBy(id => Busy(owners, id))
            .FirstOrDefault();
    }

    private static int Busy(Dictionary<string, TableEntity> owners, string id) => owners.GetValueOrDefault(id)?.GetInt32("Open") ?? 0;

    private static IEnumerable<TableTransactionAction> Busier(Dictionary<string, TableEntity> owners, string id, int by, DateTimeOffset? given)
    {
        var standing = owners.GetValueOrDefault(id);
        var row = new TableEntity(Partition, OwnerRow + id) { ["Open"] = Math.Max(0, Busy(owners, id) + by) };
        if ((given ?? standing?.GetDateTimeOffset("Last")) is { } last)
        {
            row["Last"] = last;
        }

        yield return standing is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, standing.ETag);
    }

    private static IEnumerable<TableTransactionAction> Less(Dictionary<string, TableEntity> owners, TableEntity? lead) =>
        lead?.GetString("Owner") is { Length: > 0 } former ? Busier(owners, former, -1, null) : [];

    private static TableEntity Lead(string leadId, string owner, int stay) => new(Partition, LeadRow + leadId) { ["Owner"] = owner, ["Stay"] = stay };

    private static string WaitingKey(LeadEffect wanted) => string.Create(CultureInfo.InvariantCulture, $"{WaitingRow}{wanted.At.UtcTicks:D19}|{wanted.LeadId}");

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

    private async Task<IReadOnlyList<TableEntity>> OwnersAsync(CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(Between(OwnerRow), cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private async Task<TableEntity?> FindAsync(string row, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(Partition, row, cancellationToken: cancellationToken) is { HasValue: true, Value: { } found } ? found : null;

    private static string Between(string prefix) => TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {prefix} and RowKey lt {prefix[..^1] + ';'}");

    private static async Task RetryAsync(Func<Task> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await change();
                return;
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412 && attempt < Attempts)
            {
                // Somebody else gave a lead away: what stands now is looked at.
            }
        }
    }
}
