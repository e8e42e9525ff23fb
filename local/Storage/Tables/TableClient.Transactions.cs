#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>
    /// Writes up to 100 rows of one partition, all or none, each row once. The responses stand in the order of the actions; each carries its
    /// row's new ETag (none for deletes). A retry after a lost answer can find its own writes: an Add then fails with EntityAlreadyExists,
    /// an update with UpdateConditionNotSatisfied.
    /// </summary>
    /// <exception cref="TableTransactionFailedException">One action was refused, and so all are; it says which.</exception>
    /// <exception cref="RequestFailedException">The transaction as a whole was refused: 404 TableNotFound, 413 RequestBodyTooLarge …</exception>
    /// <exception cref="InvalidOperationException">There is no action.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var message = _endpoint.Calls.Message(RequestMethod.Post, _endpoint.Address("/$batch"));
        var boundaries = TransactionContent.NewBoundaries();
        message.Request.Headers.SetValue("Content-Type", boundaries.ContentType);
        message.Request.Content = TransactionContent.Write(boundaries, _endpoint.Root + _resource, transactionActions, out var count);
        var response = await _endpoint.Calls.SendAsync("TableClient.SubmitTransaction", message, cancellationToken);
        var parts = TransactionPart.ReadAll(response.Content.ToMemory());
        return parts switch
        {
            [{ Status: not (>= 200 and < 300) } refusal, ..] => throw refusal.Failure(),
            _ when parts.Count == count => Response.FromValue<IReadOnlyList<Response>>(parts, response),
            _ => throw new RequestFailedException(response.Status, $"The transaction's answer has {parts.Count} parts for {count} actions: it is not known what was stored."),
        };
    }
}
