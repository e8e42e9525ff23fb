using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadFunctions.Tests.Support;

/// <summary>An app that runs as a process of its own: to be killed, interrupted and started again.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    private const int Interrupted = 2;
    private const int Terminated = 15;

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppProcess(Process process) => this.process = process;

    /// <summary>Where it answers.</summary>
    public Uri Address { get; private set; } = null!; // Set before anyone gets the object.

    public HttpClient Client { get; private set; } = null!; // As Address.

    public int ProcessId => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>What it has printed so far, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>
    /// Settings for an app that is to be killed. The host leases a message for minutes, and a test cannot wait that long for what a killed process had in hand; nor is a message
    /// poison because its process was killed again and again.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ForKills { get; } = new Dictionary<string, string>
    {
        ["DevHost__QueueLease"] = "00:00:10",
        ["AzureFunctionsJobHost__extensions__queues__maxDequeueCount"] = "1000",
    };

    /// <summary>Starts the app and waits until it listens.</summary>
    /// <param name="folder">The app's output; the build's when null.</param>
    /// <param name="settings">Given as environment variables.</param>
    /// <param name="account">A connection string; a new account of the shared emulator when null.</param>
    /// <param name="data">Where the host keeps the data of an emulator that it starts itself; a new folder when null.</param>
    /// <param name="port">0 for any free one.</param>
    /// <param name="args">More arguments.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it printed.</exception>
    public static async Task<AppProcess> StartAsync(string? folder = null, IReadOnlyDictionary<string, string>? settings = null, string? account = null, string? data = null, int port = 0, params string[] args)
    {
        var app = Launch(folder, settings, account ?? await Emulator.NewSharedAccountAsync(), data, port, args);
        if (await Task.WhenAny(app.listening.Task, app.process.WaitForExitAsync()).WaitAsync(TimeSpan.FromSeconds(120)) != app.listening.Task)
        {
            var code = await app.ExitAsync();
            throw new InvalidOperationException($"The app ended with code {code}:\n{app.Output}");
        }

        app.Address = await app.listening.Task;
        app.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address, Timeout = TimeSpan.FromMinutes(5) };
        return app;
    }

    /// <summary>Starts the app without waiting for anything, as for one that is to refuse to start.</summary>
    public static AppProcess Launch(string? folder, IReadOnlyDictionary<string, string>? settings, string account, string? data = null, int port = 0, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            ArgumentList = { "exec", AppOutput.Host, folder ?? AppOutput.Folder, "--port", $"{port}", "--data", data ?? Path.Combine(Path.GetTempPath(), $"leadfunctions-{Guid.NewGuid():N}") },
        };
        foreach (var arg in (string[])["--settings", AppOutput.SampleSettings, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["AzureWebJobsStorage"] = account;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var app = new AppProcess(new Process { StartInfo = start });
        app.process.OutputDataReceived += (_, e) => app.Read(e.Data);
        app.process.ErrorDataReceived += (_, e) => app.Read(e.Data);
        app.process.Start();
        app.process.BeginOutputReadLine();
        app.process.BeginErrorReadLine();
        return app;
    }

    /// <summary>Ends the host on the spot, as a crash would; the worker and what the host started end with it.</summary>
    public void Kill() => process.Kill();

    /// <summary>Ends the worker on the spot; the host starts another. Does nothing while there is none.</summary>
    public void KillWorker()
    {
        foreach (var id in WorkerProcessIds())
        {
            try
            {
                using var worker = Process.GetProcessById(id);
                worker.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // It ended meanwhile.
            }
        }
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Terminate() => Signal(process.Id, Terminated);

    /// <summary>Presses Ctrl-C (SIGINT).</summary>
    public void Interrupt() => Signal(process.Id, Interrupted);

    /// <summary>Waits for its end; gives the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? patience = null)
    {
        await process.WaitForExitAsync().WaitAsync(patience ?? TimeSpan.FromSeconds(60));
        process.WaitForExit(); // Also for the last of the output.
        return process.ExitCode;
    }

    /// <summary>Waits until nothing is queued or running.</summary>
    public Task SettleAsync(TimeSpan? patience = null) => AppClock.SettleAsync(Client, patience);

    /// <summary>Moves the app's time on; all that is due on the way happens, and finishes.</summary>
    public Task AdvanceAsync(TimeSpan by) => AppClock.AdvanceAsync(Client, by);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>The host's children that run the app.</summary>
    private IEnumerable<int> WorkerProcessIds()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ReadProc(id, "stat") is { Length: > 0 } stat
                && stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{process.Id}" && ReadProc(id, "cmdline").Contains("--functions-worker-id", StringComparison.Ordinal))
            {
                yield return id;
            }
        }
    }

    private static string ReadProc(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    private static void Signal(int processId, int signal)
    {
        if (SendSignal(processId, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to process {processId}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    [GeneratedRegex(@"Listening on (http://[^\s:]+:\d+)")]
    private static partial Regex Listening();
}
