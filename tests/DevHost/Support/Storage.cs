using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DevHost.Tests.Support;

/// <summary>An emulator for the whole test process, on free ports, with an account for each host.</summary>
internal static class Storage
{
    private const int Accounts = 50;

    // Below those that a system gives to whoever asks for any: they stay free until an emulator starts there, and while it is away.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private static readonly Lazy<Task<Azurite>> Emulator = new(StartAsync);
    private static int taken;

    /// <summary>The connection string of an account that nothing else uses.</summary>
    internal static async Task<string> NewAccountAsync()
    {
        var (emulator, name) = (await Emulator.Value, $"account{Interlocked.Increment(ref taken)}");
        return $"AccountName={name};AccountKey={Key(name)};BlobEndpoint=http://127.0.0.1:{emulator.Ports[0]}/{name};QueueEndpoint=http://127.0.0.1:{emulator.Ports[1]}/{name};TableEndpoint=http://127.0.0.1:{emulator.Ports[2]}/{name};";
    }

    /// <summary>The connection string of an emulator that does not run yet, on ports that are free.</summary>
    internal static string UnusedEmulator()
    {
        var ports = Enumerable.Repeat(0, int.MaxValue).Select(_ => Random.Shared.Next(FirstPort, LastPort)).Where(IsFree).Distinct().Take(3).ToList();
        const string Name = "devstoreaccount1"; // with the key that everybody knows
        return $"AccountName={Name};AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + $"BlobEndpoint=http://127.0.0.1:{ports[0]}/{Name};QueueEndpoint=http://127.0.0.1:{ports[1]}/{Name};TableEndpoint=http://127.0.0.1:{ports[2]}/{Name};";
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<Azurite> StartAsync()
    {
        var accounts = string.Join(';', Enumerable.Range(1, Accounts).Select(number => $"account{number}:{Key($"account{number}")}"));
        var emulator = await Azurite.StartAsync(
            ["--location", Sample.NewPath(), "--ports", "0,0,0", "--temporary"], Console.WriteLine, new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = accounts }, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => emulator!.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10)); // not null: nothing answers on ports that it chose itself
        return emulator!;
    }

    private static string Key(string name) => Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(name)));
}
