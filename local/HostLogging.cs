using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DevHost;

/// <summary>A line a message, with the time, and of libraries only what went wrong.</summary>
internal static class HostLogging
{
    internal static void Configure(ILoggingBuilder logging)
    {
        Filter(logging);
        logging.AddConsole(options => options.FormatterName = LineFormatter.FormatterName)
            .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
    }

    /// <summary>What of the libraries is of no use to a person who runs an app.</summary>
    internal static void Filter(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)
        .AddFilter("Grpc.AspNetCore.Server", LogLevel.None) // a worker that is killed, which is told elsewhere
        .AddFilter("Yarp", LogLevel.Error)
        .AddFilter("Azure", LogLevel.Error) // it warns of every 404 and 409 while queues and tables are made
        .AddFilter("DurableTask", LogLevel.Error)
        .AddFilter("Host.", LogLevel.Warning)
        .AddFilter("Function.", LogLevel.None) // a failure is told once, with its reason, by what ran it
        .AddFilter("Host.Results", LogLevel.None)
        .AddFilter("Host.Triggers.DurableTask", LogLevel.Error)
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // what fails at the start is told in one line
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
}

/// <summary>Writes "12:34:56 message", with the level where it is not information, and an exception below it.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(TimeProvider.System.GetLocalNow().ToString("HH:mm:ss "));
        textWriter.Write(logEntry.LogLevel switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            LogLevel.Debug or LogLevel.Trace => "debug: ",
            _ => "",
        });
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.WriteLine(exception.ToString());
        }
    }
}
