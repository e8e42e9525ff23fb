using Azure.Data.Tables;
using DevHost;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tests.Support;

/// <summary>The real app: its worker as a child process, under the development host, on a free port, with a storage account of its own.</summary>
public sealed class TestApp : IAsyncDisposable
{
    private readonly AppHost host;
    private readonly Func<IHost> build;
    private readonly List<IHost> built = [];
    private bool expectsErrors;
    private bool isBorrowed;
    private bool hasStopped;

    private TestApp(AppHost host, string connectionString, CapturedLogs logs, Func<IHost> build)
    {
        this.host = host;
        this.build = build;
        ConnectionString = connectionString;
        Logs = logs;
        Address = host.Address;
        Client = NewClient();
    }

    /// <summary>Of the account that the app works on.</summary>
    public string ConnectionString { get; }

    public Uri Address { get; }

    /// <summary>Follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    /// <summary>What worker and host logged.</summary>
    public CapturedLogs Logs { get; }

    /// <summary>The app's services as yet another instance on the same account has them, which knows nothing yet: built anew at each call, and never started.</summary>
    public IServiceProvider NewServices()
    {
        var other = build();
        built.Add(other);
        return other.Services;
    }

    public int WorkerProcessId => host.WorkerProcessId;

    /// <summary>Starts an app.</summary>
    /// <param name="build">Builds it, such as <c>App.Build</c>: for <see cref="NewServices"/>.</param>
    /// <param name="settings">Settings over those of the sample, by name (<c>LeadFunctions__AdminKey</c>).</param>
    /// <param name="account">A connection string; a new account of the shared emulator when null.</param>
    /// <param name="now">The time at which the clock stands until it is moved; real time, running, when null.</param>
    /// <param name="port">0 for any free one.</param>
    /// <param name="logsAll">Whether <see cref="Logs"/> has all that host and worker can say, but for the web server, which says what was asked for.</param>
    public static async Task<TestApp> StartAsync(
        Func<string[], IHost> build, IReadOnlyDictionary<string, string>? settings = null, string? account = null, DateTimeOffset? now = null, int port = 0, bool logsAll = false)
    {
        account ??= await Emulator.NewSharedAccountAsync();
        if (now is { } start)
        {
            await StandAtAsync(account, start);
        }

        var values = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["AzureWebJobsStorage"] = account };
        if (logsAll)
        {
            values["Logging__LogLevel__Default"] = "Trace"; // the worker's
        }

        var logs = new CapturedLogs();
        var host = new AppHost(new HostArguments(AppOutput.Folder, port, AppOutput.Folder, Reset: false, AppOutput.SampleSettings, values), logging =>
        {
            HostLogging.Filter(logging);
            logging.AddProvider(logs);
            if (logsAll)
            {
                logging.AddFilter<CapturedLogs>((category, _) => category?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) != true && category?.StartsWith("Yarp.", StringComparison.Ordinal) != true);
            }
        });
        try
        {
            await host.StartAsync(CancellationToken.None);
            return new TestApp(host, account, logs, () => build([.. DevHost.Settings.Values(AppOutput.SampleSettings).Concat(values).Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}")]));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>This app for one of several tests that share it, with a client of its own. Its end stops nothing, but complains about the errors that were logged until then, and has them forgotten.</summary>
    public TestApp Borrow() => new(host, ConnectionString, Logs, build) { isBorrowed = true };

    /// <summary>Another client, for tests that need their own headers.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Moves the app's time on; all that is due on the way happens, and finishes.</summary>
    public Task AdvanceAsync(TimeSpan by) => AppClock.AdvanceAsync(Client, by);

    /// <summary>Waits until no message is queued and nothing runs.</summary>
    public Task SettleAsync(TimeSpan? patience = null) => AppClock.SettleAsync(Client, patience);

    /// <summary>Has the app's end not complain about errors that it logged.</summary>
    public void ExpectErrors() => expectsErrors = true;

    /// <summary>Stops the app as Ctrl-C would.</summary>
    public async Task StopAsync()
    {
        if (!hasStopped && !isBorrowed)
        {
            hasStopped = true;
            await host.DisposeAsync();
        }
    }

    /// <summary>Stops the app.</summary>
    /// <exception cref="InvalidOperationException">It logged errors that the test did not expect.</exception>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        built.ForEach(other => other.Dispose());

        var errors = Logs.Errors;
        if (isBorrowed)
        {
            Logs.Clear(); // The next test answers for its own.
        }

        if (!expectsErrors && errors.Count > 0)
        {
            throw new InvalidOperationException($"The app logged {errors.Count} errors:\n{string.Join('\n', errors)}");
        }
    }

    /// <summary>Writes the row that the app's movable clock reads, before there is an app.</summary>
    private static async Task StandAtAsync(string account, DateTimeOffset now)
    {
        var table = new TableClient(account, "Clock");
        await table.CreateIfNotExistsAsync();
        await table.UpsertEntityAsync(new TableEntity("clock", "clock") { ["standsAt"] = now });
    }
}
