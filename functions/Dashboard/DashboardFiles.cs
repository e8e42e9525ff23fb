using System.Collections.Frozen;
using System.Security.Cryptography;

namespace LeadFunctions.Dashboard;

/// <summary>A file as it was built, and compressed there.</summary>
/// <param name="ETag">Without quotes.</param>
internal sealed record DashboardFile(string ContentType, byte[] Plain, byte[]? Brotli, byte[]? Gzip, string ETag);

/// <summary>What <c>web/dashboard</c> was built to, read once: some hundred KB.</summary>
public sealed class DashboardFiles
{
    public const string Page = "index.html";

    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Lazy<FrozenDictionary<string, DashboardFile>> _files = new(() => Read(Path.Combine(AppContext.BaseDirectory, "web", "dashboard")));

    /// <summary>A file by its path below <c>/app</c>; the page for every path that names none, since it draws all of them itself. Null for a file that is not there.</summary>
    internal DashboardFile? Find(string path) => _files.Value.GetValueOrDefault(Path.HasExtension(path) && path.StartsWith("assets/", StringComparison.Ordinal) ? path : Page);

    private static FrozenDictionary<string, DashboardFile> Read(string folder) =>
        (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            .Where(file => ContentTypes.ContainsKey(Path.GetExtension(file)))
            .ToFrozenDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), ReadFile, StringComparer.Ordinal);

    private static DashboardFile ReadFile(string file)
    {
        var plain = File.ReadAllBytes(file);
        return new(ContentTypes[Path.GetExtension(file)], plain, Beside(".br"), Beside(".gz"), Convert.ToHexStringLower(SHA256.HashData(plain))[..16]);

        byte[]? Beside(string extension) => File.Exists(file + extension) ? File.ReadAllBytes(file + extension) : null;
    }
}
