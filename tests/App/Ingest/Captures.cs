using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Tests.Ingest;

/// <summary>Requests that real clients sent, as recorded (tests/App/Ingest/captures, one a line).</summary>
internal sealed record Capture(string Name, string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string? Header(string name) => Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();

    /// <summary>The body as it was on the wire: the recording holds it unpacked.</summary>
    public byte[] Bytes => Header("Content-Encoding") == "gzip" ? Bodies.Gzip(Encoding.UTF8.GetBytes(Body)) : Encoding.UTF8.GetBytes(Body);
}

internal static class Captures
{
    public static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "captures");

    public static IReadOnlyList<Capture> All { get; } =
        [.. Directory.GetFiles(Folder(), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>Of every client.</summary>
    public static IReadOnlyList<Capture> AllPosts { get; } = [.. All.Where(c => c.Method == "POST")];

    /// <summary>Of the clients that speak the tracking API.</summary>
    public static IReadOnlyList<Capture> Posts { get; } = [.. AllPosts.Where(c => c.Path.StartsWith("/v1/", StringComparison.Ordinal))];

    public static IReadOnlyList<Capture> Snowplow { get; } = [.. All.Where(c => c.Name.StartsWith("snowplow", StringComparison.Ordinal) && c.Method != "OPTIONS")];

    private static IEnumerable<Capture> Read(string file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            using var document = JsonDocument.Parse(line);
            var request = document.RootElement;
            yield return new Capture(
                $"{Path.GetFileNameWithoutExtension(file)} {number}",
                request.GetProperty("m").GetString()!,
                request.GetProperty("u").GetString()!,
                [.. request.GetProperty("H").EnumerateArray().Select(h => (h[0].GetString()!, h[1].GetString()!))],
                request.GetProperty("body").GetString()!);
        }
    }
}

internal static class Bodies
{
    public static byte[] Gzip(ReadOnlySpan<byte> bytes) => Pack(bytes, s => new GZipStream(s, CompressionLevel.Optimal));

    public static byte[] Zlib(ReadOnlySpan<byte> bytes) => Pack(bytes, s => new ZLibStream(s, CompressionLevel.Optimal));

    public static byte[] Deflate(ReadOnlySpan<byte> bytes) => Pack(bytes, s => new DeflateStream(s, CompressionLevel.Optimal));

    private static byte[] Pack(ReadOnlySpan<byte> bytes, Func<Stream, Stream> open)
    {
        var packed = new MemoryStream();
        using (var stream = open(packed))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}
