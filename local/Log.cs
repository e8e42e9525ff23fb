namespace DevHost;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Function {Function} failed: {Reason}")]
    internal static partial void RequestFailed(ILogger logger, string function, string reason);

    [LoggerMessage(2, LogLevel.Error, "Function {Function} failed on a message, which will come again: {Reason}")]
    internal static partial void MessageFailed(ILogger logger, string function, string reason);

    [LoggerMessage(3, LogLevel.Error, "The app's process ended (exit code {Code}) and is started again. {Errors}")]
    internal static partial void WorkerEnded(ILogger logger, int code, string errors);

    [LoggerMessage(EventId = 4, Message = "{Message}")]
    internal static partial void Worker(ILogger logger, LogLevel level, string message);

    [LoggerMessage(5, LogLevel.Information, "Storage emulator started; data in {Folder}")]
    internal static partial void Storage(ILogger logger, string folder);

    [LoggerMessage(6, LogLevel.Information, "{Name}: {Value}")]
    internal static partial void Key(ILogger logger, string name, string value);

    [LoggerMessage(7, LogLevel.Information, "Listening on {Address}: {Functions} functions (Ctrl-C ends)")]
    internal static partial void Listening(ILogger logger, string address, int functions);

    [LoggerMessage(8, LogLevel.Information, "Open {Page}")]
    internal static partial void Open(ILogger logger, string page);

    [LoggerMessage(10, LogLevel.Warning, "Queues and orchestrations stand still: {Reason}. Trying again")]
    internal static partial void JobsFailed(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Information, "Queues and orchestrations go on")]
    internal static partial void JobsRun(ILogger logger);

    [LoggerMessage(9, LogLevel.Information, "{Line}")]
    internal static partial void Say(ILogger logger, string line);
}
