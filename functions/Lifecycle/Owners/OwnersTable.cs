using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Lifecycle.Owners;

/// <summary>
/// Who in sales has how many leads in hand, who has which, and which leads wait until somebody has room: one partition, so that each change is one transaction. Effects come at least once and in any
/// order: a lead's row says which of its effects were the last to say whose it is and where it stands (their numbers, <see cref="LeadEffect.Id"/>), and what has been done for it.
/// </summary>
public sealed partial class OwnersTable(StorageClients storage, LifecycleStore lifecycle, EventWriter events)
{
    public const string Name = "Owners";

    private const string Partition = "owners";
    private const string OwnerRow = "o:", LeadRow = "l:", WaitingRow = "w:";
    private const string Given = "Given";
    private const string Gone = "";
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
                    await AssignAsync(effect, waited: false, cancellationToken);
                    break;
                case EffectKind.OwnerChanged:
                    await NoteAsync(effect, effect.To ?? "", effect.Data is { ValueKind: JsonValueKind.String } stage ? stage.GetString() : null, cancellationToken);
                    break;
                case EffectKind.StageChanged:
                    await NoteAsync(effect, null, effect.To ?? Gone, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>How many leads each owner is busy with.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> BusyAsync(CancellationToken cancellationToken) =>
        (await OwnersAsync(cancellationToken)).ToDictionary(one => one.Key, one => one.Value.GetInt32("Open") ?? 0);

    /// <summary>Leads that have waited, longest first, to those who have room.</summary>
    internal Task GiveWaitingAsync(CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        var waiting = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(Between(WaitingRow), cancellationToken: cancellationToken))
        {
            waiting.Add(row);
        }

        Dictionary<string, TableEntity>? owners = null;
        foreach (var row in waiting.OrderBy(row => row.GetDateTimeOffset("At")))
        {
            var (wanted, isTold) = (Wanted(row), false);
            if (row.GetString(Given) is null)
            {
                owners ??= await OwnersAsync(cancellationToken);
                if (Choose(CandidatesOf(wanted), owners) is null)
                {
                    continue;
                }

                isTold = await AssignAsync(wanted, waited: true, cancellationToken);
                owners = null;
                if (!isTold && Standing.Of(await FindAsync(LeadRow + wanted.LeadId, cancellationToken)).MayHave(wanted, IsOpen))
                {
                    continue; // somebody else was quicker to take the room
                }
            }

            if (await FindWaitingAsync(wanted, cancellationToken) is { } done)
            {
                // Whoever gave it, perhaps at this very moment, may have died before they told.
                if (done.GetString(Given) is { } given && !isTold)
                {
                    await TellAsync(wanted.LeadId, given, Standing.StayOf(wanted), wanted.At);
                }

                await _table.DeleteEntityAsync(Partition, done.RowKey, done.ETag, cancellationToken);
            }
        }
    });

    /// <summary>Nobody's, and gone: of leads that were erased. That they are in no hand any more, their own effects have said; until then a row stays.</summary>
    internal async Task<int> RemoveAsync(IEnumerable<string> leadIds, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var lead in leadIds)
        {
            foreach (var key in (string[])[WaitingRow + lead, LeadRow + lead])
            {
                await RetryAsync(async () =>
                {
                    // As it was read: an effect of theirs that has just put them into somebody's hand is taken out of it by the one that follows.
                    if (await FindAsync(key, cancellationToken) is { } row && (key.StartsWith(WaitingRow, StringComparison.Ordinal) || Standing.Of(row).Busy(IsOpen).Length == 0))
                    {
                        await _table.DeleteEntityAsync(Partition, key, row.ETag, cancellationToken);
                        rows++;
                    }
                });
            }
        }

        return rows;
    }

    /// <param name="waited">It had to wait: its row is marked with the same transaction, so that whoever goes on after a crash knows whom to tell.</param>
    /// <returns>Whether it was told whose the lead is.</returns>
    private async Task<bool> AssignAsync(LeadEffect wanted, bool waited, CancellationToken cancellationToken)
    {
        var isTold = false;
        await RetryAsync(async () => isTold = await TryAssignAsync(wanted, waited, cancellationToken));
        return isTold;
    }

    private async Task<bool> TryAssignAsync(LeadEffect wanted, bool waited, CancellationToken cancellationToken)
    {
        var row = await FindAsync(LeadRow + wanted.LeadId, cancellationToken);
        var standing = Standing.Of(row);
        if (standing.Stay >= Standing.StayOf(wanted))
        {
            await TellAsync(wanted.LeadId, standing.Owner, standing.Stay, wanted.At);
            return true;
        }

        var candidates = CandidatesOf(wanted);
        if (candidates.Count == 0 || !standing.MayHave(wanted, IsOpen))
        {
            return false;
        }

        var waiting = waited ? await FindWaitingAsync(wanted, cancellationToken) : null;
        if (waited && waiting is null)
        {
            return false; // it waits no more, or for something newer
        }

        var owners = await OwnersAsync(cancellationToken);
        var chosen = Choose(candidates, owners);
        if (chosen is null && !waited)
        {
            if (await WaitAsync(wanted, cancellationToken) is not { } waits)
            {
                return false;
            }

            // Whoever got room meanwhile may have looked before it waited.
            waiting = waits;
            owners = await OwnersAsync(cancellationToken);
            chosen = Choose(candidates, owners);
        }

        if (chosen is not { } owner)
        {
            return false;
        }

        var becomes = standing with
        {
            Owner = owner,
            OwnerSaid = Standing.NumberOf(wanted),
            Stage = standing.StageSaid > Standing.NumberOf(wanted) ? standing.Stage : wanted.From ?? "",
            StageSaid = Math.Max(standing.StageSaid, Standing.NumberOf(wanted)),
            Stay = Standing.StayOf(wanted),
        };
        List<TableTransactionAction> changes = [.. Moves(owners, standing.Busy(IsOpen), becomes.Busy(IsOpen), wanted.At), Put(LeadRow + wanted.LeadId, becomes.Write, row)];
        if (waiting is not null)
        {
            changes.Add(new(TableTransactionActionType.UpdateReplace, new TableEntity(waiting) { [Given] = owner }, waiting.ETag));
        }

        await _table.SubmitTransactionAsync(changes, cancellationToken);
        await TellAsync(wanted.LeadId, owner, Standing.StayOf(wanted), wanted.At);
        return true;
    }

    /// <summary>Whose the lead is, or where it stands, by whoever's decision. Whoever has room after that is given a lead that waits.</summary>
    /// <param name="owner">Null: that was not said. Empty: nobody's.</param>
    /// <param name="stage">Null: that was not said.</param>
    private Task NoteAsync(LeadEffect told, string? owner, string? stage, CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        var row = await FindAsync(LeadRow + told.LeadId, cancellationToken);
        var standing = Standing.Of(row);
        var becomes = standing.With(Standing.NumberOf(told), owner, stage);
        if (row is null && becomes.Owner.Length == 0 && lifecycle.Current.Document?.Owners is null or [])
        {
            return;
        }

        if (becomes != standing)
        {
            var (from, to) = (standing.Busy(IsOpen), becomes.Busy(IsOpen));
            await _table.SubmitTransactionAsync(
                [.. from == to ? [] : Moves(await OwnersAsync(cancellationToken), from, to, null), Put(LeadRow + told.LeadId, becomes.Write, row)], cancellationToken);
        }

        // Also where nothing changed: it may be the repetition of a change after which the app died.
        if (await FindAsync(WaitingRow + told.LeadId, cancellationToken) is { } waits && waits.GetString(Given) is null && !becomes.MayHave(Wanted(waits), IsOpen))
        {
            await _table.DeleteEntityAsync(Partition, waits.RowKey, waits.ETag, cancellationToken);
        }

        await GiveWaitingAsync(cancellationToken);
    });

    /// <summary>It goes on waiting from when it did. Null: it waits for something newer.</summary>
    private async Task<TableEntity?> WaitAsync(LeadEffect wanted, CancellationToken cancellationToken)
    {
        var row = await FindAsync(WaitingRow + wanted.LeadId, cancellationToken);
        if (row is not null && Standing.NumberOf(Wanted(row)) > Standing.NumberOf(wanted))
        {
            return null;
        }

        if (row?.GetString(Given) is { } given)
        {
            await TellAsync(wanted.LeadId, given, Standing.StayOf(Wanted(row)), Wanted(row).At); // whoever gave it may have died before
        }

        var waits = new TableEntity(Partition, WaitingRow + wanted.LeadId)
        {
            ["Lead"] = wanted.LeadId,
            ["Effect"] = wanted.Id,
            ["Stage"] = wanted.From,
            ["Stay"] = Standing.StayOf(wanted),
            ["Candidates"] = wanted.Data!.Value.GetRawText(), // there are candidates: there are data
            ["At"] = row?.GetInt32("Stay") == Standing.StayOf(wanted) ? row.GetDateTimeOffset("At") : wanted.At,
        };
        var put = row is null
            ? await _table.AddEntityAsync(waits, cancellationToken)
            : await _table.UpdateEntityAsync(waits, row.ETag, TableUpdateMode.Replace, cancellationToken);
        waits.ETag = put.Headers.ETag ?? ETag.All;
        return waits;
    }

    /// <summary>The row with which it waits for just this.</summary>
    private async Task<TableEntity?> FindWaitingAsync(LeadEffect wanted, CancellationToken cancellationToken) =>
        await FindAsync(WaitingRow + wanted.LeadId, cancellationToken) is { } row && row.GetString("Effect") == wanted.Id ? row : null;

    private static LeadEffect Wanted(TableEntity waiting) => new(
        waiting.GetString("Effect") ?? "", EffectKind.OwnerWanted, waiting.GetString("Lead") ?? "", waiting.GetDateTimeOffset("At") ?? default, waiting.GetString("Stage") ?? Stages.Mql,
        $"{waiting.GetInt32("Stay")}", JsonElement.Parse(waiting.GetString("Candidates") ?? "[]"));

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
