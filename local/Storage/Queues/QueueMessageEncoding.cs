namespace Azure.Storage.Queues;

/// <summary>How a message's body stands in the queue.</summary>
public enum QueueMessageEncoding
{
    /// <summary>As the text it is; it must be legal in XML.</summary>
    None = 0,

    /// <summary>Its bytes in base64.</summary>
    Base64 = 1,
}
