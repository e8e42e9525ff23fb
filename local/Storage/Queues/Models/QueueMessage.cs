#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
namespace Azure.Storage.Queues.Models;

/// <summary>A message taken off a queue for a while. To delete or update it, show its pop receipt.</summary>
public class QueueMessage
{
    private string _text;
    private BinaryData _body;

    internal QueueMessage(
        string messageId, string popReceipt, string text, BinaryData body, long dequeueCount, DateTimeOffset? nextVisibleOn, DateTimeOffset? insertedOn, DateTimeOffset? expiresOn)
    {
        MessageId = messageId;
        PopReceipt = popReceipt;
        _text = text;
        _body = body;
        DequeueCount = dequeueCount;
        NextVisibleOn = nextVisibleOn;
        InsertedOn = insertedOn;
        ExpiresOn = expiresOn;
    }

    public string MessageId { get; }

    public string PopReceipt { get; }

    /// <summary>The body as text, decoded.</summary>
    public string MessageText => _text ??= _body?.ToString();

    /// <summary>The body, decoded.</summary>
    public BinaryData Body => _body ??= _text is null ? null : BinaryData.FromString(_text);

    public DateTimeOffset? NextVisibleOn { get; }

    public DateTimeOffset? InsertedOn { get; }

    public DateTimeOffset? ExpiresOn { get; }

    /// <summary>How often it was received, this time included.</summary>
    public long DequeueCount { get; }

    /// <summary>The same message with the pop receipt that an update gave.</summary>
    public QueueMessage Update(UpdateReceipt updated) =>
        new(MessageId, updated.PopReceipt, _text, _body, DequeueCount, updated.NextVisibleOn, InsertedOn, ExpiresOn);
}
