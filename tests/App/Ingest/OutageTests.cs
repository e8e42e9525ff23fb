using System.Collections.Concurrent;
using System.Net;
using LeadFunctions.Events;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Ingest;

public sealed class OutageTests(IngestApp app) : IClassFixture<IngestApp>
{
    [Fact]
    public async Task While_storage_is_away_nothing_is_acknowledged_that_is_not_stored_and_then_it_goes_on()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        await using var own = await IngestApp.StartAsync(emulator.NewAccount());
        own.App.ExpectErrors(); // On a slow machine storage is away for longer than the engine tries again.
        var acknowledged = new ConcurrentQueue<string>();
        var refused = 0;
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var id = $"{worker}-{i}";
                using var response = await own.PostAsync("/v1/track", $$"""{"event":"x","userId":"u{{worker}}","messageId":"{{id}}"}""");
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    acknowledged.Enqueue(id);
                }
                else
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                    Assert.True(int.Parse(response.Header("Retry-After")!) >= 1);
                    Interlocked.Increment(ref refused);
                }
            }
        })).ToArray();

        for (var round = 0; round < 2; round++)
        {
            await UntilMoreAsync(() => acknowledged.Count, 200);
            await emulator.StopAsync();
            await UntilMoreAsync(() => refused, 24);
            await emulator.StartAsync();
            await UntilMoreAsync(() => acknowledged.Count, 200);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);

        var stored = await own.StoredAsync();
        Assert.DoesNotContain(acknowledged, id => !stored.ContainsKey(id));
    }

    [Fact]
    public async Task A_queue_that_was_deleted_is_made_again()
    {
        await app.PostAsync("/v1/track", """{"event":"x","userId":"u"}""").JsonAsync();
        await new Azure.Storage.Queues.QueueClient(app.App.ConnectionString, Queues.LeadEvents).DeleteAsync();

        await app.PostAsync("/v1/track", """{"event":"x","userId":"u","messageId":"after"}""").JsonAsync();

        Assert.NotNull(await app.FindStoredAsync("after"));
    }

    [Fact]
    public async Task Stopping_answers_what_is_under_way()
    {
        var sending = Enumerable.Range(0, 40).Select(i => TrySendAsync($"m{i}")).ToList();

        await app.RestartAsync();
        var acknowledged = (await Task.WhenAll(sending)).OfType<string>().ToList();

        var stored = await app.StoredAsync();
        Assert.All(acknowledged, id => Assert.True(stored.ContainsKey(id), id));
    }

    private async Task<string?> TrySendAsync(string id)
    {
        try
        {
            using var response = await app.PostAsync("/v1/track", $$"""{"event":"x","userId":"u","messageId":"{{id}}"}""");
            return response.StatusCode == HttpStatusCode.OK ? id : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static async Task UntilMoreAsync(Func<int> count, int more)
    {
        var goal = count() + more;
        var deadline = DateTime.UtcNow.AddSeconds(90);
        while (count() < goal)
        {
            Assert.True(DateTime.UtcNow < deadline, $"{count()} of {goal} after a minute and a half");
            await Task.Delay(20);
        }
    }
}
