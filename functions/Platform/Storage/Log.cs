using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Storage;

/// <summary>Event ids 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "Storage is not reachable ({Reason}); trying again")]
    public static partial void StorageNotReachable(this ILogger logger, string reason);

    [LoggerMessage(101, LogLevel.Information, "Storage is reachable")]
    public static partial void StorageIsBack(this ILogger logger);
}
