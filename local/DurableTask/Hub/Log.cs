using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.DurableTask;

internal static partial class Log
{
    [LoggerMessage(9100, LogLevel.Debug, "Task hub {Hub}: this process is {Worker}")]
    public static partial void Joined(ILogger logger, string hub, string worker);

    [LoggerMessage(9101, LogLevel.Debug, "Task hub: took shard {Shard}")]
    public static partial void ShardTaken(ILogger logger, int shard);

    [LoggerMessage(9102, LogLevel.Warning, "Task hub: shard {Shard} belongs to another process now")]
    public static partial void ShardLost(ILogger logger, int shard);

    [LoggerMessage(9103, LogLevel.Error, "Task hub: shard {Shard} failed and is read again")]
    public static partial void ShardFailed(ILogger logger, Exception exception, int shard);

    [LoggerMessage(9104, LogLevel.Warning, "Task hub: the storage did not answer; trying again")]
    public static partial void BeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(9105, LogLevel.Debug, "What {InstanceId} sends to {Target} is delivered later")]
    public static partial void NotDelivered(ILogger logger, Exception exception, string instanceId, string target);

    [LoggerMessage(9110, LogLevel.Warning, "Activity {Name} of {InstanceId} failed")]
    public static partial void ActivityFailed(ILogger logger, Exception exception, string name, string instanceId);

    [LoggerMessage(9111, LogLevel.Warning, "Rows of large values of {InstanceId} could not be removed")]
    public static partial void RowsNotRemoved(ILogger logger, Exception exception, string instanceId);
}
