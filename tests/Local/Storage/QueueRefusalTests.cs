using System.Diagnostics;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>What the queue service refuses, as the caller sees it, and what its listings say.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class QueueRefusalTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly QueueClient _queue = new(emulator.ConnectionString, StorageEmulator.NewQueueName());

    public Task InitializeAsync() => _queue.CreateAsync();

    public Task DisposeAsync() => _queue.DeleteIfExistsAsync();

    [Fact]
    public async Task Each_refusal_carries_its_status_and_code()
    {
        var missing = new QueueClient(emulator.ConnectionString, StorageEmulator.NewQueueName());
        await _queue.SendMessageAsync("x");
        QueueMessage message = await _queue.ReceiveMessageAsync();
        await _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);

        await Refused(404, "QueueNotFound", () => missing.SendMessageAsync("x"));
        await Refused(404, "QueueNotFound", () => missing.ReceiveMessagesAsync());
        await Refused(404, "QueueNotFound", () => missing.GetPropertiesAsync());
        await Refused(404, "QueueNotFound", () => missing.DeleteAsync());
        await Refused(404, "MessageNotFound", () => _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt));
        await Refused(404, "MessageNotFound", () => _queue.UpdateMessageAsync(message.MessageId, message.PopReceipt));
        await Refused(409, "QueueAlreadyExists", () => _queue.CreateAsync(new Dictionary<string, string> { ["a"] = "b" }));
        await Refused(400, null, () => _queue.ReceiveMessagesAsync(33));
        await Refused(413, null, () => _queue.SendMessageAsync(new string('x', 65 * 1024)));
        await Assert.ThrowsAsync<ArgumentException>(() => _queue.SendMessageAsync("a\u0001b"));
        await Assert.ThrowsAsync<ArgumentException>(() => _queue.SendMessageAsync("half a pair \ud83d"));
    }

    [Fact]
    public async Task What_is_absent_or_present_is_a_value_where_the_method_says_so()
    {
        var missing = new QueueClient(emulator.ConnectionString, StorageEmulator.NewQueueName());

        Assert.False(await missing.ExistsAsync());
        Assert.False(await missing.DeleteIfExistsAsync());
        Assert.True(await _queue.ExistsAsync());
        await _queue.CreateIfNotExistsAsync();
        Assert.Null(await _queue.CreateIfNotExistsAsync(new Dictionary<string, string> { ["a"] = "b" }));
        Assert.Empty((await _queue.ReceiveMessagesAsync(5)).Value);
        Assert.Empty((await _queue.PeekMessagesAsync(5)).Value);
        Assert.Null((await _queue.PeekMessageAsync()).Value);
    }

    [Fact]
    public async Task Many_messages_are_received_at_once_hidden_and_cleared()
    {
        for (var number = 0; number < 5; number++)
        {
            await _queue.SendMessageAsync($"{number}");
        }

        await _queue.SendMessageAsync("later", visibilityTimeout: TimeSpan.FromHours(1));
        QueueMessage[] first = await _queue.ReceiveMessagesAsync(3, TimeSpan.FromMinutes(10));
        QueueMessage[] second = await _queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(10));
        QueueMessage shown = first[0].Update(await _queue.UpdateMessageAsync(first[0].MessageId, first[0].PopReceipt));
        QueueMessage again = await _queue.ReceiveMessageAsync();
        await _queue.ClearMessagesAsync();
        QueueProperties properties = await _queue.GetPropertiesAsync();

        Assert.Equal(["0", "1", "2", "3", "4"], first.Concat(second).Select(message => message.MessageText).Order());
        Assert.Equal(shown.MessageId, again.MessageId);
        Assert.NotEqual(first[0].PopReceipt, shown.PopReceipt);
        Assert.Equal(2, again.DequeueCount);
        Assert.Equal(0, properties.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Queues_are_listed_by_prefix_page_by_page_with_their_metadata()
    {
        var service = new QueueServiceClient(emulator.ConnectionString);
        var prefix = StorageEmulator.NewQueueName()[..20];
        for (var number = 0; number < 3; number++)
        {
            await service.CreateQueueAsync($"{prefix}-{number}", new Dictionary<string, string> { ["number"] = $"{number}" });
        }

        var pages = await service.GetQueuesAsync(QueueTraits.Metadata, prefix).AsPages(pageSizeHint: 2).ToListAsync();
        foreach (var queue in pages.SelectMany(page => page.Values))
        {
            await service.DeleteQueueAsync(queue.Name);
        }

        Assert.Equal([2, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(["0", "1", "2"], pages.SelectMany(page => page.Values).Select(queue => queue.Metadata["number"]));
        Assert.Empty(await service.GetQueuesAsync(prefix: prefix).ToListAsync());
    }

    [Fact]
    public async Task An_operation_is_one_span_when_someone_listens()
    {
        var spans = new List<(string Name, ActivityStatusCode Status)>();
        using var test = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Azure.Storage.Queues",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                // Other tests run in this process too.
                if (span.TraceId == test.TraceId)
                {
                    spans.Add((span.OperationName, span.Status));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await _queue.SendMessageAsync("x");
        await Refused(404, "MessageNotFound", () => _queue.DeleteMessageAsync("00000000-0000-0000-0000-000000000000", "AgAAAAMAAAAAAAAA"));

        Assert.Equal([("QueueClient.SendMessage", ActivityStatusCode.Unset), ("QueueClient.DeleteMessage", ActivityStatusCode.Error)], spans);
    }

    private static async Task Refused(int status, string? code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<RequestFailedException>(call);

        Assert.Equal((status, code ?? refusal.ErrorCode), (refusal.Status, refusal.ErrorCode));
    }
}
