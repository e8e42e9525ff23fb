using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Function {Function} failed")]
    internal static partial void HttpFunctionFailed(ILogger logger, Exception exception, string function);

    [LoggerMessage(2, LogLevel.Error, "Function {Function} failed on a message of queue {Queue}, attempt {Attempt} of {Attempts}")]
    internal static partial void MessageFailed(ILogger logger, Exception exception, string function, string queue, long attempt, int attempts);

    [LoggerMessage(3, LogLevel.Error, "Moved message {MessageId} of queue {Queue} to {PoisonQueue}")]
    internal static partial void MessagePoisoned(ILogger logger, string messageId, string queue, string poisonQueue);

    [LoggerMessage(4, LogLevel.Warning, "Queue {Queue} cannot be read: {Reason}. Trying again")]
    internal static partial void QueueUnreadable(ILogger logger, string queue, string reason);

    [LoggerMessage(5, LogLevel.Information, "Queue {Queue} can be read again")]
    internal static partial void QueueReadable(ILogger logger, string queue);

    [LoggerMessage(6, LogLevel.Warning, "Message {MessageId} of queue {Queue} could not be settled ({Reason}); it will come again")]
    internal static partial void MessageNotSettled(ILogger logger, string messageId, string queue, string reason);

    [LoggerMessage(7, LogLevel.Error, "Timer function {Function} failed")]
    internal static partial void TimerFailed(ILogger logger, Exception exception, string function);

    [LoggerMessage(8, LogLevel.Error, "The storage emulator ended by itself (exit code {ExitCode})")]
    internal static partial void EmulatorEnded(ILogger logger, int exitCode);

    [LoggerMessage(9, LogLevel.Warning, "{Count} messages of queue {Queue} were still being worked on at the end and went back to it")]
    internal static partial void HandedBack(ILogger logger, int count, string queue);
}
