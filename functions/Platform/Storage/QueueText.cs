using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Storage.Queues;

namespace LeadFunctions.Platform.Storage;

/// <summary>
/// The text of a queue message: JSON in ASCII, or <c>gz:</c> and the Base64 of its gzip where that is shorter.
/// A queue message holds at most 64 KiB of text; whoever writes stays below <see cref="Budget"/>.
/// </summary>
public static class QueueText
{
    /// <summary>What writers aim for, in bytes: a queue takes 64 KiB, and what an emulator or a proxy adds must fit too.</summary>
    public const int Budget = 48 * 1024;

    /// <summary>What a queue takes at most, in bytes of text.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>How far a message may unfold, in bytes, unless the caller says otherwise.</summary>
    public const int DefaultUnpackedLimit = 8 * 1024 * 1024;

    private const string Mark = "gz:";

    private static readonly TimeSpan ForEver = TimeSpan.FromSeconds(-1);

    // Below this, gzip and Base64 together save next to nothing, and a readable message is worth more.
    private const int WorthCompressing = 2 * 1024;

    /// <param name="json">UTF-8 JSON. Text that is not ASCII is always compressed, so that the message is.</param>
    public static string Encode(ReadOnlySpan<byte> json)
    {
        var isAscii = Ascii.IsValid(json);
        if (isAscii && json.Length < WorthCompressing)
        {
            return Encoding.ASCII.GetString(json);
        }

        using var packed = new MemoryStream(json.Length / 4 + 64);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(json);
        }

        var bytes = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        var length = Mark.Length + Base64.GetMaxEncodedToUtf8Length(bytes.Length);
        return isAscii && length >= json.Length
            ? Encoding.ASCII.GetString(json)
            : string.Concat(Mark, Convert.ToBase64String(bytes));
    }

    /// <summary>The JSON, UTF-8.</summary>
    /// <exception cref="InvalidDataException">Not Base64, not gzip, or larger than <paramref name="unpackedLimit"/> when unpacked.</exception>
    public static byte[] Decode(string text, int unpackedLimit = DefaultUnpackedLimit)
    {
        if (!text.StartsWith(Mark, StringComparison.Ordinal))
        {
            return text.Length <= unpackedLimit ? Encoding.UTF8.GetBytes(text) : throw TooLarge(unpackedLimit);
        }

        var packed = new byte[text.Length - Mark.Length];
        if (!Convert.TryFromBase64Chars(text.AsSpan(Mark.Length), packed, out var length))
        {
            throw new InvalidDataException("The queue message says gz: but is not Base64.");
        }

        using var gzip = new GZipStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
        var unpacked = new ArrayBufferWriter<byte>(Math.Min(unpackedLimit, length * 6) + 1);
        while (true)
        {
            var read = gzip.Read(unpacked.GetSpan());
            if (read == 0)
            {
                return unpacked.WrittenSpan.ToArray();
            }

            unpacked.Advance(read);
            if (unpacked.WrittenCount > unpackedLimit)
            {
                throw TooLarge(unpackedLimit);
            }
        }
    }

    public static string Write<T>(T message, JsonTypeInfo<T> type) => Encode(JsonSerializer.SerializeToUtf8Bytes(message, type));

    /// <exception cref="InvalidDataException">As <see cref="Decode"/>, or the message is <c>null</c>.</exception>
    /// <exception cref="JsonException">It unpacks, but is not this message.</exception>
    public static T Read<T>(string text, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(Decode(text), type) ?? throw new InvalidDataException("The queue message is null.");

    /// <summary>Puts a message into a queue for as long as it takes: the queue's own default is seven days, after which it drops one without a word.</summary>
    public static Task PutAsync(this QueueClient queue, string text, CancellationToken cancellationToken = default) => queue.SendMessageAsync(text, timeToLive: ForEver, cancellationToken: cancellationToken);

    private static InvalidDataException TooLarge(int limit) => new($"The queue message unpacks to more than {limit} bytes.");
}
