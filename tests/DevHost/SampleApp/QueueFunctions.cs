using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace SampleApp;

/// <summary>Messages of all kinds.</summary>
public sealed class QueueFunctions
{
    [Function(nameof(TakeText))]
    public void TakeText([QueueTrigger("texts")] string text, string id, long dequeueCount) => Journal.Write($"text {text} {dequeueCount} {(id.Length > 0 ? "with an id" : "")}");

    [Function(nameof(TakeBytes))]
    public void TakeBytes([QueueTrigger("bytes")] byte[] bytes) => Journal.Write($"bytes {Convert.ToHexString(bytes)}");

    [Function(nameof(TakeDocument))]
    public void TakeDocument([QueueTrigger("documents")] Document document) => Journal.Write($"document {document.Name} {document.Size}");

    [Function(nameof(TakeMessage))]
    public void TakeMessage([QueueTrigger("messages")] QueueMessage message) =>
        Journal.Write($"message {message.Body} {message.DequeueCount} taken for {(message.NextVisibleOn - DateTimeOffset.UtcNow)?.TotalMinutes:0} min");

    [Function(nameof(FailMessage))]
    public void FailMessage([QueueTrigger("failing")] QueueMessage message)
    {
        Journal.Write($"failing {message.Body} {message.DequeueCount}");
        throw new InvalidOperationException("The sample cannot take it.");
    }

    [Function(nameof(TakePoison))]
    public void TakePoison([QueueTrigger("failing-poison")] string text) => Journal.Write($"poison {text}");

    /// <summary>The first time, it never ends.</summary>
    [Function(nameof(HangOnMessage))]
    public async Task HangOnMessage([QueueTrigger("hanging")] QueueMessage message)
    {
        Journal.Write($"hanging {message.Body} {message.DequeueCount}");
        if (message.DequeueCount == 1)
        {
            await Task.Delay(Timeout.Infinite);
        }
    }

    [Function(nameof(WaitOnMessage))]
    public async Task WaitOnMessage([QueueTrigger("waiting")] string text)
    {
        Journal.Write($"{text} waits");
        await Files.AppearAsync(text);
        Journal.Write($"{text} finished");
    }

    [Function(nameof(TakeNothing))]
    public void TakeNothing([QueueTrigger("disabled")] string text) => Journal.Write($"disabled {text}");

    public sealed record Document(string Name, int Size);
}
