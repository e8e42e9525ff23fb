using System.Diagnostics;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace DevHost.Tests.Support;

/// <summary>A host in this process, with the sample app as its worker.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly AppHost host;

    private SampleHost(AppHost host, string account, Journal journal, Lines lines)
    {
        this.host = host;
        (Account, Journal, Lines) = (account, journal, lines);
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Address, "v1/") };
    }

    internal string Account { get; }

    internal Journal Journal { get; }

    internal Lines Lines { get; }

    internal HttpClient Client { get; }

    internal int WorkerProcessId => host.WorkerProcessId;

    internal static Task<SampleHost> StartAsync(string? account = null, params (string Name, string Value)[] settings) => StartAsync(account, TimeSpan.FromSeconds(30), settings);

    internal static async Task<SampleHost> StartAsync(string? account, TimeSpan patience, params (string Name, string Value)[] settings)
    {
        account ??= await Storage.NewAccountAsync();
        var (journal, lines) = (new Journal(), new Lines());
        var values = settings.Append(("AzureWebJobsStorage", account)).Append(("SAMPLE_JOURNAL", journal.FilePath)).Select(setting => KeyValuePair.Create(setting.Item1, setting.Item2));
        var host = new AppHost(new HostArguments(Sample.Folder, 0, Sample.NewPath(), Reset: false, Path.Combine(Sample.Folder, "local.settings.sample.json"), values), logging =>
        {
            HostLogging.Filter(logging);
            logging.AddProvider(lines);
        })
        { Patience = patience };
        try
        {
            await host.StartAsync(CancellationToken.None);
            return new SampleHost(host, account, journal, lines);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    internal Task SendAsync(string queue, string text) => SendAsync(Account, queue, BinaryData.FromString(text));

    internal static async Task SendAsync(string account, string queue, BinaryData body)
    {
        var client = new QueueClient(account, queue);
        await client.CreateIfNotExistsAsync();
        await client.SendMessageAsync(body);
    }

    /// <summary>Neither waiting nor taken by any host: what is taken stays in its queue until it is done.</summary>
    internal async Task<bool> EngineHasNothingInHandAsync()
    {
        var storage = new QueueServiceClient(Account);
        await foreach (var queue in storage.GetQueuesAsync(prefix: "sample-"))
        {
            if ((await storage.GetQueueClient(queue.Name).GetPropertiesAsync()).Value.ApproximateMessagesCount > 0)
            {
                return false;
            }
        }

        return true;
    }

    internal void KillWorker() => Process.GetProcessById(WorkerProcessId).Kill();

    internal Task RunEndsAsync(string id, string expected, TimeSpan? patience = null) => RunEndsAsync(Client, id, expected, patience);

    internal static async Task RunEndsAsync(HttpClient client, string id, string expected, TimeSpan? patience = null)
    {
        var status = "";
        await Eventually.BeTrueAsync(
            async () =>
            {
                using var response = await client.GetAsync(new Uri($"runs/{id}", UriKind.Relative));
                status = await response.Content.ReadAsStringAsync();
                return status == expected;
            },
            () => $"The run {id} is: {status}",
            patience);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
    }
}

/// <summary>One for all tests that leave it as it was; they run one after the other.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    internal SampleHost Host { get; private set; } = null!; // InitializeAsync sets it

    public async Task InitializeAsync() => Host = await SampleHost.StartAsync(null, ("AzureWebJobs.TakeNothing.Disabled", "true"), ("AzureWebJobs.Off.Disabled", "true"));

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class Shared : ICollectionFixture<SharedHost>
{
    internal const string Name = "one host";
}
