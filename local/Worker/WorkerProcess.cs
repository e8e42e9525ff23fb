using System.Diagnostics;
using DevHost.Rpc;

namespace DevHost.Worker;

/// <summary>The app's process: started, watched, started again when it dies, ended with the host.</summary>
internal sealed class WorkerProcess(AppFolder app, IReadOnlyDictionary<string, string> settings, ILoggerFactory loggers)
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ILogger log = loggers.CreateLogger("Worker");
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private TaskCompletionSource<WorkerSession> current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (string Id, WorkerSession Session) expected;
    private Process? process;
    private Task watching = Task.CompletedTask;

    internal int ProcessId => process?.Id ?? 0;

    /// <summary>Starts it and waits until its functions are loaded.</summary>
    /// <exception cref="StartException">It ended instead, or a function cannot be loaded.</exception>
    internal async Task StartAsync(Uri rpcAddress, CancellationToken cancellationToken)
    {
        var first = Launch(rpcAddress);
        watching = WatchAsync(first, rpcAddress);
        try
        {
            await first.Session.Ready.WaitAsync(cancellationToken);
        }
        catch (WorkerProcessExitException exception)
        {
            throw new StartException(first.Errors.ToString() is { Length: > 0 } said ? said : "The app ended while it started.", exception);
        }
    }

    /// <summary>A worker whose functions are loaded, once there is one.</summary>
    internal ValueTask<WorkerSession> ReadyAsync(CancellationToken cancellationToken)
    {
        var session = Volatile.Read(ref current).Task;
        return session.IsCompletedSuccessfully ? ValueTask.FromResult(session.Result) : new ValueTask<WorkerSession>(session.WaitAsync(cancellationToken));
    }

    /// <summary>The session of the worker that says its first word; null when this host does not wait for it.</summary>
    internal WorkerSession? Greet(StreamingMessage start)
    {
        var (id, session) = expected;
        if (start.StartStream.WorkerId != id)
        {
            return null;
        }

        session.Greet();
        return session;
    }

    /// <summary>Asks the worker to end, and ends it when it does not.</summary>
    internal async Task StopAsync()
    {
        await stopping.CancelAsync();
        if (process is { HasExited: false } running)
        {
            expected.Session.Terminate();
            try
            {
                await running.WaitForExitAsync().WaitAsync(StopPatience);
            }
            catch (TimeoutException)
            {
                running.Kill(entireProcessTree: true);
            }
        }

        await watching;
        process?.Dispose();
    }

    /// <summary>Starts it again whenever it has ended, after a pause that grows while it ends soon.</summary>
    private async Task WatchAsync(Launched launched, Uri rpcAddress)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            var becameReady = OfferAsync(launched.Session);
            await launched.Process.WaitForExitAsync();
            var code = launched.Process.ExitCode;
            Withdraw();
            launched.Session.End();
            if (stopping.IsCancellationRequested || (!await becameReady && pause == TimeSpan.Zero))
            {
                return; // It never worked: whoever started it is told so.
            }

            Log.WorkerEnded(log, code, launched.Errors.ToString());
            pause = Stopwatch.GetElapsedTime(started) > LongestPause ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(Math.Min((pause.TotalMilliseconds * 4) + 1, LongestPause.TotalMilliseconds));
            try
            {
                await Task.Delay(pause, TimeProvider.System, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            launched = Launch(rpcAddress);
        }
    }

    private async Task<bool> OfferAsync(WorkerSession session)
    {
        try
        {
            await session.Ready;
            current.TrySetResult(session);
            return true;
        }
        catch (Exception exception) when (exception is WorkerProcessExitException or StartException)
        {
            return false;
        }
    }

    private void Withdraw()
    {
        lock (gate)
        {
            if (current.Task.IsCompleted)
            {
                Volatile.Write(ref current, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }
    }

    private Launched Launch(Uri rpcAddress)
    {
        var (id, request) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        var session = new WorkerSession(app, Say);
        expected = (id, session);
        var start = new ProcessStartInfo(app.Executable == "dotnet" ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet" : Path.Combine(app.Path, app.Executable))
        {
            WorkingDirectory = app.Path,
            RedirectStandardInput = true, // Its end tells the worker that the host is gone.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] args =
        [
            "--host", rpcAddress.Host, "--port", $"{rpcAddress.Port}", "--workerId", id, "--requestId", request, "--grpcMaxMessageLength", $"{int.MaxValue}",
            "--functions-uri", $"{rpcAddress}", "--functions-worker-id", id, "--functions-request-id", request, "--functions-grpc-max-message-length", $"{int.MaxValue}",
        ];
        foreach (var argument in app.WorkerPath is { } path ? [Path.Combine(app.Path, path), .. args] : args)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Path;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Path;
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;

        var errors = new Tail();
        process = Process.Start(start)!; // without the shell there always is one
        process.OutputDataReceived += (_, line) => Print(line.Data);
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Launched(process, session, errors);
    }

    private void Say(RpcLog line)
    {
        if (line.LogCategory == RpcLog.Types.RpcLogCategory.User && line.Level < RpcLog.Types.Level.None)
        {
            var exception = line.Exception is { } thrown ? $"\n{thrown.Message}\n{thrown.StackTrace}".TrimEnd() : "";
            Log.Worker(loggers.CreateLogger(line.Category), (LogLevel)line.Level, line.Message + exception);
        }
    }

    private static void Print(string? line)
    {
        if (line is not null)
        {
            Console.Out.WriteLine(line);
        }
    }

    private sealed record Launched(Process Process, WorkerSession Session, Tail Errors);
}
