using Azure.Storage.Queues;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class ShutdownTests
{
    [Fact]
    public async Task A_message_in_flight_is_finished()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], Grace("00:00:10"));
        var started = new TaskCompletionSource();
        app.Seen().OnMessage = async (_, _, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(500, cancellationToken);
        };
        var queue = await QueueTriggerTests.QueueAsync(app, "texts");
        await queue.SendMessageAsync("last");
        await started.Task;

        await app.StopAsync();

        Assert.Equal(["last"], app.Seen().Messages);
        Assert.Equal(0, await CountAsync(queue));
    }

    [Fact]
    public async Task A_message_that_takes_too_long_is_cancelled_and_goes_back_at_once()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], Grace("00:00:00.300"));
        var started = new TaskCompletionSource();
        app.Seen().OnMessage = async (_, _, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var queue = await QueueTriggerTests.QueueAsync(app, "texts");
        await queue.SendMessageAsync("long");
        await started.Task;

        await app.StopAsync();

        var back = (await queue.ReceiveMessageAsync()).Value;
        Assert.Equal("long", back.MessageText);
        Assert.Equal(2, back.DequeueCount);
    }

    [Fact]
    public async Task A_message_whose_function_does_not_heed_its_token_goes_back_all_the_same()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], Grace("00:00:00.300"));
        var (started, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        app.Seen().OnMessage = (_, _, _) =>
        {
            started.SetResult();
            return end.Task;
        };
        var queue = await QueueTriggerTests.QueueAsync(app, "texts");
        await queue.SendMessageAsync("deaf");
        await started.Task;

        await app.StopAsync();

        Assert.Equal("deaf", (await queue.ReceiveMessageAsync()).Value.MessageText);
        end.SetResult();
    }

    [Fact]
    public async Task Nothing_is_lost_when_an_app_is_stopped_under_load()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var queue = new QueueClient(account, "texts");
        await queue.CreateIfNotExistsAsync();
        var sent = Enumerable.Range(0, 60).Select(i => $"{i}").ToList();
        await Task.WhenAll(sent.Select(text => queue.SendMessageAsync(text)));

        var seen = new List<string>();
        for (var run = 0; run < 4; run++)
        {
            var app = await SampleApp.StartAsync(["OnText"], Grace("00:00:00.100"), account: account);
            app.Seen().OnMessage = (_, _, cancellationToken) => Task.Delay(run < 3 ? 60 : 1, cancellationToken);
            await Poll.UntilAsync(() => app.Seen().Messages.Count >= 10 || run == 3);
            if (run == 3)
            {
                await app.SettleAsync();
            }

            await app.StopAsync();
            seen.AddRange(app.Seen().Messages);
            await app.DisposeAsync();
        }

        Assert.Equal(sent.Order(), seen.Distinct().Order());
        Assert.Equal(0, await CountAsync(queue));
    }

    [Fact]
    public async Task A_request_in_flight_is_answered()
    {
        await using var app = await SampleApp.StartAsync(["Pause"], Grace("00:00:10"));
        var answer = app.Client.GetStringAsync("/pause");
        await Poll.UntilAsync(() => IsRunning(app, "Pause"));

        await app.StopAsync();

        Assert.Equal("done", await answer);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_cut_off()
    {
        await using var app = await SampleApp.StartAsync(["Wait"], Grace("00:00:00.200"));
        var answer = app.Client.GetStringAsync("/wait");
        await Poll.UntilAsync(() => IsRunning(app, "Wait"));

        await app.StopAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
    }

    private static bool IsRunning(TestApp app, string function) =>
        app.Services.GetRequiredService<FunctionCatalog>().Functions.Any(f => f.Name == function && f.Running > 0);

    private static Dictionary<string, string> Grace(string grace) => new() { ["AzureFunctionsJobHost__local__grace"] = grace };

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;
}
