using System.Diagnostics;
using System.Text.Json;
using LeadFunctions.Local.Functions.Hosting;

namespace LeadFunctions.Local.Functions.Azurite;

/// <summary>A storage emulator (queues and tables) that runs as a child of this process and ends with it, however it ends.</summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private bool isStopping;

    private AzuriteProcess(Process process, int queuePort, int tablePort)
    {
        this.process = process;
        QueuePort = queuePort;
        TablePort = tablePort;
    }

    internal int QueuePort { get; }

    internal int TablePort { get; }

    internal int ProcessId => process.Id;

    /// <summary>Starts the emulator and waits until it answers.</summary>
    /// <param name="folder">Where <c>run.js</c> and its <c>node_modules</c> stand.</param>
    /// <param name="data">Where it keeps its data.</param>
    /// <param name="queuePort">0 for any free one.</param>
    /// <param name="tablePort">0 for any free one.</param>
    /// <param name="accounts">Accounts in the form of <c>AZURITE_ACCOUNTS</c>; null for the well-known one.</param>
    /// <param name="isTemporary">Its data go when it ends, unless it is stopped by <see cref="StopAsync"/>.</param>
    /// <param name="onEnded">Called with the exit code when the emulator ends by itself.</param>
    /// <exception cref="LocalStartException">It did not start.</exception>
    internal static async Task<AzuriteProcess> StartAsync(string folder, string data, int queuePort, int tablePort, string? accounts, bool isTemporary, Action<int>? onEnded, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            ArgumentList = { Path.Combine(folder, "run.js"), "--location", data, "--queuePort", $"{queuePort}", "--tablePort", $"{tablePort}" },
        };
        if (isTemporary)
        {
            start.ArgumentList.Add("--temporary");
        }

        if (accounts is not null)
        {
            start.Environment["AZURITE_ACCOUNTS"] = accounts;
        }

        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var ready = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartPatience, cancellationToken)
                ?? throw new LocalStartException($"The storage emulator did not start: {(await errors).Trim()}");
            var ports = JsonSerializer.Deserialize<JsonElement>(ready);
            var azurite = new AzuriteProcess(process, ports.GetProperty("queuePort").GetInt32(), ports.GetProperty("tablePort").GetInt32());
            azurite.Watch(onEnded);
            return azurite;
        }
        catch (Exception exception)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw exception is TimeoutException
                ? new LocalStartException($"The storage emulator did not start within {StartPatience.TotalSeconds} s.", exception)
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
