using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Ingest;

/// <summary>The real app on a real emulator, with nobody reading the events' queue but the test.</summary>
public sealed class IngestApp : IAsyncLifetime, IAsyncDisposable
{
    public const string Key = "local-write-key";

    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, LeadEvent> _stored = new();
    private readonly ConcurrentBag<string> _again = [];

    public TestApp App { get; private set; } = null!; // set by InitializeAsync, before any test

    public HttpClient Client => App.Client;

    /// <summary>Ids that came out of the queue more than once.</summary>
    public IReadOnlyCollection<string> StoredAgain => _again;

    public static async Task<IngestApp> StartAsync(string? account = null, Uri? at = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var app = new IngestApp();
        await app.StartAppAsync(account, at, settings);
        return app;
    }

    public Task InitializeAsync() => StartAppAsync(null, null);

    /// <summary>Starts another app on the same account and port, as a restart does.</summary>
    public async Task RestartAsync()
    {
        var (account, address) = (App.ConnectionString, App.Address);
        await App.DisposeAsync();
        await StartAppAsync(account, address);
    }

    public async Task DisposeAsync() => await App.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => App.DisposeAsync();

    public Task<HttpResponseMessage> PostAsync(string path, string body, Action<HttpRequestMessage>? with = null, string? key = Key) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), with, key);

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, Action<HttpRequestMessage>? with = null, string? key = Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key}:")));
        }

        with?.Invoke(request);
        return await Client.SendAsync(request);
    }

    /// <summary>The event of this id, if it is or was in the queue.</summary>
    public async Task<LeadEvent?> FindStoredAsync(string id) => (await StoredAsync()).GetValueOrDefault(id);

    /// <summary>All that the queue has ever held, by id. Takes what is there out of it.</summary>
    public async Task<IReadOnlyDictionary<string, LeadEvent>> StoredAsync()
    {
        await _reading.WaitAsync();
        try
        {
            var queue = new QueueClient(App.ConnectionString, Queues.LeadEvents);
            while (await queue.ExistsAsync())
            {
                var messages = (await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5))).Value;
                foreach (var message in messages)
                {
                    foreach (var stored in QueueText.Read(message.MessageText, EventsJson.Default.EventBatch).Events)
                    {
                        if (!_stored.TryAdd(stored.Id, stored))
                        {
                            _again.Add(stored.Id);
                        }
                    }

                    await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
                }

                if (messages.Length == 0)
                {
                    break;
                }
            }

            return _stored;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task StartAppAsync(string? account, Uri? at, IReadOnlyDictionary<string, string>? settings = null)
    {
        App = await TestApp.StartAsync(
            LeadFunctions.App.Build,
            new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["AzureWebJobs.ApplyEvents.Disabled"] = "true" },
            account,
            port: at?.Port ?? 0);
    }
}

/// <summary>Who sends events that nobody else sends, and takes out of the queue whatever comes.</summary>
[CollectionDefinition(nameof(OneIngestApp))]
public sealed class OneIngestApp : ICollectionFixture<IngestApp>;

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> sending, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await sending;
        Assert.Equal(expected, response.StatusCode);
        return await response.JsonAsync();
    }

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
