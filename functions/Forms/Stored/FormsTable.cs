using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Forms.Stored;

/// <summary>What is kept apart as spam: never a lead, until somebody says that it is one.</summary>
/// <param name="Id">Names it among the form's: sorts the newest first.</param>
/// <param name="Values">What was sent.</param>
/// <param name="Asked">Which fields were, as a ticket says it; null: all.</param>
internal sealed record KeptSpam(string Id, string Form, int Version, SpamReason Reason, FormSending Sending, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, ulong? Asked)
{
    /// <summary>The files that came with it.</summary>
    public IReadOnlyList<HeldFile> Files { get; init; } = [];
}

/// <param name="Name">As the sender's machine called it.</param>
/// <param name="Held">Whether it was kept: a form has room for so many.</param>
internal sealed record HeldFile(string Field, string Name, int Bytes, bool Held);

/// <summary>
/// Table <c>Forms</c>. What is kept apart: a partition for each form, the newest first. What waits to be confirmed: a partition for each day on which that ends. Counters: a row for each form.
/// </summary>
public sealed class FormsTable(StorageClients storage)
{
    public const string Name = "Forms";

    /// <summary>Spam is forgotten after so long: it holds names and addresses.</summary>
    public static readonly TimeSpan SpamKept = TimeSpan.FromDays(30);

    private const int AtOnce = 100;
    private const int Tries = 20;

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Keeping it again changes nothing.</summary>
    internal Task KeepAsync(KeptSpam spam, CancellationToken cancellationToken)
    {
        var row = new TableEntity(SpamOf(spam.Form), spam.Id);
        LongText.Write(row, "Spam", JsonSerializer.Serialize(spam, JsonSerializerOptions.Web));
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    internal async Task<KeptSpam?> FindSpamAsync(string form, string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(SpamOf(form), id, cancellationToken: cancellationToken);
        return found.HasValue ? ReadSpam(found.Value!) : null; // it has a value
    }

    /// <summary>The newest first. What is too old is deleted as it is met.</summary>
    /// <param name="forget">What goes with it, before it does.</param>
    internal async Task<(IReadOnlyList<KeptSpam> Page, bool IsMore)> ListSpamAsync(string form, string? after, int limit, DateTimeOffset now, Func<KeptSpam, Task> forget, CancellationToken cancellationToken)
    {
        var (page, oldest) = (new List<KeptSpam>(), SpamId(now - SpamKept, ""));
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {SpamOf(form)} and RowKey gt {after ?? ""}"), limit + 1, cancellationToken: cancellationToken))
        {
            if (string.CompareOrdinal(row.RowKey, oldest) > 0)
            {
                await forget(ReadSpam(row));
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
            }
            else if (page.Count == limit)
            {
                return (page, true);
            }
            else
            {
                page.Add(ReadSpam(row));
            }
        }

        return (page, false);
    }

    internal Task ForgetSpamAsync(string form, string id, CancellationToken cancellationToken) => _table.DeleteEntityAsync(SpamOf(form), id, ETag.All, cancellationToken);

    /// <summary>All that is kept apart of one form, and its counters.</summary>
    internal async Task ForgetAsync(string form, CancellationToken cancellationToken)
    {
        await DeleteAsync(TableClient.CreateQueryFilter($"PartitionKey eq {SpamOf(form)}"), cancellationToken);
        await _table.DeleteEntityAsync("count", form, ETag.All, cancellationToken);
    }

    internal async Task<Pending?> FindPendingAsync(string day, string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(PendingOf(day), id, cancellationToken: cancellationToken);
        return found.HasValue ? ReadPending(found.Value!) : null; // it has a value
    }

    /// <summary>False when it is there already.</summary>
    internal Task<bool> TryAddAsync(Pending pending, CancellationToken cancellationToken) => _table.TryAddAsync(RowOf(pending), cancellationToken);

    /// <summary>False when somebody else has changed it since it was read.</summary>
    internal async Task<bool> TrySaveAsync(Pending read, Pending changed, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(RowOf(changed), read.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status == 412 || (lost.Status == 404 && !StorageOutage.Is(lost)))
        {
            return false;
        }
    }

    /// <summary>What can no longer be confirmed.</summary>
    internal Task ForgetPendingAsync(string before, CancellationToken cancellationToken) =>
        DeleteAsync(TableClient.CreateQueryFilter($"PartitionKey ge {PendingOf("")} and PartitionKey lt {PendingOf(before)}"), cancellationToken);

    internal async Task<IReadOnlyDictionary<string, long>> CountsAsync(string form, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>("count", form, cancellationToken: cancellationToken);
        return found.HasValue ? Counts(found.Value!) : new Dictionary<string, long>(); // it has a value
    }

    internal async Task AddCountsAsync(string form, IReadOnlyDictionary<string, long> more, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>("count", form, cancellationToken: cancellationToken);
            var row = new TableEntity("count", form);
            foreach (var (name, count) in more.Concat(found.HasValue ? Counts(found.Value!) : new Dictionary<string, long>()).GroupBy(one => one.Key, one => one.Value).Select(one => KeyValuePair.Create(one.Key, one.Sum())))
            {
                row[name] = count;
            }

            try
            {
                await (found.HasValue ? (Task)_table.UpdateEntityAsync(row, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken) : _table.AddEntityAsync(row, cancellationToken));
                return;
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412 && !StorageOutage.Is(lost) && tries < Tries)
            {
                // Another instance counted at the same moment.
            }
        }
    }

    /// <summary>What is kept apart, and what waits to be confirmed, goes where it is somebody's; how much that was. Reads all of it.</summary>
    /// <param name="forget">What goes with spam, before it does.</param>
    internal async Task<int> EraseAsync(Func<KeptSpam, bool> isTheirSpam, Func<KeptSpam, Task> forget, Func<Pending, bool> isTheirPending, CancellationToken cancellationToken)
    {
        var rows = 0;
        await foreach (var spam in AllSpamAsync(cancellationToken))
        {
            if (isTheirSpam(spam))
            {
                await forget(spam);
                await ForgetSpamAsync(spam.Form, spam.Id, cancellationToken);
                rows++;
            }
        }

        await foreach (var pending in AllPendingAsync(cancellationToken))
        {
            if (isTheirPending(pending))
            {
                await _table.DeleteEntityAsync(PendingOf(pending.Day), pending.Id, ETag.All, cancellationToken);
                rows++;
            }
        }

        return rows;
    }

    /// <summary>All that is kept apart, of all forms.</summary>
    internal async IAsyncEnumerable<KeptSpam> AllSpamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey ge {SpamOf("")} and PartitionKey lt {"spam}"}"), cancellationToken: cancellationToken))
        {
            yield return ReadSpam(row);
        }
    }

    /// <summary>All that waits to be confirmed, or was confirmed of late.</summary>
    internal async IAsyncEnumerable<Pending> AllPendingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey ge {PendingOf("")} and PartitionKey lt {"confirm}"}"), cancellationToken: cancellationToken))
        {
            yield return ReadPending(row);
        }
    }

    internal static string SpamId(DateTimeOffset at, string id) => string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - at.ToUnixTimeMilliseconds():D15}-{id}");

    private async Task DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, AtOnce, ["PartitionKey", "RowKey"], cancellationToken))
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    private static Dictionary<string, long> Counts(TableEntity row) => row.Where(column => column.Value is long).ToDictionary(column => column.Key, column => (long)column.Value);

    private static KeptSpam ReadSpam(TableEntity row) =>
        JsonSerializer.Deserialize<KeptSpam>(LongText.Read(row, "Spam"), JsonSerializerOptions.Web) ?? throw new InvalidDataException($"What was kept apart as {row.RowKey} is stored as null.");

    private static TableEntity RowOf(Pending pending)
    {
        var row = new TableEntity(PendingOf(pending.Day), pending.Id);
        LongText.Write(row, "Pending", JsonSerializer.Serialize(pending, JsonSerializerOptions.Web));
        return row;
    }

    private static Pending ReadPending(TableEntity row) =>
        (JsonSerializer.Deserialize<Pending>(LongText.Read(row, "Pending"), JsonSerializerOptions.Web) ?? throw new InvalidDataException($"What waits as {row.RowKey} is stored as null.")) with { ETag = row.ETag };

    private static string SpamOf(string form) => $"spam|{form}";

    private static string PendingOf(string day) => $"confirm|{day}";
}
