using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>Sends messages of one client through its pipeline and turns refusals into exceptions. One span per operation, only when someone listens.</summary>
internal sealed class StorageCalls(HttpPipeline pipeline, ActivitySource spans, AccountActivity account)
{
    private static readonly ResponseClassifier NotFoundIsFine = new Tolerant(404);
    private static readonly ResponseClassifier ConflictIsFine = new Tolerant(409);

    /// <summary>A message whose request has its method and address set.</summary>
    public HttpMessage Message(RequestMethod method, string address)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(address));
        return message;
    }

    /// <summary>Sends the message and disposes it; the response's content stays readable.</summary>
    /// <param name="operation">Client and method, as in "TableClient.AddEntity": the span's name.</param>
    /// <param name="alsoFine">A status outside 2xx that is returned, not thrown.</param>
    /// <param name="isPolling">Not to be counted as activity of the app.</param>
    /// <exception cref="RequestFailedException">The service refused, or could not be reached after all retries (Status 0).</exception>
    public async Task<Response> SendAsync(string operation, HttpMessage message, CancellationToken cancellationToken, int alsoFine = 0, bool isPolling = false)
    {
        using var activity = spans.HasListeners() ? spans.StartActivity(operation) : null;
        using (message)
        {
            if (alsoFine != 0)
            {
                message.ResponseClassifier = alsoFine == 404 ? NotFoundIsFine : ConflictIsFine;
            }

            try
            {
                if (!isPolling)
                {
                    account.Enter();
                }

                await pipeline.SendAsync(message, cancellationToken);
            }
            catch (Exception exception)
            {
                (message.Request.Content as PooledContent)?.Abandon();
                activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
                throw;
            }
            finally
            {
                if (!isPolling)
                {
                    account.Leave();
                }
            }

            var response = message.Response;
            if (response.Status is >= 200 and < 300 || response.Status == alsoFine)
            {
                return response;
            }

            var failure = new RequestFailedException(response);
            activity?.SetStatus(ActivityStatusCode.Error, failure.ErrorCode);
            throw failure;
        }
    }

    private sealed class Tolerant(int status) : ResponseClassifier
    {
        public override bool IsErrorResponse(HttpMessage message) =>
            message.Response.Status != status && base.IsErrorResponse(message);
    }
}
