using System.ComponentModel;
using System.Diagnostics;
using Azure.Data.Tables;

namespace LeadFunctions.Local.DurableTask;

/// <summary>The rows by which processes know of each other.</summary>
internal sealed class Workers(DurableHub hub)
{
    private const string Partition = "worker";

    private static readonly (string Machine, int Id, long Started) Me = (
        Environment.MachineName, Environment.ProcessId, Process.GetCurrentProcess().StartTime.ToUniversalTime().Ticks);

    private readonly Dictionary<string, (long Beat, long Since)> _seen = new(StringComparer.Ordinal);
    private long _beat;
    private long _shownAt;

    /// <summary>The processes that take part, this one among them, in an order that all agree on.</summary>
    public IReadOnlyList<string> Alive { get; private set; } = [hub.WorkerId];

    public bool AreOthersAlive => Alive.Count > 1;

    /// <summary>Shows that this process is alive, and looks which others are.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (_beat == 0 || TimeProvider.System.GetElapsedTime(_shownAt) > hub.Options.Patience / 4)
        {
            var row = new TableEntity(Partition, hub.WorkerId)
            {
                ["Beat"] = ++_beat,
                ["Machine"] = Me.Machine,
                ["Process"] = Me.Id,
                ["Started"] = Me.Started,
            };
            await hub.Control.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
            _shownAt = TimeProvider.System.GetTimestamp();
        }

        var alive = new List<string> { hub.WorkerId };
        await foreach (var other in hub.Control.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), null, null, cancellationToken))
        {
            if (other.RowKey == hub.WorkerId)
            {
                continue;
            }

            if (IsGone(other))
            {
                await hub.Control.DeleteEntityAsync(Partition, other.RowKey, default, cancellationToken);
            }
            else
            {
                alive.Add(other.RowKey);
            }
        }

        alive.Sort(StringComparer.Ordinal);
        Alive = alive;
    }

    /// <summary>Whether the owner of a shard will not come back to it.</summary>
    public async Task<bool> IsGoneAsync(string worker)
    {
        if (Alive.Contains(worker))
        {
            return false;
        }

        // It may have joined since this process last looked.
        var row = await hub.Control.GetEntityIfExistsAsync<TableEntity>(Partition, worker);
        return !row.HasValue || IsGone(row.Value!);
    }

    public async Task LeaveAsync()
    {
        try
        {
            await hub.Control.DeleteEntityAsync(Partition, hub.WorkerId);
        }
        catch (Exception exception) when (Outage.IsBehind(exception))
        {
            // The others notice that the beat has stopped.
        }
    }

    private bool IsGone(TableEntity row)
    {
        if (row.GetString("Machine") == Me.Machine && !IsRunning(row.GetInt32("Process") ?? 0, row.GetInt64("Started") ?? 0))
        {
            return true;
        }

        var beat = row.GetInt64("Beat") ?? 0;
        if (!_seen.TryGetValue(row.RowKey, out var last) || last.Beat != beat)
        {
            _seen[row.RowKey] = (beat, TimeProvider.System.GetTimestamp());
            return false;
        }

        return TimeProvider.System.GetElapsedTime(last.Since) > hub.Options.Patience;
    }

    private static bool IsRunning(int id, long started)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && Math.Abs(process.StartTime.ToUniversalTime().Ticks - started) < TimeSpan.TicksPerSecond;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
