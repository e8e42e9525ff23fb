using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Forms.Api;

/// <summary><c>web/forms/form.js</c>, which shows a form in another site's page. It is the same for all forms: which one, its own address says.</summary>
public sealed class FormScript
{
    private readonly Lazy<(byte[] Plain, byte[] Gzipped, string Hash)> _file = new(Read);

    internal IResult Answer(HttpRequest request)
    {
        var (plain, gzipped, hash) = _file.Value;
        var isGzipped = request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "public, max-age=3600, stale-while-revalidate=86400";
        headers.Vary = HeaderNames.AcceptEncoding;
        // A page with Cross-Origin-Embedder-Policy may only load what says this.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        if (isGzipped)
        {
            headers.ContentEncoding = "gzip";
        }

        return Results.Bytes(isGzipped ? gzipped : plain, "text/javascript; charset=utf-8", entityTag: new($"\"{hash}{(isGzipped ? "-gzip" : "")}\""));
    }

    private static (byte[] Plain, byte[] Gzipped, string Hash) Read()
    {
        var plain = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "web", "forms", "form.js"));
        using var gzipped = new MemoryStream();
        using (var gzip = new GZipStream(gzipped, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return (plain, gzipped.ToArray(), Convert.ToHexStringLower(SHA256.HashData(plain))[..16]);
    }
}
