using System.Collections.Frozen;
using LeadFunctions.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Operations;

/// <summary>Names the span of an HTTP request by its route, which the instrumentation cannot see: the worker's own routing stands between.</summary>
internal sealed class RequestSpans : IFunctionsWorkerMiddleware
{
    private readonly FrozenDictionary<string, string> _routes = RouteScopes.AllRoutes().ToFrozenDictionary(r => r.Function, r => $"/{r.Route}", StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http
            && http.Features.Get<IHttpActivityFeature>()?.Activity is { } span
            && _routes.TryGetValue(context.FunctionDefinition.Name, out var route))
        {
            span.DisplayName = $"{http.Request.Method} {route}";
            span.SetTag("http.route", route);
        }

        return next(context);
    }
}
