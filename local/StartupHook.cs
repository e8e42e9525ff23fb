using System.Runtime.InteropServices;

/// <summary>Runs inside the worker, before the app: .NET calls it because the host names it in <c>DOTNET_STARTUP_HOOKS</c>, by this very name.</summary>
internal static class StartupHook
{
    /// <summary>Has the worker die with the host, however that dies, and leaves Ctrl-C to the host, which lets invocations finish.</summary>
    public static void Initialize()
    {
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null); // Not for processes that the app starts.
        if (!OperatingSystem.IsWindows())
        {
            _ = SetProcessGroup(0, 0);
        }

        var host = Console.OpenStandardInput();
        new Thread(() =>
        {
            _ = host.ReadByte(); // Nothing is ever written: it ends when the last handle to the other side closes, as it does when the host is killed.
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true }.Start();
    }

    [DllImport("libc", EntryPoint = "setpgid")]
    private static extern int SetProcessGroup(int process, int group);
}
