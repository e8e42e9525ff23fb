using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest;

/// <summary>
/// The JSON of a request, read with bounded memory and work whatever it says of itself: clients send JSON under three content types, and
/// proxies unpack bodies without touching <c>Content-Encoding</c>, so what the bytes look like decides. Memory is rented: dispose it.
/// </summary>
internal sealed class IngestBody : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = IngestLimits.Depth };

    private readonly byte[] _rented;
    private readonly JsonDocument? _document;

    private IngestBody(byte[] rented, JsonDocument? document, Outcome outcome, string reason)
    {
        _rented = rented;
        _document = document;
        Outcome = outcome;
        Reason = reason;
    }

    /// <summary><see cref="Outcome.Accepted"/>, or why there is no <see cref="Json"/>.</summary>
    public Outcome Outcome { get; }

    public string Reason { get; }

    public JsonElement Json => _document?.RootElement ?? default;

    public static async ValueTask<IngestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var length = request.ContentLength;
        if (length > IngestLimits.Body)
        {
            return new IngestBody([], null, Outcome.TooLarge, "The body is too large.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(length ?? 4096) + 1);
        var count = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(count), cancellationToken);
            if (read == 0)
            {
                return Decode(buffer, count, request.Headers.ContentEncoding.ToString());
            }

            count += read;
            if (count > IngestLimits.Body)
            {
                return new IngestBody(buffer, null, Outcome.TooLarge, "The body is too large.");
            }

            if (count == buffer.Length)
            {
                buffer = Grow(buffer);
            }
        }
    }

    /// <param name="buffer">Rented; this takes it over.</param>
    public static IngestBody Decode(byte[] buffer, int count, string contentEncoding)
    {
        var json = buffer.AsMemory(0, count);
        if (Compression(json.Span, contentEncoding) is { } open)
        {
            if (!TryUnpack(open(new MemoryStream(buffer, 0, count)), out var unpacked, out var length, out var tooLarge))
            {
                ArrayPool<byte>.Shared.Return(unpacked);
                return tooLarge
                    ? new IngestBody(buffer, null, Outcome.TooLarge, "The body is too large when unpacked.")
                    : new IngestBody(buffer, null, Outcome.Unreadable, "The body says that it is compressed, but cannot be unpacked.");
            }

            ArrayPool<byte>.Shared.Return(buffer);
            buffer = unpacked;
            json = buffer.AsMemory(0, length);
        }

        json = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        if (!Utf8.IsValid(json.Span))
        {
            return new IngestBody(buffer, null, Outcome.Unreadable, "The body is not UTF-8.");
        }

        Surrogates.Mend(json.Span);
        try
        {
            return new IngestBody(buffer, JsonDocument.Parse(json, Strict), Outcome.Accepted, "");
        }
        catch (JsonException exception)
        {
            var place = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
            return new IngestBody(buffer, null, Outcome.Unreadable, $"The body is not JSON, or nested deeper than {IngestLimits.Depth}{place}.");
        }
    }

    public void Dispose()
    {
        _document?.Dispose();
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static Func<Stream, Stream>? Compression(ReadOnlySpan<byte> bytes, string contentEncoding)
    {
        if (bytes is [0x1F, 0x8B, ..])
        {
            return static packed => new GZipStream(packed, CompressionMode.Decompress);
        }

        // zlib: "x", which no JSON begins with, and a checksum over two bytes.
        if (bytes is [0x78, var flags, ..] && ((0x78 << 8) + flags) % 31 == 0)
        {
            return static packed => new ZLibStream(packed, CompressionMode.Decompress);
        }

        // Some clients mean the bare stream by "deflate".
        return contentEncoding.Equals("deflate", StringComparison.OrdinalIgnoreCase) && bytes is [not ((byte)'{' or (byte)'[' or (byte)' ' or (byte)'\r' or (byte)'\n'), ..]
            ? static packed => new DeflateStream(packed, CompressionMode.Decompress)
            : null;
    }

    private static bool TryUnpack(Stream unpacking, out byte[] buffer, out int count, out bool tooLarge)
    {
        using var stream = unpacking;
        buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        count = 0;
        tooLarge = false;
        try
        {
            int read;
            while ((read = stream.Read(buffer.AsSpan(count))) > 0)
            {
                count += read;
                if (count > IngestLimits.Body)
                {
                    tooLarge = true;
                    return false;
                }

                if (count == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
