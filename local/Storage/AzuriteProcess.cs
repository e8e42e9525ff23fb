using System.Diagnostics;
using System.Text.Json;

namespace DevHost.Storage;

/// <summary>A storage emulator (blobs, queues, tables) that runs as a child of this process and ends with it, however it ends.</summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private bool isStopping;

    private AzuriteProcess(Process process, EmulatorPorts ports) => (this.process, Ports) = (process, ports);

    internal EmulatorPorts Ports { get; }

    internal int ProcessId => process.Id;

    /// <summary>Starts the emulator and waits until it answers.</summary>
    /// <param name="folder">Where <c>run.js</c> and its <c>node_modules</c> stand.</param>
    /// <param name="data">Where it keeps its data.</param>
    /// <param name="ports">Where it is to listen.</param>
    /// <param name="accounts">Accounts in the form of <c>AZURITE_ACCOUNTS</c>; null for the well-known one.</param>
    /// <param name="isTemporary">Its data go when it ends, unless it is stopped by <see cref="StopAsync"/>.</param>
    /// <param name="onEnded">Called with the exit code when the emulator ends by itself.</param>
    /// <exception cref="StartException">It did not start.</exception>
    internal static async Task<AzuriteProcess> StartAsync(string folder, string data, EmulatorPorts ports, string? accounts, bool isTemporary, Action<int>? onEnded, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            ArgumentList = { Path.Combine(folder, "run.js"), "--location", data, "--blobPort", $"{ports.Blob}", "--queuePort", $"{ports.Queue}", "--tablePort", $"{ports.Table}" },
        };
        if (isTemporary)
        {
            start.ArgumentList.Add("--temporary");
        }

        if (accounts is not null)
        {
            start.Environment["AZURITE_ACCOUNTS"] = accounts;
        }

        var process = Process.Start(start)!; // without the shell there always is one
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var ready = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartPatience, cancellationToken)
                ?? throw new StartException($"The storage emulator did not start: {(await errors).Trim()}");
            var running = JsonSerializer.Deserialize<JsonElement>(ready);
            var azurite = new AzuriteProcess(process, new EmulatorPorts(Port("blobPort"), Port("queuePort"), Port("tablePort")));
            azurite.Watch(onEnded);
            return azurite;

            int Port(string name) => running.GetProperty(name).GetInt32();
        }
        catch (Exception exception)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw exception is TimeoutException
                ? new StartException($"The storage emulator did not start within {StartPatience.TotalSeconds} s.", exception)
                : exception;
        }
    }

    /// <summary>Lets it save, waits for its end, and keeps its data for another start, temporary ones too.</summary>
    internal async Task StopAsync()
    {
        await process.StandardInput.WriteLineAsync("keep");
        await process.StandardInput.FlushAsync();
        await DisposeAsync();
    }

    /// <summary>Lets it save, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        isStopping = true;
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(StopPatience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private void Watch(Action<int>? onEnded) => _ = process.WaitForExitAsync().ContinueWith(
        _ =>
        {
            if (!isStopping)
            {
                onEnded?.Invoke(process.ExitCode);
            }
        },
        TaskScheduler.Default);
}
