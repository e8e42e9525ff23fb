using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Azure.Storage.Queues;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Local.Tests.Functions;

/// <summary>The sample app as a process of its own, with an emulator of its own.</summary>
public sealed class ProcessTests
{
    private static readonly string Dll = typeof(ProcessTests).Assembly.Location;

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    public async Task A_signal_lets_work_in_flight_finish_and_ends_the_app_and_its_storage_with_code_0(string signal)
    {
        using var storage = new OwnStorage();
        await using var app = await AppProcess.StartAsync(Dll, Settings("OnSlow"), storage.ConnectionString, storage.Data);
        var queue = new QueueClient(storage.ConnectionString, "slow");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("700");
        await Poll.UntilAsync(async () =>
        {
            using var busy = await app.Client.PostAsync("/local/settle?timeout=1ms", null);
            return (await busy.Content.ReadAsStringAsync()).Contains("function OnSlow");
        });

        (signal == "SIGTERM" ? (Action)app.Terminate : app.Interrupt)();

        Assert.Equal(0, await app.ExitAsync());
        await storage.AssertStoppedAsync();
        await using var again = await AppProcess.StartAsync(Dll, Settings("Ping"), storage.ConnectionString, storage.Data);
        Assert.Equal("700 ms, attempt 1", (await new QueueClient(storage.ConnectionString, "slow-done").ReceiveMessageAsync()).Value.MessageText);
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task The_storage_emulator_ends_when_the_app_is_killed()
    {
        using var storage = new OwnStorage();
        await using var app = await AppProcess.StartAsync(Dll, Settings("Ping"), storage.ConnectionString, storage.Data);
        Assert.Equal("pong", await app.Client.GetStringAsync("/ping"));

        app.Kill();

        await storage.AssertStoppedAsync();
    }

    [Fact]
    public async Task An_advanced_clock_stays_advanced_until_a_reset_clears_all_data()
    {
        using var storage = new OwnStorage();
        await using (var first = await AppProcess.StartAsync(Dll, Settings("Ping"), storage.ConnectionString, storage.Data))
        {
            await new QueueClient(storage.ConnectionString, "kept").CreateIfNotExistsAsync();
            (await first.Client.PostAsync("/local/clock", new StringContent("""{"advance":"30d"}"""))).EnsureSuccessStatusCode();
            first.Kill();
            await storage.AssertStoppedAsync();
        }

        await using (var second = await AppProcess.StartAsync(Dll, Settings("Ping"), storage.ConnectionString, storage.Data))
        {
            Assert.InRange(await NowAsync(second) - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(29.9), TimeSpan.FromDays(30.1));
            Assert.True(await new QueueClient(storage.ConnectionString, "kept").ExistsAsync());
            second.Terminate();
            Assert.Equal(0, await second.ExitAsync());
        }

        await using var third = await AppProcess.StartAsync(Dll, Settings("Ping"), storage.ConnectionString, storage.Data, args: "--reset");
        Assert.InRange(await NowAsync(third) - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(-0.1), TimeSpan.FromDays(0.1));
        Assert.False(await new QueueClient(storage.ConnectionString, "kept").ExistsAsync());
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line_and_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var storage = new OwnStorage();

        await using var app = AppProcess.Launch(Dll, Settings("Ping"), storage.ConnectionString, storage.Data, port);

        Assert.Equal(1, await app.ExitAsync());
        Assert.Equal($"Port {port} is in use. End what listens there, or choose another: --port {port + 1}", app.Output.Trim());
    }

    [Theory]
    [InlineData("--port takes a number from 0 (any free port) to 65535.", "--port", "many")]
    [InlineData("--setting takes Name=Value.", "--setting", "Name")]
    [InlineData("--data needs a value.", "--data")]
    [InlineData("The settings cannot be read: Could not find a part of the path '/nowhere/settings.json'.", "--settings", "/nowhere/settings.json")]
    [InlineData("The setting AzureWebJobsStorage is not valid. Connection string: each part must be of the form name=value.", "--setting", "AzureWebJobsStorage=nonsense")]
    public async Task A_wrong_argument_is_one_clear_line_and_code_1(string message, params string[] args)
    {
        using var storage = new OwnStorage();
        await using var app = AppProcess.Launch(Dll, Settings("Ping"), storage.ConnectionString, storage.Data, 0, args);

        Assert.Equal(1, await app.ExitAsync());
        Assert.Equal(message, app.Output.Trim());
    }

    [Fact]
    public async Task Without_Node_the_message_says_what_is_missing()
    {
        using var storage = new OwnStorage();
        var settings = Settings("Ping");
        settings["PATH"] = "/nowhere";
        await using var app = AppProcess.Launch(Dll, settings, storage.ConnectionString, storage.Data);

        Assert.Equal(1, await app.ExitAsync());
        Assert.Contains("Node.js 20 or newer", app.Output);
        Assert.Single(app.Output.Trim().Split('\n'));
    }

    private static async Task<DateTimeOffset> NowAsync(AppProcess app) => (await app.Client.GetFromJsonAsync<JsonElement>("/local/clock")).GetProperty("now").GetDateTimeOffset();

    private static Dictionary<string, string> Settings(params string[] functions)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureFunctionsJobHost__extensions__http__routePrefix"] = "",
            ["AzureFunctionsJobHost__extensions__queues__messageEncoding"] = "none",
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:01",
        };
        for (var i = 0; i < functions.Length; i++)
        {
            settings[$"AzureFunctionsJobHost__functions__{i}"] = functions[i];
        }

        return settings;
    }

    /// <summary>The well-known account on free ports: the app under test starts an emulator there.</summary>
    private sealed class OwnStorage : IDisposable
    {
        private readonly int queuePort = FreePort();
        private readonly int tablePort = FreePort();

        internal string Data { get; } = Path.Combine(Path.GetTempPath(), $"leadfunctions-{Guid.NewGuid():N}");

        internal string ConnectionString =>
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
            + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + $"QueueEndpoint=http://127.0.0.1:{queuePort}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{tablePort}/devstoreaccount1;";

        public void Dispose()
        {
            if (Directory.Exists(Data))
            {
                Directory.Delete(Data, recursive: true);
            }
        }

        internal async Task AssertStoppedAsync()
        {
            var clock = Stopwatch.StartNew();
            await Poll.UntilAsync(() => !Answers(queuePort) && !Answers(tablePort), TimeSpan.FromSeconds(20));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        }

        private static bool Answers(int port)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
