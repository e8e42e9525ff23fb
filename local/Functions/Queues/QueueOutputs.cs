using System.Collections;
using Azure;
using Azure.Storage.Queues;
using LeadFunctions.Local.Functions.Discovery;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>Sends what functions put out to queues.</summary>
internal sealed class QueueOutputs(QueueConnections connections, QueueSettings settings)
{
    /// <summary>Sends every output of a finished invocation; a queue that does not exist is created.</summary>
    internal async Task SendAsync(LocalFunctionContext context)
    {
        if (context.Result is not { } result)
        {
            return;
        }

        foreach (var output in context.Function.Outputs.Queues)
        {
            var queue = connections.Client(output.Attribute.Connection, output.Attribute.QueueName);
            foreach (var message in Messages(output.Read(result)))
            {
                await SendAsync(queue, Text(message, context));
            }
        }
    }

    private static async Task SendAsync(QueueClient queue, string text)
    {
        try
        {
            await queue.SendMessageAsync(text);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await queue.CreateIfNotExistsAsync();
            await queue.SendMessageAsync(text);
        }
    }

    private static IEnumerable<object> Messages(object? value) => value switch
    {
        null => [],
        string or byte[] or BinaryData => [value],
        IEnumerable many => many.Cast<object?>().OfType<object>(),
        _ => [value],
    };

    private string Text(object message, LocalFunctionContext context)
    {
        var body = message switch
        {
            string text => BinaryData.FromString(text),
            byte[] bytes => BinaryData.FromBytes(bytes),
            BinaryData data => data,
            _ => QueueParameter.Serializer(context.InstanceServices).Serialize(message, message.GetType()),
        };
        return settings.IsBase64 ? Convert.ToBase64String(body) : body.ToString();
    }
}
