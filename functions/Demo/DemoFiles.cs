using System.Text;
using LeadFunctions.Access;
using LeadFunctions.Platform;

namespace LeadFunctions.Demo;

/// <summary>The files of <c>samples/demo</c>, where there are any to serve.</summary>
public sealed class DemoFiles(Deployment deployment, AccessOptions access)
{
    private const string Page = "index.html";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples", "demo");

    public bool AreServed { get; } = !deployment.IsDeployed && Directory.Exists(Folder);

    /// <summary>A file of the shop, or for each of its pages the one document that draws them all. Null when nothing is served, and for the name of a file that is not there.</summary>
    /// <param name="path">Below <c>/demo</c>, without the leading slash.</param>
    public (byte[] Content, string ContentType)? Find(string path)
    {
        if (!AreServed)
        {
            return null;
        }

        var contentType = Path.GetExtension(path) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            _ => null,
        };
        if (contentType is null)
        {
            var page = File.ReadAllText(Path.Combine(Folder, Page));
            return (Encoding.UTF8.GetBytes(page.Replace("WRITE_KEY", access.WriteKey, StringComparison.Ordinal)), "text/html; charset=utf-8");
        }

        // The folder is flat, so a name with a separator is no file of it.
        var file = Path.Combine(Folder, Path.GetFileName(path));
        return Path.GetFileName(path) == path && File.Exists(file) ? (File.ReadAllBytes(file), contentType) : null;
    }
}
