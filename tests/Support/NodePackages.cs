using LeadFunctions.Local.Functions.Azurite;

namespace LeadFunctions.Tests.Support;

/// <summary>npm packages that tests need, installed from the folder's lock file at the first use.</summary>
public static class NodePackages
{
    /// <param name="relative">A folder of the repository with a package.json, such as <c>tests/clients</c>.</param>
    /// <returns>Its full path.</returns>
    public static async Task<string> EnsureAsync(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relative);
            if (File.Exists(Path.Combine(path, "package.json")))
            {
                await AzuriteInstallation.EnsurePackagesAsync(path, () => Console.WriteLine($"Installing the npm packages of {relative}…"), CancellationToken.None);
                return path;
            }
        }

        throw new DirectoryNotFoundException($"{relative} is not above {AppContext.BaseDirectory}.");
    }
}
