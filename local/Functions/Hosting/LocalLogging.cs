using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>A line a message, with the time, and of frameworks only what went wrong.</summary>
internal static class LocalLogging
{
    internal static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Azure", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            // Costs an Activity and a scope on every request as long as any level is on; failures are logged by the endpoint.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddConsole(options => options.FormatterName = LocalConsoleFormatter.FormatterName)
            .AddConsoleFormatter<LocalConsoleFormatter, ConsoleFormatterOptions>();
    }
}

/// <summary>Writes "12:34:56 message", with the level where it is not information, and an exception below it.</summary>
internal sealed class LocalConsoleFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "local";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss "));
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
