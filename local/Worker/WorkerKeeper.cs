namespace DevHost.Worker;

/// <summary>The app's process: started, watched, started again when it dies, ended with the host.</summary>
internal sealed class WorkerKeeper(AppFolder app, IReadOnlyDictionary<string, string> settings, ILoggerFactory loggers)
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ILogger log = loggers.CreateLogger("Worker");
    private readonly CancellationTokenSource stopping = new();
    private volatile TaskCompletionSource<WorkerSession> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerSession? session;
    private Process? process;
    private Task keeping = Task.CompletedTask;

    internal int ProcessId => process?.Id ?? 0;

    /// <summary>Starts it and waits until its functions are loaded.</summary>
    /// <exception cref="StartException">It ended instead, or a function cannot be loaded.</exception>
    internal async Task StartAsync(Uri rpcAddress, CancellationToken cancellationToken)
    {
        keeping = KeepAsync(rpcAddress);
        await ready.Task.WaitAsync(cancellationToken);
    }

    /// <summary>A worker whose functions are loaded, once there is one.</summary>
    internal Task<WorkerSession> ReadyAsync(CancellationToken cancellationToken) => ready.Task is { IsCompletedSuccessfully: true } now ? now : ready.Task.WaitAsync(cancellationToken);

    /// <summary>The session of the worker that says its first word; null when it is not the one that this host has just started.</summary>
    internal WorkerSession? Greet(string workerId) => session is { } waiting && waiting.Id == workerId && waiting.TryGreet() ? waiting : null;

    /// <summary>Lets the worker finish what it has in hand, asks it to end, and ends it when it does not.</summary>
    internal async Task StopAsync(CancellationToken patience)
    {
        await stopping.CancelAsync();
        await (session?.StopAsync(patience) ?? Task.CompletedTask);
        await Task.WhenAny(keeping, Task.Delay(StopPatience, TimeProvider.System, CancellationToken.None));
        process?.Kill(entireProcessTree: true);
        await keeping;
    }

    /// <summary>How long to wait before the next start: hardly after a long life, longer and longer after short ones.</summary>
    internal static TimeSpan PauseAfter(TimeSpan lived, TimeSpan lastPause)
    {
        var pause = lived > LongestPause ? TimeSpan.Zero : (2 * lastPause) + TimeSpan.FromMilliseconds(100);
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task KeepAsync(Uri rpcAddress)
    {
        var (isFirst, pause) = (true, TimeSpan.Zero);
        while (!stopping.IsCancellationRequested)
        {
            var (started, errors) = (Stopwatch.GetTimestamp(), new StringBuilder());
            var current = session = new WorkerSession(app, loggers);
            var worker = process = Launch(current, rpcAddress, errors);
            var exited = worker.WaitForExitAsync();
            await Task.WhenAny(current.Ready, exited);
            if (current.Ready.IsCompletedSuccessfully)
            {
                isFirst = false;
                ready.TrySetResult(current);
                await exited;
                ready = new(TaskCreationOptions.RunContinuationsAsynchronously); // Before its invocations fail: whoever asks again gets the next worker.
            }

            worker.Kill(entireProcessTree: true); // Nothing happens when it has ended.
            await exited;
            current.End();
            if (isFirst)
            {
                ready.SetException(current.Ready.Exception?.InnerException ?? new StartException(errors.Length > 0 ? ReasonIn(errors) : $"The app ended while it started (exit code {worker.ExitCode})."));
                return;
            }

            if (!stopping.IsCancellationRequested)
            {
                pause = PauseAfter(Stopwatch.GetElapsedTime(started), pause);
                Log.WorkerEnded(log, worker.ExitCode, pause.TotalSeconds, ReasonIn(errors));
                await Task.Delay(pause, TimeProvider.System, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Process Launch(WorkerSession session, Uri rpcAddress, StringBuilder errors)
    {
        string[] arguments =
        [
            .. app.WorkerPath is { } path ? [Path.Combine(app.Path, path)] : Array.Empty<string>(),
            "--host", rpcAddress.Host, "--port", $"{rpcAddress.Port}", "--workerId", session.Id, "--requestId", session.Id, "--grpcMaxMessageLength", $"{int.MaxValue}",
            "--functions-uri", $"{rpcAddress}", "--functions-worker-id", session.Id, "--functions-request-id", session.Id, "--functions-grpc-max-message-length", $"{int.MaxValue}",
        ];
        var executable = app.Executable == "dotnet" ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet" : Path.Combine(app.Path, app.Executable);
        var start = new ProcessStartInfo(executable, arguments) { WorkingDirectory = app.Path, RedirectStandardError = true, RedirectStandardInput = true }; // The input's end tells the worker that the host is gone.
        start.Environment.Clear(); // What the settings hold is all, the machine's environment among it.
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Path;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Path;
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        var worker = Process.Start(start)!; // without the shell there always is one
        worker.ErrorDataReceived += (_, line) =>
        {
            errors.Append(line.Data).Append(line.Data is null ? "" : Environment.NewLine);
            if (session.Ready.IsCompletedSuccessfully)
            {
                Console.Error.Write(errors); // Before, it is the reason, should it end.
                errors.Clear();
            }
        };
        worker.BeginErrorReadLine();
        return worker;
    }

    /// <summary>An unhandled exception without its stack.</summary>
    private static string ReasonIn(StringBuilder errors) =>
        string.Join('\n', $"{errors}".Split('\n').Where(line => !line.StartsWith("   ", StringComparison.Ordinal))).Replace("Unhandled exception. ", "", StringComparison.Ordinal).Trim();
}
