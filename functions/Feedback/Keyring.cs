using System.Security.Cryptography;

namespace LeadFunctions.Feedback;

/// <param name="Number">From 1, in the order in which they were made.</param>
internal sealed record LinkKey(int Number, ReadOnlyMemory<byte> Secret, DateTimeOffset MadeAt)
{
    public const int SecretBytes = 32;
}

/// <summary>The keys that links are signed with. The newest signs, the older ones go on verifying what they have signed.</summary>
/// <param name="Keys">The oldest first.</param>
internal sealed record Keyring(IReadOnlyList<LinkKey> Keys)
{
    public const int TagBytes = 16;

    /// <summary>So long a key signs.</summary>
    public static readonly TimeSpan Signs = TimeSpan.FromDays(90);

    /// <summary>So long it verifies after that: people search their mailbox for the link by which they can unsubscribe.</summary>
    public static readonly TimeSpan Verifies = TimeSpan.FromDays(2 * 365);

    /// <summary>A new key is to be made.</summary>
    public bool IsDue(DateTimeOffset now) => Keys.Count == 0 || now >= Keys[^1].MadeAt + Signs;

    /// <summary>The one to sign with; there is one wherever <see cref="IsDue"/> is not.</summary>
    public LinkKey Newest => Keys[^1];

    public LinkKey? Find(int number)
    {
        foreach (var key in Keys)
        {
            if (key.Number == number)
            {
                return key;
            }
        }

        return null;
    }

    public static bool IsOver(LinkKey key, DateTimeOffset now) => now >= key.MadeAt + Signs + Verifies;

    /// <summary>128 bits of an HMAC.</summary>
    public static void Sign(LinkKey key, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret.Span, content, digest);
        digest[..TagBytes].CopyTo(tag);
    }

    /// <summary>Takes the same time wherever the first difference is.</summary>
    public static bool IsSigned(LinkKey key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> tag)
    {
        Span<byte> right = stackalloc byte[TagBytes];
        Sign(key, content, right);
        return CryptographicOperations.FixedTimeEquals(right, tag);
    }
}
