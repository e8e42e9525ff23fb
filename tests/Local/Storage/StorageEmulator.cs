using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>One Azurite for all storage tests, on free ports and a throw-away folder. It ends when its standard input closes, however this process dies.</summary>
public sealed class StorageEmulator : IAsyncLifetime
{
    public const string Collection = "Storage emulator";
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string _folder = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "leadfunctions-storage-" + Guid.NewGuid().ToString("N"));

    private Process? _process;

    public string TableEndpoint { get; private set; } = "";

    public string QueueEndpoint { get; private set; } = "";

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint={TableEndpoint};QueueEndpoint={QueueEndpoint};";

    public static string NewTableName() => "t" + Guid.NewGuid().ToString("N");

    public static string NewQueueName() => "q" + Guid.NewGuid().ToString("N");

    public async Task InitializeAsync()
    {
        var (blobPort, queuePort, tablePort) = (FreePort(), FreePort(), FreePort());
        TableEndpoint = $"http://127.0.0.1:{tablePort}/{Account}";
        QueueEndpoint = $"http://127.0.0.1:{queuePort}/{Account}";
        Directory.CreateDirectory(_folder);
        var main = RepositoryFiles.Find("local/azurite/node_modules/azurite/dist/src/azurite.js");
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "-e", "process.stdin.on('end', () => process.exit()).resume(); require(process.argv[1])", main,
            "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", _folder,
            "--blobPort", $"{blobPort}", "--queuePort", $"{queuePort}", "--tablePort", $"{tablePort}",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Task.WhenAll(Answers(queuePort), Answers(tablePort));
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task Answers(int port)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromSeconds(60) && _process is { HasExited: false })
            {
                await Task.Delay(50);
            }
        }
    }
}

[CollectionDefinition(StorageEmulator.Collection)]
public sealed class StorageEmulatorDefinition : ICollectionFixture<StorageEmulator>;

internal static class RepositoryFiles
{
    /// <summary>A file or folder of the repository, found from where the tests run upwards.</summary>
    public static string Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"{relative} is not there: run npm ci in its folder.");
    }
}
