using Azure.Data.Tables;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Sorts the rows of many instances' changes into as few transactions as fit, each instance's main row in one with all that it refers to, or after it.</summary>
internal static class ShardTransaction
{
    // A transaction holds 100 rows and 4 MiB; one row is the head's, and the envelope and base64 take their part.
    private const int MostRows = 99;
    private const int MostBytes = 2_500_000;

    public static IEnumerable<(List<TableTransactionAction> Actions, List<Written> Written)> Group(string partition, IEnumerable<Written> changes)
    {
        var actions = new List<TableTransactionAction>();
        var written = new List<Written>();
        var bytes = 0;
        foreach (var changed in changes)
        {
            // Rows of large values are new and nothing refers to them before their main row is written, so they may go ahead of it.
            foreach (var action in ActionsOf(partition, changed))
            {
                var size = SizeOf(action);
                if (actions.Count > 0 && (actions.Count == MostRows || bytes + size > MostBytes))
                {
                    yield return (actions, written);
                    (actions, written, bytes) = ([], [], 0);
                }

                actions.Add(action);
                bytes += size;
            }

            written.Add(changed);
        }

        if (written.Count > 0)
        {
            yield return (actions, written);
        }
    }

    private static IEnumerable<TableTransactionAction> ActionsOf(string partition, Written changed)
    {
        var (instance, change) = changed;
        if (instance.State is null)
        {
            if (instance.IsStored)
            {
                yield return new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, InstanceRows.KeyOf(instance.Id)));
            }

            yield break;
        }

        var rows = InstanceRows.Write(partition, instance, change.IsNew);
        foreach (var row in rows)
        {
            var type = ReferenceEquals(row, rows[^1]) ? TableTransactionActionType.UpsertMerge : TableTransactionActionType.UpsertReplace;
            yield return new TableTransactionAction(type, row);
        }
    }

    private static int SizeOf(TableTransactionAction action) => 700 + ((TableEntity)action.Entity).Sum(property => property.Value switch
    {
        byte[] binary => binary.Length * 4 / 3,
        string text => text.Length * 3,
        _ => 40,
    });

    /// <summary>An instance and what was done to it.</summary>
    internal readonly record struct Written(Instance Instance, InstanceChange Change);
}
