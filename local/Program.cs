using System.Runtime.InteropServices;
using DevHost;

return await HostArguments.InvokeAsync(args, async arguments =>
{
    using var ending = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    try
    {
        await using var host = new AppHost(arguments, HostLogging.Configure);
        await host.StartAsync(ending.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending.Token);
    }
    catch (OperationCanceledException) when (ending.IsCancellationRequested)
    {
        // What was under way has finished.
    }
    catch (StartException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 1;
    }

    return 0;

    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        ending.Cancel();
    }
});
