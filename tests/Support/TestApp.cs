using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Tests.Support;

/// <summary>An app that runs in the test's process, on a free port, with a storage account, a clock and a data folder of its own.</summary>
public sealed class TestApp : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string data;
    private readonly bool ownsData;
    private bool expectsErrors;

    private TestApp(IHost host, string connectionString, CapturedLogs logs, string data, bool ownsData)
    {
        this.host = host;
        this.data = data;
        this.ownsData = ownsData;
        ConnectionString = connectionString;
        Logs = logs;
        Address = ((LocalHost)host).Address;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    /// <summary>Of the account that the app works on.</summary>
    public string ConnectionString { get; }

    public Uri Address { get; }

    /// <summary>Follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public CapturedLogs Logs { get; }

    public IServiceProvider Services => host.Services;

    public VirtualClock Clock => Services.GetRequiredService<VirtualClock>();

    /// <summary>Starts an app.</summary>
    /// <param name="build">Builds it, such as <c>App.Build</c>.</param>
    /// <param name="settings">Settings over those of the sample, by name (<c>LeadFunctions__AdminKey</c>).</param>
    /// <param name="account">A connection string; a new account of the shared emulator when null.</param>
    /// <param name="customize">Adds to the app's services after the app has.</param>
    /// <param name="now">The time at which the clock starts, frozen; real time, running, when null.</param>
    /// <param name="data">The folder for timers and the clock; a throw-away one when null.</param>
    /// <param name="args">More arguments.</param>
    public static async Task<TestApp> StartAsync(
        Func<string[], IHost> build,
        IReadOnlyDictionary<string, string>? settings = null,
        string? account = null,
        Action<IHostApplicationBuilder>? customize = null,
        DateTimeOffset? now = null,
        string? data = null,
        params string[] args)
    {
        account ??= await Emulator.NewSharedAccountAsync();
        var folder = data ?? Path.Combine(Path.GetTempPath(), $"leadfunctions-{Guid.NewGuid():N}");
        var logs = new CapturedLogs();
        var host = Build();
        try
        {
            if (now is { } start)
            {
                host.Services.GetRequiredService<VirtualClock>().FreezeAt(start);
            }

            await ((LocalHost)host).StartOrThrowAsync(CancellationToken.None);
            return new TestApp(host, account, logs, folder, ownsData: data is null);
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }

        IHost Build()
        {
            FunctionsApplicationBuilder.Customization.Value = builder =>
            {
                builder.Logging.ClearProviders().AddProvider(logs);
                builder.Services.RemoveAll<IHostLifetime>();
                builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
                customize?.Invoke(builder);
            };
            try
            {
                var sample = Path.Combine(AppContext.BaseDirectory, "local.settings.sample.json");
                return build([
                    "--port", "0",
                    "--data", folder,
                    .. File.Exists(sample) ? new[] { "--settings", sample } : [],
                    "--setting", $"AzureWebJobsStorage={account}",
                    .. (settings ?? new Dictionary<string, string>()).SelectMany(s => new[] { "--setting", $"{s.Key}={s.Value}" }),
                    .. args,
                ]);
            }
            finally
            {
                FunctionsApplicationBuilder.Customization.Value = null;
            }
        }
    }

    /// <summary>Moves the app's time on; all that is due on the way happens, and finishes.</summary>
    public Task<Advanced> AdvanceAsync(TimeSpan by) => Clock.AdvanceAsync(by);

    /// <summary>Waits until no message is queued and nothing runs.</summary>
    public Task SettleAsync(TimeSpan? patience = null) => Clock.SettleAsync(patience);

    /// <summary>Has the app's end not complain about errors that it logged.</summary>
    public void ExpectErrors() => expectsErrors = true;

    /// <summary>Stops the app as Ctrl-C would.</summary>
    public Task StopAsync() => host.StopAsync();

    /// <summary>Stops the app.</summary>
    /// <exception cref="InvalidOperationException">It logged errors that the test did not expect.</exception>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        if (ownsData && Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        if (!expectsErrors && Logs.Errors is [_, ..] errors)
        {
            throw new InvalidOperationException($"The app logged {errors.Count} errors:\n{string.Join('\n', errors)}");
        }
    }

    /// <summary>Leaves the test process's signals alone.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
