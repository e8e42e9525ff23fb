using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Feedback;

/// <summary>
/// A short text that carries its signature: what it says, its key's number, and 128 bits over both and over what it is for, so that what was signed for one purpose counts for no other. A link's token
/// (<see cref="TokenCodec"/>), which the same keys sign, begins with a byte that no purpose begins with.
/// </summary>
internal static class SignedText
{
    private const int LongestText = 250;

    /// <param name="purpose">Begins with a letter.</param>
    public static string Write(string purpose, string said, LinkKey key)
    {
        var numbered = string.Create(CultureInfo.InvariantCulture, $"{said}.{key.Number}");
        return $"{numbered}.{Signature(purpose, numbered, key)}";
    }

    /// <summary>The number of the key that it names; null when it names none.</summary>
    public static int? KeyOf(string text) =>
        text.Length <= LongestText && text.Split('.') is [_, .., var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;

    /// <summary>What it says; null for what that key has not signed for this purpose.</summary>
    public static string? Read(string purpose, string text, LinkKey key)
    {
        if (KeyOf(text) != key.Number)
        {
            return null;
        }

        var end = text.LastIndexOf('.');
        var numbered = text[..end];

        // Takes the same time wherever the first difference is.
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(purpose, numbered, key)), Encoding.UTF8.GetBytes(text[(end + 1)..])) ? numbered[..numbered.LastIndexOf('.')] : null;
    }

    private static string Signature(string purpose, string numbered, LinkKey key)
    {
        Span<byte> tag = stackalloc byte[Keyring.TagBytes];
        Keyring.Sign(key, Encoding.UTF8.GetBytes($"{purpose}\n{numbered}"), tag);
        return Base64Url.EncodeToString(tag);
    }
}
