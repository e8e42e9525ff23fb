using System.Security.Cryptography;
using System.Text;
using DevHost;

namespace LeadFunctions.Tests.Support;

/// <summary>
/// A real storage emulator on free ports, its data in a throw-away folder (in memory where the machine has /dev/shm), with many accounts: each test takes
/// one of its own. It counts its requests. One is shared by a test process; a test that stops and starts storage makes a private one.
/// </summary>
public sealed class Emulator : IAsyncDisposable
{
    private const int AccountCount = 400;

    /// <summary>Has the emulator count what it is asked, for a <see cref="StorageMeter"/>.</summary>
    private static readonly string CountRequests = Path.Combine(AppContext.BaseDirectory, "count-requests.cjs");

    private static readonly Lazy<Task<Emulator>> SharedOne = new(StartSharedAsync);

    private readonly string data = Directory.CreateDirectory(Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        $"leadfunctions-tests-{Guid.NewGuid():N}")).FullName;

    private Azurite? process;
    private IReadOnlyList<int> ports = [0, 0, 0];
    private int taken;

    private Emulator()
    {
    }

    /// <summary>The emulator of this test process, started at the first use and stopped at its end.</summary>
    public static Task<Emulator> SharedAsync() => SharedOne.Value;

    /// <summary>An emulator for one test, which disposes it.</summary>
    public static async Task<Emulator> StartPrivateAsync()
    {
        var emulator = new Emulator();
        await emulator.StartAsync();
        return emulator;
    }

    /// <summary>The connection string of an account of the shared emulator that nothing else uses.</summary>
    public static async Task<string> NewSharedAccountAsync() => (await SharedAsync()).NewAccount();

    /// <summary>The connection string of an account that nothing else uses.</summary>
    public string NewAccount()
    {
        var number = Interlocked.Increment(ref taken);
        if (number > AccountCount)
        {
            throw new InvalidOperationException($"More than {AccountCount} accounts are in use.");
        }

        var name = AccountName(number);
        return $"DefaultEndpointsProtocol=http;AccountName={name};AccountKey={AccountKey(name)};"
            + $"BlobEndpoint=http://127.0.0.1:{ports[0]}/{name};QueueEndpoint=http://127.0.0.1:{ports[1]}/{name};TableEndpoint=http://127.0.0.1:{ports[2]}/{name};";
    }

    /// <summary>
    /// What was taken from the queues of an account of the shared emulator, and not finished, can be taken again: as after a minute, the least for which the engine takes a message.
    /// To be called while whoever works on that account is dead.
    /// </summary>
    public static async Task ReleaseAsync(string connectionString) =>
        await (await SharedAsync()).process!.TellAsync($"release {connectionString.Split("AccountName=")[1].Split(';')[0]}"); // not null: nobody stops the shared one

    /// <summary>Starts it (again, on the same ports and with the same data).</summary>
    public async Task StartAsync()
    {
        var accounts = string.Join(';', Enumerable.Range(1, AccountCount).Select(AccountName).Select(name => $"{name}:{AccountKey(name)}"));
        process = await Azurite.StartAsync(
            ["--location", data, "--ports", string.Join(',', ports), "--temporary"], Console.WriteLine, new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = accounts, ["NODE_OPTIONS"] = $"--require \"{CountRequests}\"" }, CancellationToken.None)
            ?? throw new InvalidOperationException($"Something else answers on the ports {string.Join(", ", ports)}.");
        ports = process.Ports;
    }

    /// <summary>Stops it with a signal that lets it save.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            await process.TellAsync("keep");
            await process.DisposeAsync();
            process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }
        else if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<Emulator> StartSharedAsync()
    {
        var emulator = await StartPrivateAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => emulator.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        return emulator;
    }

    private static string AccountName(int number) => $"account{number}";

    private static string AccountKey(string name) => Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(name)));
}
