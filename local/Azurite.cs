using System.ComponentModel;
using System.Text.Json;

namespace DevHost;

/// <summary>The storage emulator (blobs, queues, tables), a child of this process that ends with it, however it ends. <c>local/azurite/run.js</c> installs, finds, starts and saves.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private bool isStopping;

    private Azurite(Process process, JsonElement running, Action<string> say)
    {
        this.process = process;
        Ports = [.. new[] { "blobPort", "queuePort", "tablePort" }.Select(name => running.GetProperty(name).GetInt32())];
        process.Exited += (_, _) => (isStopping ? _ => { } : say)($"The storage emulator ended by itself (exit code {process.ExitCode}).");
        process.EnableRaisingEvents = true;
    }

    /// <summary>Where its blobs, queues and tables are.</summary>
    internal IReadOnlyList<int> Ports { get; }

    /// <summary>Whether a connection string means an emulator.</summary>
    internal static bool IsMeantBy(string? connectionString) =>
        new[] { "UseDevelopmentStorage=true", "AccountName=devstoreaccount1;" }.Any(sign => connectionString?.Contains(sign, StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>Whether nobody has chosen which emulator is meant: a connection string with ports of its own is a choice, and may well mean one that others use too.</summary>
    internal static bool IsDefault(string connectionString) => connectionString.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Starts one as the arguments say (see run.js), and waits until it answers; null when one answers on its ports already.</summary>
    /// <exception cref="StartException">It did not start.</exception>
    internal static async Task<Azurite?> StartAsync(IEnumerable<string> arguments, Action<string> say, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var script = Folders.Above(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "local", "azurite", "run.js")).FirstOrDefault(File.Exists)
            ?? throw new StartException("local/azurite was not found to start a storage emulator with. Start Azurite yourself, and set AzureWebJobsStorage to where it is.");
        var process = new Process { StartInfo = new ProcessStartInfo("node", [script, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (var (name, value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new StartException("'node' was not found: the storage emulator needs Node.js 20 or newer, with npm.", exception);
        }

        await using var giveUp = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith('{'))
            {
                return new Azurite(process, JsonSerializer.Deserialize<JsonElement>(line), say);
            }

            say(line);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? null : throw new StartException($"The storage emulator did not start: {(await errors).Trim()}");
    }

    /// <summary>A temporary one takes orders: see run.js.</summary>
    internal Task TellAsync(string order) => process.StandardInput.WriteLineAsync(order);

    /// <summary>Lets it save, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        isStopping = true;
        process.StandardInput.Close();
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(StopPatience, TimeProvider.System));
        process.Kill(entireProcessTree: true); // Nothing happens when it has ended.
        process.Dispose();
    }
}
