using System.Diagnostics;
using Azure.Storage.Queues;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class QueueTriggerTests
{
    [Fact]
    public async Task A_message_reaches_its_function_and_is_deleted()
    {
        await using var app = await SampleApp.StartAsync(["OnText"]);
        var queue = await QueueAsync(app, "texts");

        await queue.SendMessageAsync("one");
        await queue.SendMessageAsync("two");
        await app.SettleAsync();

        Assert.Equal(["one", "two"], app.Seen().Messages.Order());
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_parameter_may_be_an_object_a_message_or_bytes()
    {
        await using var app = await SampleApp.StartAsync(["OnOrder", "OnMessage", "OnBytes", "OnText"], new() { ["OrdersQueue"] = "orders" });

        await (await QueueAsync(app, "orders")).SendMessageAsync("""{"number":3,"NAME":"three"}""");
        await (await QueueAsync(app, "messages")).SendMessageAsync("body");
        await (await QueueAsync(app, "bytes")).SendMessageAsync("12345");
        await app.SettleAsync();

        Assert.Equal(["3 three", "5 bytes", "body True True 1"], app.Seen().Messages.Order());
    }

    [Fact]
    public async Task Base64_messages_are_decoded_when_the_host_settings_say_so()
    {
        await using var app = await SampleApp.StartAsync(["OnText", "OnBytes"], new() { ["AzureFunctionsJobHost__extensions__queues__messageEncoding"] = "base64" });

        await (await QueueAsync(app, "bytes")).SendMessageAsync(Convert.ToBase64String("grüße"u8));
        await app.SettleAsync();

        Assert.Equal(["7 bytes"], app.Seen().Messages);
    }

    [Fact]
    public async Task A_failed_message_is_tried_again_after_the_visibility_timeout()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], new() { ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:02" });
        app.ExpectErrors();
        var times = new List<TimeSpan>();
        var clock = Stopwatch.StartNew();
        app.Seen().OnMessage = (_, attempt, _) =>
        {
            times.Add(clock.Elapsed);
            return attempt < 2 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        };

        await (await QueueAsync(app, "texts")).SendMessageAsync("stubborn");
        await app.SettleAsync();

        Assert.Equal(["stubborn"], app.Seen().Messages);
        // The service counts in whole seconds.
        Assert.InRange(times[1] - times[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task A_message_that_always_fails_ends_up_whole_in_the_poison_queue()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], new() { ["AzureFunctionsJobHost__extensions__queues__maxDequeueCount"] = "3" });
        app.ExpectErrors();
        var attempts = 0;
        app.Seen().OnMessage = (_, _, _) =>
        {
            attempts++;
            throw new InvalidOperationException("never");
        };

        await (await QueueAsync(app, "texts")).SendMessageAsync("{\"bad\": \"Grüße\"}");
        await app.SettleAsync();

        Assert.Equal(3, attempts);
        var poison = new QueueClient(app.ConnectionString, "texts-poison");
        Assert.Equal("{\"bad\": \"Grüße\"}", Assert.Single((await poison.ReceiveMessagesAsync()).Value).MessageText);
    }

    [Fact]
    public async Task No_more_messages_run_at_once_than_batch_and_threshold_allow()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], new()
        {
            ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "4",
            ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "2",
        });
        var (running, most) = (0, 0);
        app.Seen().OnMessage = async (_, _, cancellationToken) =>
        {
            var now = Interlocked.Increment(ref running);
            lock (app)
            {
                most = Math.Max(most, now);
            }

            await Task.Delay(20, cancellationToken);
            Interlocked.Decrement(ref running);
        };

        var queue = await QueueAsync(app, "texts");
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => queue.SendMessageAsync($"{i}")));
        await app.SettleAsync();

        Assert.Equal(40, app.Seen().Messages.Distinct().Count());
        Assert.InRange(most, 3, 6);
    }

    [Fact]
    public async Task A_message_stays_hidden_as_long_as_its_function_works_on_it()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], new() { ["AzureFunctionsJobHost__local__queueLease"] = "00:00:02" });
        var attempts = 0;
        app.Seen().OnMessage = (_, _, cancellationToken) =>
        {
            attempts++;
            return Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        };

        var queue = await QueueAsync(app, "texts");
        await queue.SendMessageAsync("long");
        await app.SettleAsync();

        Assert.Equal(1, attempts);
        Assert.Equal(["long"], app.Seen().Messages);
        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_message_sent_by_this_process_is_worked_on_at_once()
    {
        await using var app = await SampleApp.StartAsync(["OnText"], new() { ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:30" });
        var queue = await QueueAsync(app, "texts");
        // Long enough for the reader to poll only every few seconds by itself.
        await Task.Delay(TimeSpan.FromSeconds(4));
        var arrived = new TaskCompletionSource();
        app.Seen().OnMessage = (_, _, _) =>
        {
            arrived.SetResult();
            return Task.CompletedTask;
        };

        await queue.SendMessageAsync("now");

        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(1));
        await app.SettleAsync();
    }

    [Fact]
    public async Task Several_outputs_of_an_http_function_go_to_their_queues()
    {
        await using var app = await SampleApp.StartAsync(["Send", "OnText", "OnOrder"], new() { ["OrdersQueue"] = "orders" });

        using var response = await app.Client.PostAsync("/send/hello", null);
        Assert.Equal(202, (int)response.StatusCode);
        await app.SettleAsync();

        Assert.Equal(["1 first", "2 second", "hello"], app.Seen().Messages.Order());
    }

    [Fact]
    public async Task A_storage_outage_is_reported_once_and_recovered_from()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        await using var app = await SampleApp.StartAsync(["OnText"], account: emulator.NewAccount());
        await QueueAsync(app, "texts");
        await app.SettleAsync();

        await emulator.StopAsync();
        await Poll.UntilAsync(() => app.Logs.Lines.Any(l => l.Message.Contains("cannot be read")), TimeSpan.FromSeconds(60));
        await emulator.StartAsync();
        await new QueueClient(app.ConnectionString, "texts").SendMessageAsync("after");
        await app.SettleAsync();

        Assert.Equal(["after"], app.Seen().Messages);
        Assert.Single(app.Logs.Lines, l => l.Message.Contains("cannot be read"));
        Assert.Single(app.Logs.Lines, l => l.Message.Contains("can be read again"));
    }

    internal static async Task<QueueClient> QueueAsync(TestApp app, string name)
    {
        var queue = new QueueClient(app.ConnectionString, name);
        await queue.CreateIfNotExistsAsync();
        return queue;
    }
}
