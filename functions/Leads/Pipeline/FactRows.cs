using System.Globalization;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Reports;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// What stands in a shard's partition for reports, behind all leads: the facts of each commit, in one row of its transaction. So keeping them costs no request, and no fact is there without what it is about, or the other way round.
/// Later they are gathered elsewhere, in fewer and larger rows; until those are written, a fact may be read twice.
/// </summary>
internal static class FactRows
{
    private const string Prefix = "~f|";
    private const string AfterAll = "~g";

    /// <summary>One row for all leads of a transaction.</summary>
    public static TableTransactionAction Write(IReadOnlyList<Fact> facts)
    {
        var row = new TableEntity(LeadIds.Shard(facts[0].LeadId), Prefix + Guid.CreateVersion7().ToString("N"));
        Write(row, facts);
        return new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    /// <summary>Into a row of any table.</summary>
    public static void Write(TableEntity row, IReadOnlyList<Fact> facts)
    {
        row["n"] = facts.Count;
        Packed.Write(row, facts, ReportsJson.Default.IReadOnlyListFact);
    }

    public static IReadOnlyList<Fact> Read(TableEntity row) => Packed.Read(row, ReportsJson.Default.IReadOnlyListFact);

    /// <summary>Refused when the row is not the one that was read.</summary>
    public static TableTransactionAction Delete(TableEntity read) => new(TableTransactionActionType.Delete, new TableEntity(read.PartitionKey, read.RowKey), read.ETag);

    /// <summary>All of a shard's.</summary>
    public static string All(string shard) => TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {Prefix} and RowKey lt {AfterAll}");

    /// <summary>What storage wrote since a time of its own, of rows that their writers' clocks named since another.</summary>
    public static string Since(string shard, DateTimeOffset named, DateTimeOffset written)
    {
        var from = Prefix + NameOf(named);
        return TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {from} and RowKey lt {AfterAll} and Timestamp ge {written}");
    }

    /// <summary>What the names of rows begin with that are made at a time.</summary>
    public static string NameOf(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
}
