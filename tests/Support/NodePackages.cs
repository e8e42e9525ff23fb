using System.Diagnostics;

namespace LeadFunctions.Tests.Support;

/// <summary>npm packages that tests need, installed from the folder's lock file at the first use.</summary>
public static class NodePackages
{
    private static readonly string[] Quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

    /// <param name="relative">A folder of the repository with a package.json, such as <c>tests/clients</c>.</param>
    /// <returns>Its full path.</returns>
    public static async Task<string> EnsureAsync(string relative)
    {
        var folder = Path.Combine(AppOutput.Root, relative);
        // npm writes this file last: without it an installation was interrupted.
        var complete = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(complete))
        {
            return folder;
        }

        using var turn = await TakeTurnAsync(Path.Combine(folder, "node_modules.lock"));
        // A registry that lacks optional packages for other platforms makes `ci` call the lock file incomplete; `install` keeps to the same lock file.
        if (!File.Exists(complete) && await NpmAsync(folder, ["ci", .. Quiet]) != 0 && await NpmAsync(folder, ["install", "--no-save", .. Quiet]) != 0)
        {
            throw new InvalidOperationException($"npm could not install the packages of {relative}.");
        }

        return folder;
    }

    private static async Task<int> NpmAsync(string folder, string[] arguments)
    {
        Console.WriteLine($"Installing the npm packages of {folder}…");
        using var process = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments) { WorkingDirectory = folder })!; // without the shell there always is one
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>One installation at a time: two test processes may start together on a fresh machine.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }
}
