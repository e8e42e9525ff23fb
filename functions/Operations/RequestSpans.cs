using System.Collections.Frozen;
using LeadFunctions.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Operations;

/// <summary>Names the span of an HTTP request by its route, and notes the status: the server's own span knows neither.</summary>
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
            http.Response.OnStarting(() =>
            {
                span.SetTag("http.response.status_code", http.Response.StatusCode);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
