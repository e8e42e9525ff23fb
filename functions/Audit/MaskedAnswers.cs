using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Audit;

/// <summary>Where the setting wants it: who may only read sees people behind <see cref="Masks"/>, finds nobody by name, and takes no file with them.</summary>
public sealed class MaskedAnswers(RouteScopes routes, AccessOptions options) : IFunctionsWorkerMiddleware
{
    /// <summary>Whoever could ask by these would learn what the answer hides.</summary>
    private static readonly string[] Searches = ["q", "email", "userId", "anonymousId", "company"];

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!options.MaskForRead || context.GetHttpContext() is not { } http || routes.Shows(context.FunctionDefinition.Name) is not { } shows || Caller.Of(http.Request).Scopes.Any(scope => scope != Scope.Read))
        {
            await next(context);
            return;
        }

        if (shows.IsExport || Searches.Any(http.Request.Query.ContainsKey))
        {
            context.GetInvocationResult().Value = Problems.Forbidden("With a key that may only read, people are shown without what names them here: they can be neither searched by it nor exported.");
            return;
        }

        await next(context);
        if (context.GetInvocationResult().Value is IResult answer and not ProblemResult)
        {
            context.GetInvocationResult().Value = new MaskedResult(answer);
        }
    }

    private sealed class MaskedResult(IResult answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var outside = response.Body;
            using var inside = new MemoryStream();
            response.Body = inside;
            try
            {
                await answer.ExecuteAsync(httpContext);
            }
            finally
            {
                response.Body = outside;
            }

            inside.Position = 0;
            var node = response.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true ? await JsonNode.ParseAsync(inside, cancellationToken: httpContext.RequestAborted) : null; // of what is no JSON, nothing
            Masks.Apply(node);
            response.ContentLength = null;
            if (node is not null)
            {
                await response.WriteAsync(node.ToJsonString(WebJson.Options), httpContext.RequestAborted);
            }
        }
    }
}
