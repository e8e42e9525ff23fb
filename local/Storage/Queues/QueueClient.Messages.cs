#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using System.Globalization;
using Azure.Core;
using Azure.Storage.Queues.Models;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Storage.Queues;

public partial class QueueClient
{
    public virtual Task<Response<SendReceipt>> SendMessageAsync(string messageText) => SendMessageAsync(messageText, null, null, default);

    public virtual Task<Response<SendReceipt>> SendMessageAsync(string messageText, CancellationToken cancellationToken = default) =>
        SendMessageAsync(messageText, null, null, cancellationToken);

    /// <param name="messageText">At most 64 KiB after encoding.</param>
    /// <param name="visibilityTimeout">How long it stays invisible, whole seconds, at most 7 days; null: visible at once.</param>
    /// <param name="timeToLive">When it expires, whole seconds; -1 second: never; null: after 7 days.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may still arrive.</param>
    /// <exception cref="RequestFailedException">404 QueueNotFound; 413 RequestBodyTooLarge.</exception>
    public virtual async Task<Response<SendReceipt>> SendMessageAsync(
        string messageText, TimeSpan? visibilityTimeout = null, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) =>
        await SendAsync(Body(messageText), visibilityTimeout, timeToLive, cancellationToken);

    /// <inheritdoc cref="SendMessageAsync(string, TimeSpan?, TimeSpan?, CancellationToken)"/>
    public virtual async Task<Response<SendReceipt>> SendMessageAsync(
        BinaryData message, TimeSpan? visibilityTimeout = null, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) =>
        await SendAsync(Body(message), visibilityTimeout, timeToLive, cancellationToken);

    public virtual Task<Response<QueueMessage[]>> ReceiveMessagesAsync() => ReceiveMessagesAsync(null, null, default);

    public virtual Task<Response<QueueMessage[]>> ReceiveMessagesAsync(CancellationToken cancellationToken = default) =>
        ReceiveMessagesAsync(null, null, cancellationToken);

    /// <param name="maxMessages">1 to 32; null: 1.</param>
    /// <param name="visibilityTimeout">For how long the messages are the caller's, whole seconds; null: 30 seconds.</param>
    /// <param name="cancellationToken">Gives up waiting; messages may be taken all the same.</param>
    /// <exception cref="FormatException">With base64 encoding: a message is not base64.</exception>
    public virtual async Task<Response<QueueMessage[]>> ReceiveMessagesAsync(
        int? maxMessages = null, TimeSpan? visibilityTimeout = null, CancellationToken cancellationToken = default)
    {
        var response = await _endpoint.Calls.SendAsync("QueueClient.ReceiveMessages", ReceiveRequest(maxMessages, visibilityTimeout), cancellationToken);
        return Response.FromValue(QueueXml.Messages(response, ToMessage).ToArray(), response);
    }

    /// <summary>As ReceiveMessagesAsync, for a trigger that polls: not counted as the app's own activity.</summary>
    internal async Task<QueueMessage[]> PollAsync(int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken)
    {
        var response = await _endpoint.Calls.SendAsync(
            "QueueClient.ReceiveMessages", ReceiveRequest(maxMessages, visibilityTimeout), cancellationToken, isPolling: true);
        return QueueXml.Messages(response, ToMessage).ToArray();
    }

    /// <summary>As ReceiveMessagesAsync; the value is null when there is no message.</summary>
    public virtual async Task<Response<QueueMessage>> ReceiveMessageAsync(TimeSpan? visibilityTimeout = null, CancellationToken cancellationToken = default)
    {
        var response = await _endpoint.Calls.SendAsync("QueueClient.ReceiveMessage", ReceiveRequest(null, visibilityTimeout), cancellationToken);
        return Response.FromValue(QueueXml.Messages(response, ToMessage).FirstOrDefault(), response);
    }

    /// <summary>The value is null when there is no message.</summary>
    public virtual async Task<Response<PeekedMessage>> PeekMessageAsync(CancellationToken cancellationToken = default)
    {
        var messages = await PeekMessagesAsync(null, cancellationToken);
        return Response.FromValue(messages.Value.FirstOrDefault(), messages.GetRawResponse());
    }

    /// <param name="maxMessages">1 to 32; null: 1.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public virtual async Task<Response<PeekedMessage[]>> PeekMessagesAsync(int? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var query = maxMessages is { } count ? $"peekonly=true&numofmessages={count}" : "peekonly=true";
        var response = await _endpoint.Calls.SendAsync("QueueClient.PeekMessages", Message(RequestMethod.Get, "/messages", query), cancellationToken);
        return Response.FromValue(QueueXml.Messages(response, ToPeeked).ToArray(), response);
    }

    /// <exception cref="RequestFailedException">404 MessageNotFound; 400 PopReceiptMismatch: someone else has it now.</exception>
    public virtual async Task<Response> DeleteMessageAsync(string messageId, string popReceipt, CancellationToken cancellationToken = default) =>
        await _endpoint.Calls.SendAsync("QueueClient.DeleteMessage", OneMessage(RequestMethod.Delete, messageId, popReceipt), cancellationToken);

    /// <param name="messageId">The message.</param>
    /// <param name="popReceipt">The last one given for it.</param>
    /// <param name="messageText">The new text; null leaves it as it is.</param>
    /// <param name="visibilityTimeout">For how much longer it stays invisible, whole seconds; zero: visible at once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RequestFailedException">404 MessageNotFound; 400 PopReceiptMismatch.</exception>
    public virtual async Task<Response<UpdateReceipt>> UpdateMessageAsync(
        string messageId, string popReceipt, string messageText = null, TimeSpan visibilityTimeout = default, CancellationToken cancellationToken = default) =>
        await UpdateAsync(messageId, popReceipt, messageText is null ? null : Body(messageText), visibilityTimeout, cancellationToken);

    /// <inheritdoc cref="UpdateMessageAsync(string, string, string, TimeSpan, CancellationToken)"/>
    public virtual async Task<Response<UpdateReceipt>> UpdateMessageAsync(
        string messageId, string popReceipt, BinaryData message, TimeSpan visibilityTimeout = default, CancellationToken cancellationToken = default) =>
        await UpdateAsync(messageId, popReceipt, message is null ? null : Body(message), visibilityTimeout, cancellationToken);

    private async Task<Response<SendReceipt>> SendAsync(
        PooledContent body, TimeSpan? visibilityTimeout, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var query = (visibilityTimeout, timeToLive) switch
        {
            (null, null) => "",
            ({ } visibility, null) => $"visibilitytimeout={Seconds(visibility)}",
            (null, { } live) => $"messagettl={Seconds(live)}",
            ({ } visibility, { } live) => $"visibilitytimeout={Seconds(visibility)}&messagettl={Seconds(live)}",
        };
        var message = Message(RequestMethod.Post, "/messages", query);
        SetBody(message, body);
        var response = await _endpoint.Calls.SendAsync("QueueClient.SendMessage", message, cancellationToken);
        AccountActivity.Of(_endpoint.AccountName).Sent(Name);
        return Response.FromValue(QueueXml.Messages(response, ToReceipt)[0], response);
    }

    private async Task<Response<UpdateReceipt>> UpdateAsync(
        string messageId, string popReceipt, PooledContent body, TimeSpan visibilityTimeout, CancellationToken cancellationToken)
    {
        var message = OneMessage(RequestMethod.Put, messageId, popReceipt, $"&visibilitytimeout={Seconds(visibilityTimeout)}");
        if (body is not null)
        {
            SetBody(message, body);
        }

        var response = await _endpoint.Calls.SendAsync("QueueClient.UpdateMessage", message, cancellationToken);
        response.Headers.TryGetValue("x-ms-popreceipt", out var newReceipt);
        response.Headers.TryGetValue("x-ms-time-next-visible", out var nextVisible);
        return Response.FromValue(new UpdateReceipt(newReceipt, QueueXml.Time(nextVisible)), response);
    }

    private HttpMessage ReceiveRequest(int? maxMessages, TimeSpan? visibilityTimeout)
    {
        var query = (maxMessages, visibilityTimeout) switch
        {
            (null, null) => "",
            ({ } count, null) => $"numofmessages={count}",
            (null, { } visibility) => $"visibilitytimeout={Seconds(visibility)}",
            ({ } count, { } visibility) => $"numofmessages={count}&visibilitytimeout={Seconds(visibility)}",
        };
        return Message(RequestMethod.Get, "/messages", query);
    }

    private HttpMessage OneMessage(RequestMethod method, string messageId, string popReceipt, string query = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        ArgumentException.ThrowIfNullOrEmpty(popReceipt);
        return Message(method, "/messages/" + Uri.EscapeDataString(messageId), $"popreceipt={Uri.EscapeDataString(popReceipt)}{query}");
    }

    private PooledContent Body(string text) =>
        _endpoint.Encoding == QueueMessageEncoding.Base64 ? QueueXml.Message(BinaryData.FromString(text ?? "")) : QueueXml.Message(text ?? "");

    private PooledContent Body(BinaryData data) =>
        _endpoint.Encoding == QueueMessageEncoding.Base64 ? QueueXml.Message(data ?? BinaryData.Empty) : QueueXml.Message(data?.ToString() ?? "");

    private static void SetBody(HttpMessage message, PooledContent body)
    {
        message.Request.Content = body;
        message.Request.Headers.SetValue("Content-Type", "application/xml");
    }

    private static SendReceipt ToReceipt(MessageFields fields) => new(
        fields.MessageId, fields.InsertedOn.GetValueOrDefault(), fields.ExpiresOn.GetValueOrDefault(), fields.PopReceipt, fields.NextVisibleOn.GetValueOrDefault());

    private QueueMessage ToMessage(MessageFields fields)
    {
        var (text, body) = Decode(fields.MessageText);
        return new QueueMessage(
            fields.MessageId, fields.PopReceipt, text, body, fields.DequeueCount, fields.NextVisibleOn, fields.InsertedOn, fields.ExpiresOn);
    }

    private PeekedMessage ToPeeked(MessageFields fields)
    {
        var (text, body) = Decode(fields.MessageText);
        return new PeekedMessage(fields.MessageId, text, body, fields.DequeueCount, fields.InsertedOn, fields.ExpiresOn);
    }

    private (string Text, BinaryData Body) Decode(string text) => _endpoint.Encoding == QueueMessageEncoding.Base64
        ? (null, BinaryData.FromBytes(Convert.FromBase64String(text ?? "")))
        : (text ?? "", null);

    private static string Seconds(TimeSpan span) => ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
