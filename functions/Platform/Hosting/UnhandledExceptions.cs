using System.Diagnostics;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Hosting;

/// <summary>
/// The last answer to an HTTP request whose function threw: 503 when storage is out of reach, else 500 with the trace id to look for.
/// The exception's text stays in the log. Functions that no caller waits for are left to the host, which retries them.
/// </summary>
public sealed class UnhandledExceptions(ILogger<UnhandledExceptions> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            context.GetInvocationResult().Value = Answer(exception, context, http);
        }
    }

    private IResult Answer(Exception exception, FunctionContext context, HttpContext http)
    {
        // The caller hung up, and nobody reads the answer, or the host ends: it is no failure of storage, though it looks like one.
        var (hasLeft, isCancelled) = (http.RequestAborted.IsCancellationRequested, context.CancellationToken.IsCancellationRequested);
        if ((hasLeft || isCancelled) && (exception is OperationCanceledException || StorageOutage.Is(exception)))
        {
            return hasLeft ? Results.StatusCode(StatusCodes.Status499ClientClosedRequest) : Problems.Unavailable();
        }

        if (exception is BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problems.TooLarge(RequestBody.Limit)
                : Problems.BadRequest("bad-request", "The request could not be read.");
        }

        if (StorageOutage.Is(exception))
        {
            logger.RequestRefused(context.FunctionDefinition.Name, StorageOutage.Describe(exception));
            return Problems.Unavailable();
        }

        var traceId = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        logger.RequestFailed(exception, context.FunctionDefinition.Name, traceId);
        return Problems.Unexpected(traceId);
    }
}
