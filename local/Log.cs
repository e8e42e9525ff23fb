namespace DevHost;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Function {Function} failed: {Reason}")]
    internal static partial void FunctionFailed(ILogger logger, string function, string reason);

    [LoggerMessage(2, LogLevel.Error, "The app's process ended (exit code {Code}) and is started again in {Seconds:0.#} s. {Errors}")]
    internal static partial void WorkerEnded(ILogger logger, int code, double seconds, string errors);

    [LoggerMessage(EventId = 3, Message = "{Message}")]
    internal static partial void Worker(ILogger logger, LogLevel level, string message);

    [LoggerMessage(4, LogLevel.Warning, "Queues and orchestrations stand still: {Reason}. Trying again")]
    internal static partial void JobsFailed(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Line}")]
    internal static partial void Say(ILogger logger, string line);

    /// <summary>What a worker tells of an exception.</summary>
    internal static string Reason(Rpc.RpcException? exception) => $"{exception?.Message}\n{exception?.StackTrace}".Trim();
}
