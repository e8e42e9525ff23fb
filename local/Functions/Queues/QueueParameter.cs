using System.Text;
using Azure.Core.Serialization;
using Azure.Storage.Queues.Models;
using LeadFunctions.Local.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>What a queue-triggered function's parameter may be: the text, the bytes, the message, or anything that its JSON describes.</summary>
internal static class QueueParameter
{
    internal static readonly ObjectSerializer DefaultSerializer = new JsonObjectSerializer(new() { PropertyNameCaseInsensitive = true });

    internal static Func<LocalFunctionContext, object?> Bind(Type type) => type switch
    {
        _ when type == typeof(string) => context => Message(context).Body.ToString(),
        _ when type == typeof(QueueMessage) => Message,
        _ when type == typeof(BinaryData) => context => Message(context).Body,
        _ when type == typeof(byte[]) => context => Message(context).Body.ToArray(),
        _ when type == typeof(ReadOnlyMemory<byte>) => context => Message(context).Body.ToMemory(),
        _ => context => Serializer(context.InstanceServices).Deserialize(Message(context).Body.ToStream(), type, context.CancellationToken),
    };

    internal static ObjectSerializer Serializer(IServiceProvider services) => services.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer ?? DefaultSerializer;

    /// <summary>The message as functions see it: its body decoded when the queue holds base64.</summary>
    /// <exception cref="FormatException">The text is not base64.</exception>
    internal static QueueMessage Decode(QueueMessage message, bool isBase64) => !isBase64 ? message : QueuesModelFactory.QueueMessage(
        message.MessageId,
        message.PopReceipt,
        BinaryData.FromBytes(Convert.FromBase64String(message.MessageText)),
        message.DequeueCount,
        message.NextVisibleOn,
        message.InsertedOn,
        message.ExpiresOn);

    /// <summary>What the trigger tells by name.</summary>
    internal static IReadOnlyDictionary<string, object?> Data(QueueMessage message) => new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = Encoding.UTF8.GetString(message.Body),
        ["Id"] = message.MessageId,
        ["PopReceipt"] = message.PopReceipt,
        ["DequeueCount"] = message.DequeueCount,
        ["InsertionTime"] = message.InsertedOn,
        ["ExpirationTime"] = message.ExpiresOn,
        ["NextVisibleTime"] = message.NextVisibleOn,
    };

    private static QueueMessage Message(LocalFunctionContext context) => (QueueMessage)context.TriggerValue;
}
