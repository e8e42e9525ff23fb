#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused as a whole; nothing of it was stored.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    /// <param name="requestFailedException">The refusal, whose message starts with the index of the failing action, as the service writes it.</param>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException.Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException) => FailedTransactionActionIndex = IndexIn(requestFailedException.Message);

    internal TableTransactionFailedException(int status, string message, string errorCode)
        : base(status, message, errorCode, null) => FailedTransactionActionIndex = IndexIn(message);

    /// <summary>Zero-based position of the action that failed; null when the service did not say.</summary>
    public int? FailedTransactionActionIndex { get; }

    private static int? IndexIn(string message)
    {
        var colon = message.IndexOf(':');
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
