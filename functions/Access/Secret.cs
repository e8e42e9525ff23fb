using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Access;

/// <summary>
/// A key as its holder sees it: <c>{prefix}{id}_{secret}</c>. The id finds the record, the rest is known only as a hash. 24 random bytes need no
/// salt and no slow hash: there is nothing to guess.
/// </summary>
/// <param name="Id">Not secret: names the key in listings and logs.</param>
/// <param name="Text">Shown once.</param>
public sealed record Secret(string Id, string Text)
{
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 10;
    private const int RandomBytes = 24;

    public string Hash => HashOf(Text);

    public static Secret Create(string prefix)
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        return new Secret(id, $"{prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))}");
    }

    /// <summary>The id within a key of this prefix; null when it has none.</summary>
    public static string? FindId(string prefix, string text)
    {
        var end = prefix.Length + IdLength;
        return text.Length > end && text[end] == '_' && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..end] : null;
    }

    /// <summary>SHA-256 in hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Takes the same time wherever the first difference is.</summary>
    public static bool Matches(string text, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(text)), Encoding.ASCII.GetBytes(hash));
}
