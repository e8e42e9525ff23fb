using System.Globalization;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class SampleQueueFunctions(Seen seen)
{
    [Function(nameof(OnText))]
    public async Task OnText([QueueTrigger("texts")] string text, long dequeueCount, CancellationToken cancellationToken)
    {
        await seen.OnMessage(text, dequeueCount, cancellationToken);
        seen.Messages.Enqueue(text);
    }

    [Function(nameof(OnOrder))]
    public void OnOrder([QueueTrigger("%OrdersQueue%")] Order order) => seen.Messages.Enqueue($"{order.Number} {order.Name}");

    [Function(nameof(OnMessage))]
    public void OnMessage([QueueTrigger("messages")] QueueMessage message, string id, DateTimeOffset insertionTime, FunctionContext context) => seen.Messages.Enqueue(
        string.Create(CultureInfo.InvariantCulture, $"{message.Body} {message.MessageId == id} {message.InsertedOn == insertionTime} {context.BindingContext.BindingData["DequeueCount"]}"));

    [Function(nameof(OnSlow))]
    [QueueOutput("slow-done")]
    public async Task<string> OnSlow([QueueTrigger("slow")] string milliseconds, long dequeueCount, CancellationToken cancellationToken)
    {
        await Task.Delay(int.Parse(milliseconds, CultureInfo.InvariantCulture), cancellationToken);
        return $"{milliseconds} ms, attempt {dequeueCount}";
    }

    [Function(nameof(OnBytes))]
    [QueueOutput("texts")]
    public string OnBytes([QueueTrigger("bytes")] BinaryData data) => $"{data.ToMemory().Length} bytes";
}
