using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>
/// An app as a user runs it: the development host as a process, the app as its worker, and an emulator of its own, which counts what it is asked. Of its own, since the
/// emulator writes all its tables to disk every 5 seconds and slows down as they grow.
/// </summary>
internal sealed class Stack : IAsyncDisposable
{
    /// <summary>LeadFunctions itself, on the real clock, as deployed: the movable one costs a read for each invocation.</summary>
    public static readonly string App = AppOutput.Folder;

    /// <summary>Functions that do nothing.</summary>
    public static readonly string Floor = Path.Combine(AppOutput.Root, "benchmarks", "Floor", "bin", AppOutput.Configuration, "net10.0");

    private const string Extensions = "AzureFunctionsJobHost__extensions__";

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);

    private readonly Emulator emulator;
    private readonly AppProcess process;

    private Stack(Emulator emulator, string account, AppProcess process)
    {
        (this.emulator, this.process, Account) = (emulator, process, account);
        Storage = new StorageMeter(account);
        Client = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(5), DefaultRequestHeaders = { { "Authorization", "Bearer local-admin-key" } } };
    }

    public string Account { get; }

    public StorageMeter Storage { get; }

    public Uri Address => process.Address;

    /// <summary>With the admin key.</summary>
    public HttpClient Client { get; }

    /// <summary>Settings by which it looks into its queues as often as host.json says, not as often as on a laptop.</summary>
    public static (string Name, string Value)[] PollingAsDeployed
    {
        get
        {
            using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppOutput.Root, "host.json")));
            var extensions = host.RootElement.GetProperty("extensions");
            return
            [
                ($"{Extensions}queues__maxPollingInterval", extensions.GetProperty("queues").GetProperty("maxPollingInterval").GetString()!), // they are texts
                ($"{Extensions}durableTask__storageProvider__maxQueuePollingInterval", extensions.GetProperty("durableTask").GetProperty("storageProvider").GetProperty("maxQueuePollingInterval").GetString()!),
            ];
        }
    }

    public static async Task<Stack> StartAsync(string folder, params (string Name, string Value)[] settings)
    {
        var emulator = await Emulator.StartPrivateAsync();
        var account = emulator.NewAccount();
        var all = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        all.TryAdd("LeadFunctions__Clock", "real");
        all.TryAdd("LeadFunctions__Definitions__KnownWithin", "00:00:05");
        var stack = new Stack(emulator, account, await AppProcess.StartAsync(folder, all, account));
        if (folder == App)
        {
            // A source has a rate that its public key cannot exceed; here that key's load is what is wanted.
            using var source = new StringContent("""{"name":"Default","eventsPerSecond":0}""", Encoding.UTF8, "application/json");
            (await stack.Client.PutAsync("/api/sources/default", source)).EnsureSuccessStatusCode().Dispose();
        }

        return stack;
    }

    /// <summary>Megabytes that host and worker hold.</summary>
    public (double Host, double Worker) Memory()
    {
        using var host = Process.GetProcessById(process.ProcessId);
        using var worker = Worker();
        return (host.WorkingSet64 / 1048576.0, worker.WorkingSet64 / 1048576.0);
    }

    /// <summary>Seconds of processor time that host and worker have used so far.</summary>
    public (double Host, double Worker) Processor()
    {
        using var host = Process.GetProcessById(process.ProcessId);
        using var worker = Worker();
        return (host.TotalProcessorTime.TotalSeconds, worker.TotalProcessorTime.TotalSeconds);
    }

    /// <summary>What it asks storage for while nothing happens, for so long.</summary>
    public async Task<StorageRequests> IdleAsync(TimeSpan time)
    {
        var before = await Storage.QuietAsync(IdleAfter);
        before = await Storage.ReadAsync();
        await Task.Delay(time);
        return await Storage.ReadAsync() - before;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Storage.Dispose();
        await process.DisposeAsync();
        await emulator.DisposeAsync();
    }

    /// <summary>The host's child.</summary>
    private Process Worker() => Process.GetProcesses().Single(candidate => ParentOf(candidate.Id) == process.ProcessId);

    private static int ParentOf(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]); // after the name: the state, then the parent
        }
        catch (IOException)
        {
            return 0; // It has ended meanwhile.
        }
    }
}
