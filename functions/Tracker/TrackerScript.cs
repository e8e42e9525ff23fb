using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Tracker;

/// <summary><c>lf.js</c> as it stands in the app's folder, read and compressed once.</summary>
public sealed class TrackerScript
{
    private readonly Lazy<(byte[] Plain, byte[] Gzipped, string Hash)> _file = new(Read);

    public (byte[] Content, EntityTagHeaderValue ETag) Plain => (_file.Value.Plain, new($"\"{_file.Value.Hash}\""));

    public (byte[] Content, EntityTagHeaderValue ETag) Gzipped => (_file.Value.Gzipped, new($"\"{_file.Value.Hash}-gzip\""));

    private static (byte[] Plain, byte[] Gzipped, string Hash) Read()
    {
        var plain = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "web", "tracker", "lf.js"));
        using var gzipped = new MemoryStream();
        using (var gzip = new GZipStream(gzipped, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return (plain, gzipped.ToArray(), Convert.ToHexStringLower(SHA256.HashData(plain))[..16]);
    }
}
