using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LeadFunctions.Local.Tests.Storage;

[Collection(StorageEmulator.Collection)]
public sealed class QueueClientTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly QueueClient _queue = new(emulator.ConnectionString, StorageEmulator.NewQueueName());

    public Task InitializeAsync() => _queue.CreateAsync();

    public Task DisposeAsync() => _queue.DeleteIfExistsAsync();

    [Fact]
    public async Task A_message_goes_through_send_peek_receive_update_and_delete()
    {
        const string text = "{\"name\":\"Grüße <b>&amp; 😀\"}\r\n \t";

        SendReceipt sent = await _queue.SendMessageAsync(text);
        PeekedMessage peeked = await _queue.PeekMessageAsync();
        QueueMessage[] received = await _queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(1));
        QueueProperties properties = await _queue.GetPropertiesAsync();
        UpdateReceipt updated = await _queue.UpdateMessageAsync(received[0].MessageId, received[0].PopReceipt, "changed", TimeSpan.Zero);
        QueueMessage again = await _queue.ReceiveMessageAsync();
        await _queue.DeleteMessageAsync(again.MessageId, again.PopReceipt);
        QueueMessage none = await _queue.ReceiveMessageAsync();

        Assert.Equal(text, peeked.MessageText);
        Assert.Equal(0, peeked.DequeueCount);
        var message = Assert.Single(received);
        Assert.Equal(sent.MessageId, message.MessageId);
        Assert.Equal(text, message.MessageText);
        Assert.Equal(text, message.Body.ToString());
        Assert.Equal(1, message.DequeueCount);
        Assert.NotNull(message.InsertedOn);
        Assert.Equal(1, properties.ApproximateMessagesCount);
        Assert.NotEqual(message.PopReceipt, updated.PopReceipt);
        Assert.Equal("changed", again.MessageText);
        Assert.Equal(2, again.DequeueCount);
        Assert.Null(none);
    }

    [Theory]
    [InlineData(QueueMessageEncoding.None)]
    [InlineData(QueueMessageEncoding.Base64)]
    public async Task Text_of_every_kind_survives_each_encoding(QueueMessageEncoding encoding)
    {
        var queue = new QueueClient(emulator.ConnectionString, _queue.Name, new QueueClientOptions { MessageEncoding = encoding });
        foreach (var text in new[] { "x", "   ", "a\nb", "a\r\nb\r", "]]>", "&lt;&#x41;", "\u2028\ufffd\ue000", "😀👩‍👩‍👧", new string('é', 10_000) })
        {
            await queue.SendMessageAsync(text);
            QueueMessage message = await queue.ReceiveMessageAsync();
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);

            Assert.Equal(text, message.MessageText);
        }
    }
}
