using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DevHost.Tests.Support;

/// <summary>The host as a process of its own: to be interrupted, killed, and read.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private HostProcess(Process process) => this.process = process;

    internal IReadOnlyList<string> Lines => [.. lines];

    internal HttpClient Client { get; private set; } = null!; // StartAsync sets it

    internal int ProcessId => process.Id;

    /// <summary>Starts the host on the sample app and waits until it listens.</summary>
    internal static async Task<HostProcess> StartAsync(string account, Journal journal, string data, params string[] arguments)
    {
        var host = Launch(
            [Sample.Folder, "--port", "0", "--data", data, "--setting", $"SAMPLE_JOURNAL={journal.FilePath}", "--setting=AzureWebJobs.TakeNothing.Disabled=true", "--setting=Sample__SecretKey=secret", .. arguments],
            ("AzureWebJobsStorage", account), ("CONTAINER_NAME", "of-a-build-machine"));
        var address = "";
        await Eventually.BeTrueAsync(
            () =>
            {
                address = host.Lines.Select(line => Listening().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
                return address is not null || host.process.HasExited;
            },
            () => "It does not listen.");
        Assert.False(host.process.HasExited, string.Join('\n', host.Lines));
        host.Client = new HttpClient { BaseAddress = new Uri($"{address}/v1/") };
        return host;
    }

    /// <summary>Starts the host without waiting for anything.</summary>
    internal static HostProcess Launch(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Sample.Host, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(new Process { StartInfo = start });
        host.process.OutputDataReceived += (_, line) => host.Take(line.Data);
        host.process.ErrorDataReceived += (_, line) => host.Take(line.Data);
        host.process.Start();
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Presses Ctrl-C.</summary>
    internal void Interrupt() => Assert.Equal(0, SendSignal(process.Id, 2));

    internal void Terminate() => Assert.Equal(0, SendSignal(process.Id, 15));

    internal void Kill() => process.Kill();

    /// <summary>Waits for its end; gives the exit code.</summary>
    internal async Task<int> EndsAsync(TimeSpan? patience = null)
    {
        await process.WaitForExitAsync().WaitAsync(patience ?? Eventually.Patience);
        return process.ExitCode;
    }

    /// <summary>The processes that it has started.</summary>
    internal IReadOnlyList<int> Children() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!)).Where(id => ParentOf(id) == process.Id)]; // not null: just parsed

    internal static bool Runs(int processId) => ParentOf(processId) is not null;

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>Null for a process that has ended, a zombie included.</summary>
    private static int? ParentOf(int processId)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    [GeneratedRegex(@"Listening on (http://[^/ ]+):")]
    private static partial Regex Listening();
}
