using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Journeys.Sums;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Journeys.Runs;

/// <summary>One row for each run: its state as JSON, and columns to look for.</summary>
/// <remarks>Partition: journey and the lead's shard. Row: lead and key, so that the runs of one lead stand together.</remarks>
public sealed class RunsTable
{
    public const string Name = "JourneyRuns";

    private const int Remembered = 10_000;

    private readonly TableClient _table;
    private readonly KeptSums _sums;
    private readonly GroupedWrites _writes;
    private readonly RecentCache<StoredRun> _recent = new(Remembered);

    /// <summary>By journey, before which day.</summary>
    private readonly ConcurrentDictionary<string, DateOnly> _forgotten = new();

    public RunsTable(StorageClients storage)
    {
        _table = storage.Table(Name);
        _sums = new(_table, RunsOfAsync);
        _writes = new(_table, _sums);
    }

    /// <summary>False when the run exists.</summary>
    internal async Task<bool> TryAddAsync(RunState run)
    {
        try
        {
            await WriteAsync(TableTransactionActionType.Add, null, run, default);
            return true;
        }
        catch (RequestFailedException exists) when (exists.Status == 409 && exists.ErrorCode == "EntityAlreadyExists")
        {
            return false;
        }
    }

    /// <summary>
    /// The run as this instance left it after that many turns; read, when it did not. Whoever saves it learns whether it was the newest; so what is to be done before
    /// that is not taken from memory.
    /// </summary>
    internal async Task<StoredRun?> FindAsync(string runId, int turn, CancellationToken cancellationToken) =>
        _recent.TryFind(runId, out var recent) && recent.Run is { Pending: null } run && run.Turn == turn ? recent : await FindAsync(runId, cancellationToken);

    internal async Task<StoredRun?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        if (KeysOf(runId) is not { } keys)
        {
            return null;
        }

        var found = await _table.GetEntityIfExistsAsync<TableEntity>(keys.Partition, keys.Row, cancellationToken: cancellationToken);
        return found.HasValue ? Read(found.Value!) : null; // it has a value
    }

    /// <exception cref="RequestFailedException">412: somebody else saved it since it was read.</exception>
    internal Task<StoredRun> SaveAsync(StoredRun stored, RunState run) =>
        WriteAsync(TableTransactionActionType.UpdateReplace, stored.Run, run, (ETag)stored.Tag!); // runs that were read have a tag

    /// <summary>Nothing is left of it but what it counts: what the person did stays done. Nothing happens when there is no such run.</summary>
    internal async Task RemoveAsync(string runId, CancellationToken cancellationToken)
    {
        while (await FindAsync(runId, cancellationToken) is { } stored)
        {
            try
            {
                await RemoveAsync(stored);
                return;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 412)
            {
                // It went on meanwhile: what it counts then is another.
            }
        }
    }

    private Task RemoveAsync(StoredRun stored)
    {
        // Nobody stands anywhere any more.
        var last = stored.Run.Status == RunStatus.Active ? stored.Run with { Status = RunStatus.Cancelled } : stored.Run;
        _recent.Forget(last.Id);
        var keys = KeysOf(last.Id)!.Value; // a run's own id is well formed
        return _writes.WriteAsync(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(keys.Partition, keys.Row), (ETag)stored.Tag!), 1024, KeptSums.Parted(stored.Run, last)); // runs that were read have a tag
    }

    private async Task<StoredRun> WriteAsync(TableTransactionActionType type, RunState? before, RunState run, ETag expected)
    {
        // Forgotten until it is known what stands there.
        _recent.Forget(run.Id);
        var (row, size) = Row(run);
        var change = RunCounts.Change(before, run);
        var stored = new StoredRun(run, await _writes.WriteAsync(new TableTransactionAction(type, row, expected), size, change.Count == 0 ? null : change));
        if (run.IsOpen)
        {
            _recent.Keep(run.Id, stored);
        }

        return stored;
    }

    /// <summary>Runs of a journey, lead by lead.</summary>
    internal async IAsyncEnumerable<StoredRun> ListAsync(
        string journey, RunStatus? status, string? step, int? version, (int Shard, string Row)? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = after?.Shard ?? 0; shard < LeadIds.Shards; shard++)
        {
            var partition = Partition(journey, shard);
            var row = after?.Shard == shard ? after.Value.Row : "";
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {row} and RowKey lt {KeptSums.FirstRow}")
                + (status is { } wanted ? " and " + TableClient.CreateQueryFilter($"status eq {wanted.Name()}") : "")
                + (step is not null ? " and " + TableClient.CreateQueryFilter($"step eq {step}") : "")
                + (version is { } only ? " and " + TableClient.CreateQueryFilter($"version eq {only}") : "");
            await foreach (var entity in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            {
                yield return Read(entity);
            }
        }
    }

    /// <summary>What all runs of a journey count, by part (<see cref="RunCounts"/>): kept with each of them, so that there may be any number.</summary>
    /// <param name="since">With what happened on each day from this one on (<see cref="DayCounts"/>); null: without.</param>
    internal async Task<IReadOnlyDictionary<string, Counters>> SumsAsync(string journey, DateOnly? since, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<string, Counters>();
        foreach (var (part, counted) in (await Task.WhenAll(PartitionsOf(journey).Select(partition => _sums.OfAsync(partition, since, cancellationToken)))).SelectMany(shard => shard))
        {
            sums[part] = sums.GetValueOrDefault(part, new Counters()).Add(counted);
        }

        return sums;
    }

    /// <summary>What happened on days before this one is forgotten: looked for once a day by each instance that somebody asks.</summary>
    internal async Task ForgetDaysAsync(string journey, DateOnly before, CancellationToken cancellationToken)
    {
        if (!_forgotten.TryGetValue(journey, out var until) || until < before)
        {
            await Task.WhenAll(PartitionsOf(journey).Select(partition => _sums.ForgetDaysAsync(partition, before, cancellationToken)));
            _forgotten[journey] = before;
        }
    }

    /// <summary>Adds all runs of a journey up again. One shard after another: it reads them all.</summary>
    internal async Task<Recount> RecountAsync(string journey, CancellationToken cancellationToken)
    {
        var all = new Recount(0, false, 0);
        foreach (var partition in PartitionsOf(journey))
        {
            var recount = await _sums.RecountAsync(partition, cancellationToken);
            all = new(all.Runs + recount.Runs, all.Differed || recount.Differed, all.Unsettled + recount.Unsettled);
        }

        return all;
    }

    private async IAsyncEnumerable<RunState> RunsOfAsync(string partition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {KeptSums.FirstRow}"), cancellationToken: cancellationToken))
        {
            yield return Read(row).Run;
        }
    }

    private static IEnumerable<string> PartitionsOf(string journey) => Enumerable.Range(0, LeadIds.Shards).Select(shard => Partition(journey, shard));

    /// <summary>Active runs, of all journeys, that have something to do by themselves up to that time. Reads the whole table: for clocks that are moved.</summary>
    internal async Task<IReadOnlyList<DueRun>> DueAsync(DateTimeOffset upTo, int? most, CancellationToken cancellationToken)
    {
        var runs = new List<DueRun>();
        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"due le {upTo}"), maxPerPage: most, select: ["PartitionKey", "RowKey", "step", "due"], cancellationToken: cancellationToken))
        {
            var journey = row.PartitionKey[..row.PartitionKey.LastIndexOf('|')];
            runs.Add(new($"{journey}.{row.RowKey}", journey, row.GetString("step") is { Length: > 0 } step ? step : null, row.GetDateTimeOffset("due")!.Value)); // the filter asks for it
            if (runs.Count == most)
            {
                break;
            }
        }

        return runs;
    }

    /// <summary>Active runs, of all journeys, that wait for no longer than until then. Goes through the whole table: for who can stop.</summary>
    internal async IAsyncEnumerable<WaitingRun> WaitingAsync(DateTimeOffset until, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"due lt {until} and status eq {RunStatus.Active.Name()}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey", "step", "due", "version", "paused"], cancellationToken: cancellationToken))
        {
            var journey = row.PartitionKey[..row.PartitionKey.LastIndexOf('|')];
            yield return new(
                new($"{journey}.{row.RowKey}", journey, row.GetString("step") is { Length: > 0 } step ? step : null, row.GetDateTimeOffset("due")!.Value), row.GetInt32("version") ?? 0, row.GetBoolean("paused") == true); // the filter asks for it
        }
    }

    internal async Task<IReadOnlyList<RunState>> OfLeadAsync(string journey, string leadId, CancellationToken cancellationToken)
    {
        var runs = new List<RunState>();
        var (partition, from, to) = (Partition(journey, LeadIds.ShardIndex(leadId)), leadId + ".", leadId + "/");
        await foreach (var entity in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken))
        {
            runs.Add(Read(entity).Run);
        }

        return runs;
    }

    /// <summary>Where a listing goes on after this run.</summary>
    internal static (int Shard, string Row) PositionOf(RunState run)
    {
        var keys = KeysOf(run.Id)!.Value; // a run's own id is well formed
        return (LeadIds.ShardIndex(run.LeadId), keys.Row);
    }

    private static (string Partition, string Row)? KeysOf(string runId) =>
        RunId.Parse(runId) is (var journey, var leadId) && LeadIds.IsValid(leadId)
            ? (Partition(journey, LeadIds.ShardIndex(leadId)), runId[(journey.Length + 1)..])
            : null;

    private static string Partition(string journey, int shard) => $"{journey}|{shard:D2}";

    private static (TableEntity Row, int Bytes) Row(RunState run)
    {
        var keys = KeysOf(run.Id) ?? throw new ArgumentException($"{run.Id} is no run's id.", nameof(run));
        var row = new TableEntity(keys.Partition, keys.Row)
        {
            ["status"] = run.Status.Name(),
            ["version"] = run.Version,
            ["step"] = run.Step ?? "",
            ["enteredAt"] = run.EnteredAt,
            ["paused"] = run.IsPaused,
        };
        if (DueRun.Of(run) is { } due)
        {
            row["due"] = due;
        }

        var json = JsonSerializer.Serialize(run, JourneysJson.Default.RunState);
        LongText.Write(row, "json", json);
        return (row, 1024 + (json.Length * 2));
    }

    private static StoredRun Read(TableEntity row) => new(
        JsonSerializer.Deserialize(LongText.Read(row, "json"), JourneysJson.Default.RunState) ?? throw new InvalidDataException($"The run {row.PartitionKey} {row.RowKey} is stored as null."),
        row.ETag);
}
