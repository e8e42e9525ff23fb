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
    private const string Given = "Given";
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
                    await AssignAsync(effect, null, cancellationToken);
                    break;
                case EffectKind.OwnerChanged:
                    await TakeAsync(effect, effect.To ?? "", cancellationToken);
                    break;
                case EffectKind.StageChanged when !Open.Contains(effect.To):
                    await TakeAsync(effect, "", cancellationToken);
                    break;
            }
        }
    }

    /// <summary>How many leads each owner is busy with.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> BusyAsync(CancellationToken cancellationToken) =>
        (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..], row => row.GetInt32("Open") ?? 0);

    /// <param name="waiting">Its row, when it had to wait: marked with the same transaction, so that whoever goes on after a crash knows whom to tell.</param>
    private Task AssignAsync(LeadEffect wanted, TableEntity? waiting, CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        waiting = waiting is null ? null : await FindAsync(waiting.RowKey, cancellationToken); // as it stands at this attempt
        var stay = int.Parse(wanted.To ?? "0", CultureInfo.InvariantCulture);
        var lead = await FindAsync(LeadRow + wanted.LeadId, cancellationToken);
        if (lead?.GetInt32("Stay") is { } done && done >= stay)
        {
            await TellAsync(wanted.LeadId, lead.GetString("Owner") ?? "", done, wanted.At);
            return;
        }

        if (IsLater(lead, wanted.At))
        {
            return;
        }

        var candidates = wanted.Data is { } data ? data.Deserialize(StagesJson.Default.IReadOnlyListString) ?? [] : [];
        if (candidates.Count == 0)
        {
            return;
        }

        var owners = (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..]);
        if (Choose(candidates, owners) is null && waiting is null)
        {
            waiting = new TableEntity(Partition, WaitingKey(wanted)) { ["Lead"] = wanted.LeadId, ["Stay"] = stay, ["Candidates"] = wanted.Data!.Value.GetRawText(), ["At"] = wanted.At }; // there are candidates: there are data
            waiting.ETag = (await _table.UpsertEntityAsync(waiting, TableUpdateMode.Replace, cancellationToken)).Headers.ETag ?? ETag.All;

            // Whoever got room meanwhile may have looked before it waited.
            owners = (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..]);
        }

        if (Choose(candidates, owners) is not { } owner)
        {
            return;
        }

        var changes = new List<TableTransactionAction>([.. Moves(owners, lead?.GetString("Owner") ?? "", owner, wanted.At), Lead(lead, wanted.LeadId, owner, stay, wanted.At)]);
        if (waiting is not null)
        {
            changes.Add(new(TableTransactionActionType.UpdateReplace, new TableEntity(waiting) { [Given] = owner }, waiting.ETag));
        }

        await _table.SubmitTransactionAsync(changes, cancellationToken);
        await TellAsync(wanted.LeadId, owner, stay, wanted.At);
    });

    /// <summary>The lead is this owner's now, by whoever's decision; empty: nobody is busy with it any more. Whoever has room after that is given a lead that waits.</summary>
    private Task TakeAsync(LeadEffect told, string owner, CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        var lead = await FindAsync(LeadRow + told.LeadId, cancellationToken);
        var former = lead?.GetString("Owner") ?? "";
        if (IsLater(lead, told.At) || (lead is null && owner.Length == 0 && lifecycle.Current.Document?.Owners is null or []))
        {
            return;
        }

        if (former != owner || lead is null)
        {
            var owners = (await OwnersAsync(cancellationToken)).ToDictionary(row => row.RowKey[OwnerRow.Length..]);
            await _table.SubmitTransactionAsync([.. Moves(owners, former, owner, null), Lead(lead, told.LeadId, owner, lead?.GetInt32("Stay") ?? 0, told.At)], cancellationToken);
        }

        // Also where nothing changed: it may be the repetition of a change after which the app died.
        await GiveWaitingAsync(told, cancellationToken);
    });

    /// <summary>Leads that have waited, longest first, to those who have room.</summary>
    /// <param name="told">Its lead waits no more for what was wanted before.</param>
    private async Task GiveWaitingAsync(LeadEffect told, CancellationToken cancellationToken)
    {
        Dictionary<string, TableEntity>? owners = null;
        await foreach (var row in _table.QueryAsync<TableEntity>(Between(WaitingRow), cancellationToken: cancellationToken))
        {
            var (lead, stay, at) = (row.GetString("Lead") ?? "", row.GetInt32("Stay") ?? 0, row.GetDateTimeOffset("At") ?? default);
            if (row.GetString(Given) is { } given)
            {
                await TellAsync(lead, given, stay, at);
            }
            else if (lead != told.LeadId || at > told.At)
            {
                var candidates = JsonSerializer.Deserialize(row.GetString("Candidates") ?? "[]", StagesJson.Default.IReadOnlyListString) ?? [];
                owners ??= (await OwnersAsync(cancellationToken)).ToDictionary(one => one.RowKey[OwnerRow.Length..]);
                if (Choose(candidates, owners) is null)
                {
                    continue;
                }

                await AssignAsync(new LeadEffect("", EffectKind.OwnerWanted, lead, at, null, $"{stay}", JsonSerializer.SerializeToElement(candidates, StagesJson.Default.IReadOnlyListString)), row, cancellationToken);
                owners = null;
                var standing = await FindAsync(LeadRow + lead, cancellationToken);
                if (!(standing?.GetInt32("Stay") >= stay) && !IsLater(standing, at))
                {
                    continue; // somebody else was quicker to take the room
                }
            }

            await _table.DeleteEntityAsync(Partition, row.RowKey, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Something was decided about the lead after that: effects may come in another order than that in which they were decided.</summary>
    private static bool IsLater(TableEntity? lead, DateTimeOffset than) => lead?.GetDateTimeOffset("At") > than;

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

    /// <summary>A lead goes from one owner to another; of either there may be none, and it may be the same.</summary>
    /// <param name="given">When it was given in turn; null: it was not.</param>
    private static IEnumerable<TableTransactionAction> Moves(Dictionary<string, TableEntity> owners, string from, string to, DateTimeOffset? given)
    {
        foreach (var id in new[] { from, to }.Where(id => id.Length > 0).Distinct())
        {
            var standing = owners.GetValueOrDefault(id);
            var row = new TableEntity(Partition, OwnerRow + id) { ["Open"] = Math.Max(0, Busy(owners, id) + (id == to ? 1 : 0) - (id == from ? 1 : 0)) };
            if ((id == to ? given : null) is { } now)
            {
                row["Last"] = now;
            }
            else if (standing?.GetDateTimeOffset("Last") is { } last)
            {
                row["Last"] = last;
            }

            yield return standing is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, standing.ETag);
        }
    }

    private static TableTransactionAction Lead(TableEntity? standing, string leadId, string owner, int stay, DateTimeOffset at)
    {
        var row = new TableEntity(Partition, LeadRow + leadId) { ["Owner"] = owner, ["Stay"] = stay, ["At"] = at };
        return standing is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, standing.ETag);
    }

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
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412 && attempt < Attempts)
            {
                // Somebody else gave a lead away: what stands now is looked at.
            }
        }
    }
}
