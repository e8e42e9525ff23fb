using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DevHost.Storage;

/// <summary>The emulator as <c>local/azurite</c> pins it, installed by npm on the first run.</summary>
internal static class AzuriteInstallation
{
    private const int OldestNode = 20;

    private static readonly string[] Quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

    /// <summary>The folder with the emulator, ready to run.</summary>
    /// <param name="say">Told that an installation starts, since it takes a while.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    /// <exception cref="StartException">The folder, Node.js or npm is missing, or npm failed.</exception>
    internal static async Task<string> EnsureAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var folder = FindFolder(AppContext.BaseDirectory) ?? FindFolder(Environment.CurrentDirectory)
            ?? throw new StartException("No storage emulator answers, and local/azurite was not found to start one. Start Azurite, or set AzureWebJobsStorage.");
        await RequireNodeAsync(cancellationToken);

        await EnsurePackagesAsync(folder, () => say("Installing Azurite (first run, about a minute)…"), cancellationToken);
        return folder;
    }

    /// <summary>A folder's npm packages as its lock file pins them; installs them when they are missing, once, however many processes ask.</summary>
    /// <exception cref="StartException">npm is missing or failed.</exception>
    internal static async Task EnsurePackagesAsync(string folder, Action starting, CancellationToken cancellationToken)
    {
        // npm writes this file last: without it an installation was interrupted.
        var complete = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(complete))
        {
            return;
        }

        using var turn = await TakeTurnAsync(Path.Combine(folder, "node_modules.lock"), cancellationToken);
        if (!File.Exists(complete))
        {
            starting();
            await InstallAsync(folder, cancellationToken);
        }
    }

    private static string? FindFolder(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "local", "azurite") is var path && File.Exists(Path.Combine(path, "run.js")))
            {
                return path;
            }
        }

        return null;
    }

    private static async Task RequireNodeAsync(CancellationToken cancellationToken)
    {
        var version = await RunAsync("node", ["--version"], Environment.CurrentDirectory, cancellationToken);
        var major = version.Output.TrimStart('v').Split('.')[0];
        if (version.ExitCode != 0 || !int.TryParse(major, CultureInfo.InvariantCulture, out var number) || number < OldestNode)
        {
            throw new StartException($"The storage emulator needs Node.js {OldestNode} or newer; this is {version.Output.Trim()}.");
        }
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var (exitCode, output) = await RunAsync(npm, ["ci", .. Quiet], folder, cancellationToken);
        if (exitCode != 0)
        {
            // A registry that lacks optional packages for other platforms makes `ci` call the lock file incomplete; `install` keeps to the same lock file.
            (exitCode, output) = await RunAsync(npm, ["install", "--no-save", .. Quiet], folder, cancellationToken);
        }

        if (exitCode != 0)
        {
            throw new StartException($"npm could not install the packages of {folder}:\n{output.Trim()}");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception exception)
        {
            throw new StartException($"'{command}' was not found: the storage emulator needs Node.js {OldestNode} or newer, with npm.", exception);
        }
    }

    /// <summary>One installation at a time: two test processes may start together on a fresh machine.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
        }
    }
}
