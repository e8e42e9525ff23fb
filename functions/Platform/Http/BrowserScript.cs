using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Platform.Http;

/// <summary>A script for other people's pages, as it stands in the app's folder <c>web/</c>, read and compressed once.</summary>
public sealed class BrowserScript(string folder, string file)
{
    private readonly Lazy<(byte[] Plain, byte[] Gzipped, string Hash)> _file = new(() => Read(folder, file));

    /// <summary>To any site.</summary>
    public IResult Answer(HttpRequest request)
    {
        var (plain, gzipped, hash) = _file.Value;
        var isGzipped = request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "public, max-age=3600, stale-while-revalidate=86400";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        // A page with Cross-Origin-Embedder-Policy may only load what says this.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // As may a script element with crossorigin, which integrity needs.
        headers.AccessControlAllowOrigin = "*";
        if (isGzipped)
        {
            headers.ContentEncoding = "gzip";
        }

        return Results.Bytes(isGzipped ? gzipped : plain, "text/javascript; charset=utf-8", entityTag: new($"\"{hash}{(isGzipped ? "-gzip" : "")}\""));
    }

    private static (byte[] Plain, byte[] Gzipped, string Hash) Read(string folder, string file)
    {
        var plain = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "web", folder, file));
        using var gzipped = new MemoryStream();
        using (var gzip = new GZipStream(gzipped, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return (plain, gzipped.ToArray(), Convert.ToHexStringLower(SHA256.HashData(plain))[..16]);
    }
}
