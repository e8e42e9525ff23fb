using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Operations;

/// <summary>
/// Refuses the query of a GET to which none belongs: a list that ignored <c>?state=live</c> would answer with everything, and look right. Which those are, the description says; whoever knows parameters looks at them
/// with <see cref="KnownQuery"/>.
/// </summary>
internal sealed class UnaskedParameters(OpenApiDocument api) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext()?.Request is { Query.Count: > 0 } request && HttpMethods.IsGet(request.Method) && request.Path.StartsWithSegments("/api") && api.WithoutQuery.Contains(context.FunctionDefinition.Name))
        {
            context.GetInvocationResult().Value = Problems.Invalid(request.Query.Keys.First(), "This parameter is not known.", "no parameter: the answer is all that there is");
            return Task.CompletedTask;
        }

        return next(context);
    }
}
