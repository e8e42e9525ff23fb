using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for each message of a queue.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue, or <c>%setting%</c>.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection; <c>AzureWebJobsStorage</c> when null.</summary>
    public string? Connection { get; set; }
}

/// <summary>Sends what a function returns (or what the property holds) to a queue: one message, or one for each element of an array. Null sends nothing.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class QueueOutputAttribute(string queueName) : OutputBindingAttribute
{
    /// <summary>The queue, or <c>%setting%</c>; created when it does not exist.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection; <c>AzureWebJobsStorage</c> when null.</summary>
    public string? Connection { get; set; }
}
