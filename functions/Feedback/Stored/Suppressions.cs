using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Feedback.Stored;

/// <summary>An address that nothing is sent to.</summary>
/// <param name="Id">What is kept in place of the address.</param>
public sealed record SuppressedAddress(string Id, SuppressionReason Reason, DateTimeOffset Since);

/// <summary>
/// Addresses that nothing is sent to, by a keyed hash: the table tells nobody who they are, and outlives the erasure of a person. What is told twice changes nothing, so that it may be told again after any crash.
/// </summary>
public sealed class Suppressions(StorageClients storage, FeedbackKeys keys, TimeProvider time)
{
    public const string Name = "Suppressions";

    private const string Column = "json";
    private const string Why = "why";

    // Each lost race is somebody else's progress.
    private const int Attempts = 20;
    private const int AtOnce = 16;

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>One read; null when something may be sent there.</summary>
    /// <param name="address">In any spelling; what is no address is not suppressed.</param>
    public async Task<SuppressedAddress?> FindAsync(string address, CancellationToken cancellationToken) =>
        await IdOfAsync(address, cancellationToken) is { } id ? Shown(id, (await ReadAsync(id, cancellationToken)).State) : null;

    /// <summary>Those of many addresses that nothing is sent to, with the reason.</summary>
    public async Task<IReadOnlyDictionary<string, SuppressedAddress>> FindAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var found = new System.Collections.Concurrent.ConcurrentDictionary<string, SuppressedAddress>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(addresses.Distinct(StringComparer.Ordinal), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (address, cancel) =>
        {
            if (await FindAsync(address, cancel) is { } suppressed)
            {
                found[address] = suppressed;
            }
        });
        return found;
    }

    /// <summary>Nothing is sent there from now on.</summary>
    public Task AddAsync(string address, SuppressionReason reason, CancellationToken cancellationToken) =>
        ChangeAsync(address, before => before.With(reason, time.GetUtcNow()), cancellationToken);

    /// <summary>The reader wants something again: that takes back what the reader said, and nothing else.</summary>
    public Task TakeBackAsync(string address, CancellationToken cancellationToken) =>
        ChangeAsync(address, before => before.Why is SuppressionReason.Unsubscribed ? before.Lifted(time.GetUtcNow()) : before, cancellationToken);

    /// <summary>Somebody agreed to messages by a form, which people send by themselves: that takes back what the reader said, and an erasure.</summary>
    public Task AgreeAsync(string address, CancellationToken cancellationToken) =>
        ChangeAsync(address, before => before.Why is SuppressionReason.Unsubscribed or SuppressionReason.Erased ? before.Lifted(time.GetUtcNow()) : before, cancellationToken);

    /// <summary>Whether an address is that of somebody who was erased, as of now: for those who ask about many.</summary>
    internal async Task<Func<string, bool>> ErasedAsync(CancellationToken cancellationToken)
    {
        var key = await keys.AddressKeyAsync(cancellationToken);
        var erased = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in _table.QueryAsync<TableEntity>($"{Why} eq '{SuppressionReason.Erased}'", select: ["RowKey"], cancellationToken: cancellationToken))
        {
            erased.Add(row.RowKey);
        }

        return address => erased.Count > 0 && IdOf(address, key) is { } id && erased.Contains(id);
    }

    /// <summary>Why nothing is sent to an address, as of now, or null: for those who ask about many.</summary>
    internal async Task<Func<string, SuppressionReason?>> AllAsync(CancellationToken cancellationToken)
    {
        var key = await keys.AddressKeyAsync(cancellationToken);
        var all = new Dictionary<string, SuppressionReason>(StringComparer.Ordinal);
        await foreach (var row in _table.QueryAsync<TableEntity>(select: ["RowKey", Why], cancellationToken: cancellationToken))
        {
            if (Enum.TryParse<SuppressionReason>(row.GetString(Why), out var reason))
            {
                all.Add(row.RowKey, reason);
            }
        }

        return address => all.Count > 0 && IdOf(address, key) is { } id && all.TryGetValue(id, out var reason) ? reason : null;
    }

    /// <summary>As a carrier tells.</summary>
    internal Task NoteAsync(string address, DeliveryReport report, CancellationToken cancellationToken) => ChangeAsync(address, before => before.With(report), cancellationToken);

    /// <summary>A state with the tag that names it; <see cref="Suppression.None"/> where nothing is known of the address.</summary>
    internal async Task<(string Id, Suppression State, string? ETag)?> LookAsync(string address, CancellationToken cancellationToken)
    {
        if (await IdOfAsync(address, cancellationToken) is not { } id)
        {
            return null;
        }

        var (state, _) = await ReadAsync(id, cancellationToken);
        return (id, state, state.Why is null ? null : TagOf(state));
    }

    /// <param name="expected">What the caller saw; null: whatever is there.</param>
    /// <exception cref="SuppressionChangedException">Something else is there.</exception>
    internal async Task<(string Id, Suppression State)?> ChangeAsync(string address, Func<Suppression, Suppression> change, CancellationToken cancellationToken, string? expected = null)
    {
        if (await IdOfAsync(address, cancellationToken) is not { } id)
        {
            return null;
        }

        for (var attempt = 1; ; attempt++)
        {
            var (before, etag) = await ReadAsync(id, cancellationToken);
            if (expected is not null && expected != (before.Why is null ? "" : TagOf(before)))
            {
                throw new SuppressionChangedException(before.Why is null ? null : TagOf(before));
            }

            var after = change(before);
            if (ReferenceEquals(after, before))
            {
                return (id, before);
            }

            var row = new TableEntity(PartitionOf(id), id) { [Column] = JsonSerializer.Serialize(after, WebJson.Options), [Why] = after.Why is { } why ? $"{why}" : null };
            try
            {
                await (etag is { } known ? _table.UpdateEntityAsync(row, known, TableUpdateMode.Replace, cancellationToken) : _table.AddEntityAsync(row, cancellationToken));
                return (id, after);
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412 && attempt < Attempts)
            {
            }
        }
    }

    /// <summary>By id, after one of them.</summary>
    internal async Task<IReadOnlyList<SuppressedAddress>> ListAsync(SuppressionReason? reason, string? after, int limit, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"RowKey gt {after ?? ""}");
        if (after is not null)
        {
            filter = $"({TableClient.CreateQueryFilter($"PartitionKey gt {PartitionOf(after)}")} or ({TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(after)}")} and {filter}))";
        }

        filter = reason is { } only ? $"{filter} and {Why} eq '{only}'" : filter;
        var found = new List<SuppressedAddress>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (Shown(row.RowKey, Read(row)) is { } suppressed)
            {
                found.Add(suppressed);
                if (found.Count == limit)
                {
                    break;
                }
            }
        }

        return found;
    }

    internal static SuppressedAddress? Shown(string id, Suppression state) => state.Why is { } why ? new(id, why, DateTimeOffset.FromUnixTimeMilliseconds(state.Since)) : null;

    internal static string TagOf(Suppression state) => $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, WebJson.Options)).AsSpan(0, 8))}\"";

    /// <summary>Whatever its case: one person's.</summary>
    private async ValueTask<string?> IdOfAsync(string address, CancellationToken cancellationToken) => IdOf(address, await keys.AddressKeyAsync(cancellationToken));

    private static string? IdOf(string address, byte[] key) =>
        EmailAddress.Normalise(address) is { } normal ? LeadIds.Encode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(normal.ToLowerInvariant())).AsSpan(0, 16)) : null;

    private async Task<(Suppression State, ETag? ETag)> ReadAsync(string id, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(PartitionOf(id), id, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } ? (Read(row), row.ETag) : (Suppression.None, null);

    private static Suppression Read(TableEntity row) =>
        JsonSerializer.Deserialize<Suppression>(row.GetString(Column), WebJson.Options) ?? throw new InvalidDataException($"The suppression {row.RowKey} is stored as null.");

    private static string PartitionOf(string id) => id[..1];
}

/// <summary>It was changed by someone else since the caller read it.</summary>
internal sealed class SuppressionChangedException(string? currentETag) : Exception("The suppression has changed since it was read.")
{
    public string? CurrentETag { get; } = currentETag;
}
