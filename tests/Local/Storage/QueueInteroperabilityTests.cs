using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>Both directions between our queue client and @azure/storage-queue, which never encodes.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class QueueInteroperabilityTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly QueueClient _queue = new(emulator.ConnectionString, StorageEmulator.NewQueueName());
    private readonly StoragePeer _peer = new(emulator);

    public Task InitializeAsync() => _peer.CallAsync("createQueue", new { name = _queue.Name, metadata = new { owner = "them" } });

    public async Task DisposeAsync()
    {
        await _queue.DeleteIfExistsAsync();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("{\"a\":\"<b>&amp;'\\\"\"}")]
    [InlineData("Grüße 東京 😀")]
    public async Task A_text_message_is_the_same_on_both_sides(string text)
    {
        await _queue.SendMessageAsync(text);
        var theirs = (await _peer.CallAsync("receiveMessages", new { name = _queue.Name }))!.AsArray();
        await _peer.CallAsync("deleteMessage", new { name = _queue.Name, id = theirs[0]!["messageId"], receipt = theirs[0]!["popReceipt"] });
        await _peer.CallAsync("sendMessage", new { name = _queue.Name, text });
        QueueMessage ours = await _queue.ReceiveMessageAsync();

        Assert.Equal(text, (string?)theirs[0]!["messageText"]);
        Assert.Equal(text, ours.MessageText);
    }

    [Fact]
    public async Task A_base64_message_is_base64_text_to_the_other_client()
    {
        var encoding = new QueueClient(emulator.ConnectionString, _queue.Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

        await encoding.SendMessageAsync(BinaryData.FromBytes([0, 1, 255]));
        var theirs = (await _peer.CallAsync("receiveMessages", new { name = _queue.Name }))!.AsArray();
        await _peer.CallAsync("sendMessage", new { name = _queue.Name, text = "w7w=" });
        QueueMessage ours = await encoding.ReceiveMessageAsync();
        await _peer.CallAsync("sendMessage", new { name = _queue.Name, text = "not base64!" });

        Assert.Equal("AAH/", (string?)theirs[0]!["messageText"]);
        Assert.Equal("ü", ours.MessageText);
        await Assert.ThrowsAsync<FormatException>(() => encoding.ReceiveMessageAsync());
    }

    [Fact]
    public async Task A_pop_receipt_of_one_client_holds_for_the_other_until_someone_updates()
    {
        await _peer.CallAsync("sendMessage", new { name = _queue.Name, text = "one" });

        QueueMessage received = await _queue.ReceiveMessageAsync(TimeSpan.FromMinutes(5));
        var updated = (await _peer.CallAsync(
            "updateMessage", new { name = _queue.Name, id = received.MessageId, receipt = received.PopReceipt, text = "two", visibility = 300 }))!;
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => _queue.DeleteMessageAsync(received.MessageId, received.PopReceipt));
        UpdateReceipt ours = await _queue.UpdateMessageAsync(received.MessageId, (string)updated["popReceipt"]!);
        QueueMessage again = await _queue.ReceiveMessageAsync();

        Assert.Equal(400, refusal.Status);
        Assert.Equal("PopReceiptMismatch", refusal.ErrorCode);
        Assert.True(ours.NextVisibleOn <= received.NextVisibleOn);
        Assert.Equal("two", again.MessageText);
    }

    [Fact]
    public async Task Metadata_and_depth_are_the_same_on_both_sides()
    {
        await _queue.SendMessageAsync("1", visibilityTimeout: TimeSpan.FromHours(1), timeToLive: TimeSpan.FromSeconds(-1));
        await _peer.CallAsync("sendMessage", new { name = _queue.Name, text = "2" });

        QueueProperties ours = await _queue.GetPropertiesAsync();
        await _queue.SetMetadataAsync(new Dictionary<string, string> { ["owner"] = "us", ["second"] = "yes" });
        var theirs = (await _peer.CallAsync("queueProperties", new { name = _queue.Name }))!;

        Assert.Equal(2, ours.ApproximateMessagesCount);
        Assert.Equal("them", ours.Metadata["owner"]);
        Assert.Equal("us", (string?)theirs["metadata"]!["owner"]);
        Assert.Equal(2, (int?)theirs["approximateMessagesCount"]);
    }
}
