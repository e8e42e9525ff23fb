using System.Runtime.InteropServices;
using DevHost;

if (HostArguments.AsksForHelp(args))
{
    Console.Out.WriteLine(HostArguments.Usage);
    return 0;
}

try
{
    await using var host = new AppHost(HostArguments.Parse(args), HostLogging.Configure);
    var ended = new TaskCompletionSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    await host.StartAsync(CancellationToken.None);
    await ended.Task;
    return 0;

    void End(PosixSignalContext signal)
    {
        signal.Cancel = true; // It ends by itself, when what is under way has finished.
        ended.TrySetResult();
    }
}
catch (StartException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
