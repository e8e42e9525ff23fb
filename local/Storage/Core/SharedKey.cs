using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>An account's name and key, and the signature that both services put into the Authorization header.</summary>
internal sealed class SharedKey
{
    private byte[] _key;

    public SharedKey(string accountName, string accountKey)
    {
        ArgumentNullException.ThrowIfNull(accountName);
        AccountName = accountName;
        _key = Decode(accountKey);
    }

    public string AccountName { get; }

    public void SetKey(string accountKey) => Volatile.Write(ref _key, Decode(accountKey));

    /// <summary>Base64 of HMAC-SHA256 over the UTF-8 text.</summary>
    public string Sign(ReadOnlySpan<char> text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(text, rented);
        HMACSHA256.HashData(Volatile.Read(ref _key), rented.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(rented);
        return Convert.ToBase64String(hash);
    }

    /// <summary>The current time as x-ms-date wants it. Signatures are checked against the service's clock, so this is always real time.</summary>
    public static string Date() => TimeProvider.System.GetUtcNow().ToString("R");

    private static byte[] Decode(string accountKey)
    {
        ArgumentNullException.ThrowIfNull(accountKey);
        return Convert.FromBase64String(accountKey);
    }
}
