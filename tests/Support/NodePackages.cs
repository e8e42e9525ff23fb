using System.Diagnostics;

namespace LeadFunctions.Tests.Support;

/// <summary>npm packages that tests need, installed from the folder's lock file at the first use.</summary>
public static class NodePackages
{
    /// <param name="relative">A folder of the repository with a package.json, such as <c>tests/clients</c>.</param>
    /// <returns>Its full path.</returns>
    public static async Task<string> EnsureAsync(string relative)
    {
        var folder = Path.Combine(AppOutput.Root, relative);
        using var process = Process.Start("node", [Path.Combine(AppOutput.Root, "local", "azurite", "packages.js"), folder]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? folder : throw new InvalidOperationException($"npm could not install the packages of {relative}.");
    }
}
