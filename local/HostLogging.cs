using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DevHost;

/// <summary>A line a message, with the time, and of libraries only what went wrong.</summary>
internal static class HostLogging
{
    internal static void Configure(ILoggingBuilder logging)
    {
        Filter(logging);
        logging.AddConsole(options => options.FormatterName = LineFormatter.FormatterName).AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
    }

    /// <summary>Leaves out what logging.json has no use for.</summary>
    internal static void Filter(ILoggingBuilder logging) => logging.AddConfiguration(Folders.ReadJson(Path.Combine(AppContext.BaseDirectory, "logging.json"), "logging.json is missing beside DevHost.dll."));
}

/// <summary>Writes "12:34:56 message", with the level where it is not information, and an exception below it.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            _ => "",
        };
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {level}{text}{(logEntry.Exception is { } exception ? $"\n{exception}" : "")}");
    }
}
