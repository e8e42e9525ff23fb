using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Platform.Http;

/// <summary>Every answer of an HTTP function, errors included: browsers take it for what it says it is, and nothing on the way keeps it, unless its function says that it may.</summary>
public sealed class SafeAnswers : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
        }

        return next(context);
    }
}
