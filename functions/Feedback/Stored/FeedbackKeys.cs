using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Feedback.Stored;

/// <summary>
/// The keys that links, forms and confirmations are signed with, a row each, and the one by which addresses are hashed. Whoever needs one that is not there makes it; a row that others have made meanwhile is taken as it is, so that of several instances
/// that start at once one has its way.
/// </summary>
public sealed class FeedbackKeys(StorageClients storage, TimeProvider time)
{
    public const string Name = "FeedbackKeys";

    private const string Links = "link";
    private const string Addresses = "address";
    private const string Secret = "Secret";
    private const string MadeAt = "MadeAt";

    /// <summary>Whoever shows a token whose key is not known has storage read, but not more often.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly TableClient _table = storage.Table(Name);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Copy? _copy;
    private byte[]? _addressKey;

    private sealed record Copy(Keyring Ring, long ReadAt);

    /// <summary>The key to sign with now.</summary>
    internal async ValueTask<LinkKey> SigningAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_copy is { } copy && !copy.Ring.IsDue(now))
        {
            return copy.Ring.Newest;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            var ring = await LoadAsync(cancellationToken);
            while (ring.IsDue(now))
            {
                await AddAsync(Links, RowKeyOf(ring.Keys.Count == 0 ? 1 : ring.Newest.Number + 1), now, cancellationToken);
                ring = await LoadAsync(cancellationToken);
            }

            return ring.Newest;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads a token by the keys at hand, and by storage's where they do not have its key.</summary>
    internal async ValueTask<TokenReading> ReadAsync(string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_copy is { } copy && (TokenCodec.Read(token, copy.Ring, now) is { Fault: not TokenFault.UnknownKey } read || time.GetElapsedTime(copy.ReadAt) < Again))
        {
            return TokenCodec.Read(token, copy.Ring, now);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return TokenCodec.Read(token, await LoadAsync(cancellationToken), now);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A text that shows who wrote it: see <see cref="SignedText"/>.</summary>
    internal async ValueTask<string> SignAsync(string purpose, string said, CancellationToken cancellationToken) => SignedText.Write(purpose, said, await SigningAsync(cancellationToken));

    /// <summary>What such a text says; null for one that nobody here has signed for this purpose, or whose key counts no more.</summary>
    internal async ValueTask<string?> ReadAsync(string purpose, string? text, CancellationToken cancellationToken) =>
        text is not null && SignedText.KeyOf(text) is { } number && await FindAsync(number, cancellationToken) is { } key && !Keyring.IsOver(key, time.GetUtcNow()) ? SignedText.Read(purpose, text, key) : null;

    /// <summary>A network address (or another short text that few bits would tell from others) as evidence keeps it: the same for ever, and nobody's without the key.</summary>
    internal async ValueTask<string> HashAsync(string text, CancellationToken cancellationToken) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(await AddressKeyAsync(cancellationToken), Encoding.UTF8.GetBytes(text)).AsSpan(..Keyring.TagBytes));

    /// <summary>By which addresses are hashed; the same for ever.</summary>
    internal async ValueTask<byte[]> AddressKeyAsync(CancellationToken cancellationToken)
    {
        if (_addressKey is { } known)
        {
            return known;
        }

        if (await FindAddressKeyAsync(cancellationToken) is not { } found)
        {
            await AddAsync(Addresses, RowKeyOf(1), time.GetUtcNow(), cancellationToken);
            found = await FindAddressKeyAsync(cancellationToken) ?? throw new InvalidDataException("The key for addresses was just made, and is not there.");
        }

        return _addressKey = found;
    }

    /// <summary>By the keys at hand, and by storage's where they do not have it.</summary>
    private async ValueTask<LinkKey?> FindAsync(int number, CancellationToken cancellationToken)
    {
        if (_copy is { } copy && (copy.Ring.Find(number) is not null || time.GetElapsedTime(copy.ReadAt) < Again))
        {
            return copy.Ring.Find(number);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return (await LoadAsync(cancellationToken)).Find(number);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Keyring> LoadAsync(CancellationToken cancellationToken)
    {
        var keys = new List<LinkKey>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Links}"), cancellationToken: cancellationToken))
        {
            keys.Add(new(int.Parse(row.RowKey), row.GetBinary(Secret), row.GetDateTimeOffset(MadeAt) ?? default));
        }

        _copy = new(new(keys), time.GetTimestamp());
        return _copy.Ring;
    }

    private async Task<byte[]?> FindAddressKeyAsync(CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Addresses, RowKeyOf(1), cancellationToken: cancellationToken);
        return found.HasValue ? found.Value!.GetBinary(Secret) : null; // it has one
    }

    private async Task AddAsync(string partition, string row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(new TableEntity(partition, row) { [Secret] = RandomNumberGenerator.GetBytes(LinkKey.SecretBytes), [MadeAt] = now }, cancellationToken);
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == "EntityAlreadyExists")
        {
            // Another instance was faster.
        }
    }

    private static string RowKeyOf(int number) => $"{number:00000000}";
}
