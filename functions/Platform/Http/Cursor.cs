using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace LeadFunctions.Platform.Http;

/// <summary>
/// The position in a listing, opaque to the caller. It carries a checksum with the position's type, so that an altered or foreign cursor is
/// refused instead of giving a wrong page; it is no secret and grants nothing (the key is checked at every request), therefore it is not signed.
/// </summary>
public static class Cursor
{
    private const int ChecksumBytes = 6;
    private const int MaxLength = 4096;

    public static string Encode<T>(T position)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(position, WebJson.Options);
        return Base64Url.EncodeToString([.. Checksum<T>(json), .. json]);
    }

    public static bool TryDecode<T>(string? text, [MaybeNullWhen(false)] out T position)
    {
        position = default;
        if (text is not { Length: > 0 and <= MaxLength } || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            if (bytes.Length <= ChecksumBytes || !bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum<T>(bytes.AsSpan(ChecksumBytes))))
            {
                return false;
            }

            position = JsonSerializer.Deserialize<T>(bytes.AsSpan(ChecksumBytes), WebJson.Options);
            return position is not null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return false;
        }
    }

    private static byte[] Checksum<T>(ReadOnlySpan<byte> json)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(typeof(T).FullName ?? typeof(T).Name));
        hash.AppendData(json);
        return hash.GetHashAndReset()[..ChecksumBytes];
    }
}

/// <summary>One page of a listing.</summary>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null);
