using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Platform.Storage;

/// <summary>
/// Writes rows of one table. Those of one partition that come while a write is under way go together with the next, in one transaction: one row when idle, up to
/// 100 under load, without a timer. A row that is refused is taken out (the failing index tells which), and the rest go on.
/// </summary>
/// <param name="companions">Rows that go along with those of which a change is given; null: none do.</param>
internal sealed class GroupedWrites(TableClient table, CompanionRows? companions = null)
{
    private const int MostRows = 100;
    private const int MostBytes = 3 * 1024 * 1024;

    /// <summary>So often somebody else was quicker to change the companions, who then has written: at least this many writes have succeeded meanwhile.</summary>
    private const int MostLosses = 50;

    /// <summary>Transactions under way at once. Few on purpose: what waits for a turn makes the next transaction larger.</summary>
    private readonly SemaphoreSlim _turns = new(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Write>> _waiting = [];

    /// <summary>Stores one row; returns its new ETag.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="bytes">About how large the row is.</param>
    /// <param name="change">What the row's companions are to learn with it; null: nothing.</param>
    /// <exception cref="RequestFailedException">It was refused, or nothing could be stored.</exception>
    /// <exception cref="TextTooLongException">It is larger than a row may be.</exception>
    public Task<ETag> WriteAsync(TableTransactionAction action, int bytes, object? change = null)
    {
        var write = new Write(action, bytes, change);
        var partition = action.Entity.PartitionKey;
        lock (_gate)
        {
            if (_waiting.TryGetValue(partition, out var waiting))
            {
                waiting.Enqueue(write);
                return write.Stored.Task;
            }

            _waiting[partition] = new([write]);
        }

        // The loop serves many callers: it must not run on under the trace of the one who happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RunAsync(partition));
        }

        return write.Stored.Task;
    }

    /// <summary>Runs while there is something to write. Every exception reaches the writes it concerns.</summary>
    private async Task RunAsync(string partition)
    {
        while (true)
        {
            await _turns.WaitAsync();
            try
            {
                List<Write> group;
                lock (_gate)
                {
                    group = Next(partition, _waiting[partition]);
                    if (group.Count == 0)
                    {
                        _waiting.Remove(partition);
                        return;
                    }
                }

                await StoreAsync(partition, group);
            }
            finally
            {
                _turns.Release();
            }
        }
    }

    /// <summary>A transaction holds a row once: the second write of a row waits, and so does what comes after it.</summary>
    private List<Write> Next(string partition, Queue<Write> waiting)
    {
        var (group, rows, bytes) = (new List<Write>(), new HashSet<string>(), 0);
        while (waiting.TryPeek(out var write) && (group.Count == 0 || bytes + write.Bytes <= MostBytes))
        {
            // Not when it was handed in: what a change takes along may be less by now.
            List<string> along = write.Change is null || companions is null ? [] : [.. companions.RowsOf(partition, write.Change)];
            if (rows.Count + 1 + along.Count(row => !rows.Contains(row)) > MostRows || !rows.Add(write.Action.Entity.RowKey))
            {
                break;
            }

            group.Add(waiting.Dequeue());
            rows.UnionWith(along);
            bytes += write.Bytes;
        }

        return group;
    }

    private async Task StoreAsync(string partition, List<Write> group)
    {
        for (var losses = 0; group.Count > 0;)
        {
            try
            {
                var changes = group.Select(write => write.Change).OfType<object>().ToList();
                var along = companions is null || changes.Count == 0 ? CompanionRows.Along.Nothing : await companions.PrepareAsync(partition, changes);
                var answers = (await table.SubmitTransactionAsync(group.Select(write => write.Action).Concat(along.Actions))).Value;
                along.Stored([.. answers.Skip(group.Count).Select(answer => answer.Headers.ETag ?? default)]);
                for (var i = 0; i < group.Count; i++)
                {
                    group[i].Stored.SetResult(answers[i].Headers.ETag ?? default);
                }

                return;
            }
            catch (TableTransactionFailedException refused) when (refused.FailedTransactionActionIndex is { } index && index < group.Count && (refused.Status is 404 or 409 or 412 || LongText.IsTooLong(refused)))
            {
                group[index].Stored.SetException(LongText.IsTooLong(refused) ? new TextTooLongException() : refused);
                group.RemoveAt(index);
            }
            catch (TableTransactionFailedException refused) when (refused.FailedTransactionActionIndex >= group.Count && (refused.Status is 404 or 409 or 412) && ++losses < MostLosses)
            {
                companions?.Forget(partition);
            }
            catch (Exception exception)
            {
                companions?.Forget(partition); // nobody knows what was stored
                group.ForEach(write => write.Stored.TrySetException(exception));
                return;
            }
        }
    }

    private sealed record Write(TableTransactionAction Action, int Bytes, object? Change)
    {
        public TaskCompletionSource<ETag> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
