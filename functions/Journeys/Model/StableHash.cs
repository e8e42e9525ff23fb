using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Journeys.Model;

/// <summary>Hashes that are the same on every machine and for ever.</summary>
internal static class StableHash
{
    /// <summary>22 characters of letters, digits, - and _.</summary>
    public static string Text(string text) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>From 0 (inclusive) to 1 (exclusive), evenly spread.</summary>
    public static double Fraction(params ReadOnlySpan<string> parts)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) / (double)(1UL << 53);
    }
}
