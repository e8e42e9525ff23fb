namespace DevHost;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Function {Function} failed: {Reason}")]
    internal static partial void RequestFailed(ILogger logger, string function, string reason);

    [LoggerMessage(2, LogLevel.Error, "Function {Function} failed on a message, which will come again: {Reason}")]
    internal static partial void MessageFailed(ILogger logger, string function, string reason);

    [LoggerMessage(3, LogLevel.Error, "The app's process ended (exit code {Code}) and is started again in {Seconds:0.#} s. {Errors}")]
    internal static partial void WorkerEnded(ILogger logger, int code, double seconds, string errors);

    [LoggerMessage(EventId = 4, Message = "{Message}")]
    internal static partial void Worker(ILogger logger, LogLevel level, string message);

    [LoggerMessage(5, LogLevel.Information, "{Line}")]
    internal static partial void Say(ILogger logger, string line);
}
