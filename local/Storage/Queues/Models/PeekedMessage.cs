#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
namespace Azure.Storage.Queues.Models;

/// <summary>A message looked at and left in its queue.</summary>
public class PeekedMessage
{
    private string _text;
    private BinaryData _body;

    internal PeekedMessage(string messageId, string text, BinaryData body, long dequeueCount, DateTimeOffset? insertedOn, DateTimeOffset? expiresOn)
    {
        MessageId = messageId;
        _text = text;
        _body = body;
        DequeueCount = dequeueCount;
        InsertedOn = insertedOn;
        ExpiresOn = expiresOn;
    }

    public string MessageId { get; }

    /// <summary>The body as text, decoded.</summary>
    public string MessageText => _text ??= _body?.ToString();

    /// <summary>The body, decoded.</summary>
    public BinaryData Body => _body ??= _text is null ? null : BinaryData.FromString(_text);

    public DateTimeOffset? InsertedOn { get; }

    public DateTimeOffset? ExpiresOn { get; }

    public long DequeueCount { get; }
}
