using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Http;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>What a person sees once the app runs.</summary>
internal static class Banner
{
    internal static void Write(ILoggerFactory loggers, Uri address, FunctionCatalog catalog, IConfiguration configuration, VirtualClock clock, string? data)
    {
        var log = loggers.CreateLogger("Functions");
        if (!log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        foreach (var function in catalog.Functions.OrderBy(f => f.Trigger is HttpTriggerAttribute ? 0 : 1).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            BannerLog.Function(log, function.Name, Trigger(function, configuration));
        }

        if (data is not null)
        {
            BannerLog.Storage(log, data);
        }

        if (clock.IsFrozen || clock.Ahead > TimeSpan.FromSeconds(1))
        {
            BannerLog.Clock(log, clock.GetUtcNow(), clock.IsFrozen ? "frozen" : "ahead of real time");
        }

        foreach (var (name, value) in SampleKeys(configuration))
        {
            BannerLog.Key(log, name, value);
        }

        var root = address.ToString().TrimEnd('/').Replace("[::1]", "localhost", StringComparison.Ordinal);
        BannerLog.Listening(log, root);

        // A function named Open… is a page for people.
        foreach (var function in catalog.Functions.Where(f => f.Trigger is HttpTriggerAttribute && f.Name.StartsWith("Open", StringComparison.Ordinal)))
        {
            BannerLog.Open(log, root + HttpFunctions.Route(function, "").Split("/{")[0]);
        }
    }

    private static string Trigger(LocalFunction function, IConfiguration configuration) => function.Trigger switch
    {
        HttpTriggerAttribute http => $"{(HttpFunctions.Methods(http) is { Length: > 0 } methods ? string.Join(' ', methods) : "any method")} {HttpFunctions.Route(function, "")}",
        QueueTriggerAttribute queue => $"queue {Settings.Resolve(configuration, queue.QueueName)}",
        TimerTriggerAttribute timer => $"timer {Settings.Resolve(configuration, timer.Schedule)}",
        var other => LocalBinding.TypeOf(other),
    };

    /// <summary>Keys to try the app with: only those that still have the sample's value, which is no secret.</summary>
    private static IEnumerable<(string Name, string Value)> SampleKeys(IConfiguration configuration)
    {
        var sample = new[] { LocalArguments.ProjectFolder, AppContext.BaseDirectory }.Select(f => Path.Combine(f, "local.settings.sample.json")).FirstOrDefault(File.Exists);
        return from value in sample is null ? [] : Settings.Values(sample)
               where value.Key.EndsWith("Key", StringComparison.Ordinal) && value.Value is { Length: > 0 } && configuration[value.Key] == value.Value
               select (value.Key.Split(':')[^1], value.Value);
    }
}

internal static partial class BannerLog
{
    [LoggerMessage(20, LogLevel.Information, "{Function}: {Trigger}")]
    internal static partial void Function(ILogger logger, string function, string trigger);

    [LoggerMessage(26, LogLevel.Information, "Open {Page}")]
    internal static partial void Open(ILogger logger, string page);

    [LoggerMessage(21, LogLevel.Information, "Storage emulator started; data in {Folder}")]
    internal static partial void Storage(ILogger logger, string folder);

    [LoggerMessage(22, LogLevel.Information, "The clock shows {Now:u}, {How} (POST /local/clock; --reset)")]
    internal static partial void Clock(ILogger logger, DateTimeOffset now, string how);

    [LoggerMessage(23, LogLevel.Information, "{Name}: {Value}")]
    internal static partial void Key(ILogger logger, string name, string value);

    [LoggerMessage(24, LogLevel.Information, "Listening on {Address} (Ctrl-C ends)")]
    internal static partial void Listening(ILogger logger, string address);
}
