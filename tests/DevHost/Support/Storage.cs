using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DevHost.Tests.Support;

/// <summary>An emulator for the whole test process, on free ports, with an account for each host.</summary>
internal static class Storage
{
    private const int Accounts = 50;

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
        var listeners = Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        const string Name = "devstoreaccount1"; // with the key that everybody knows
        return $"AccountName={Name};AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + $"BlobEndpoint=http://127.0.0.1:{ports[0]}/{Name};QueueEndpoint=http://127.0.0.1:{ports[1]}/{Name};TableEndpoint=http://127.0.0.1:{ports[2]}/{Name};";
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
