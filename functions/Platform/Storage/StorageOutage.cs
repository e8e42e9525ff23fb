using Azure;

namespace LeadFunctions.Platform.Storage;

/// <summary>Tells "storage cannot be reached just now" (try again later) from everything else (a bug, or a refusal that means something).</summary>
public static class StorageOutage
{
    public static bool Is(Exception exception) => exception switch
    {
        // Status 0: no answer at all (refused, reset, name not found).
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500 || IsMissingContainer(failed),
        // The pipeline gathers the failures of all its attempts.
        AggregateException aggregate => aggregate.InnerExceptions.Count > 0 && aggregate.InnerExceptions.All(Is),
        // The pipeline's network timeout; a caller who hung up is told apart by the caller's own token.
        TaskCanceledException or TimeoutException => true,
        HttpRequestException or IOException or DefinitionsUnavailableException => true,
        _ => false,
    };

    /// <summary>What to log of it: no address, no payload.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Describe(first),
        RequestFailedException { Status: > 0 } failed => $"{failed.Status} {failed.ErrorCode}",
        DefinitionsUnavailableException unavailable => unavailable.Reason,
        _ => exception.GetType().Name,
    };

    // Between a start without storage and the layout's next attempt, or just after an operator deleted the account's content.
    private static bool IsMissingContainer(RequestFailedException failed) => failed.ErrorCode is "TableNotFound" or "QueueNotFound" or "TableBeingDeleted" or "QueueBeingDeleted" or "ContainerNotFound" or "ContainerBeingDeleted";
}
