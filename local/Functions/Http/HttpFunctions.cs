using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Http;

/// <summary>Serves the HTTP-triggered functions.</summary>
internal static class HttpFunctions
{
    internal static void Map(WebApplication app, FunctionCatalog catalog, string routePrefix)
    {
        var invoker = app.Services.GetRequiredService<Invoker>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Functions.Http");
        foreach (var function in catalog.Functions.Where(f => f.Trigger is HttpTriggerAttribute))
        {
            var trigger = (HttpTriggerAttribute)function.Trigger;
            var endpoint = app.Map(RoutePatternFactory.Parse(Route(function, routePrefix)), new HttpEndpoint(function, invoker, log).InvokeAsync)
                .WithDisplayName(function.Name)
                .WithMetadata(FunctionEndpoint.Instance);
            if (Methods(trigger) is { Length: > 0 } methods)
            {
                endpoint.WithMetadata(new HttpMethodMetadata(methods));
            }
        }
    }

    /// <summary>As the Functions host answers: 404 also where only the method is wrong.</summary>
    internal static Task RefuseUnknown(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<FunctionEndpoint>() is not null)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    internal static string Route(LocalFunction function, string routePrefix)
    {
        var route = ((HttpTriggerAttribute)function.Trigger).Route ?? function.Name;
        return "/" + string.Join('/', new[] { routePrefix.Trim('/'), route.Trim('/') }.Where(part => part.Length > 0));
    }

    internal static string[] Methods(HttpTriggerAttribute trigger) => [.. (trigger.Methods ?? []).Select(m => m.ToUpperInvariant())];

    /// <summary>Marks what may be answered, as against the endpoints that routing makes up for itself.</summary>
    internal sealed class FunctionEndpoint
    {
        internal static readonly FunctionEndpoint Instance = new();
    }

    private sealed class HttpEndpoint(LocalFunction function, Invoker invoker, ILogger log)
    {
        private static readonly ActionDescriptor Action = new();

        internal async Task InvokeAsync(HttpContext http)
        {
            function.Enter();
            try
            {
                var context = new LocalFunctionContext(function, http);
                await invoker.InvokeAsync(context);
                await AnswerAsync(http, function.Outputs.HttpAnswer(context.Result));
            }
            catch (BadHttpRequestException exception)
            {
                Refuse(http, exception.StatusCode);
            }
            catch (Exception exception) when (exception is ConnectionResetException || http.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there to be answered.
                http.Abort();
            }
            catch (Exception exception)
            {
                Log.HttpFunctionFailed(log, exception, function.Name);
                Refuse(http, StatusCodes.Status500InternalServerError);
            }
            finally
            {
                function.Leave();
            }
        }

        private Task AnswerAsync(HttpContext http, object? answer) => answer switch
        {
            null => Task.CompletedTask,
            IResult result => result.ExecuteAsync(http),
            IActionResult result => result.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), Action)),
            _ => throw new InvalidOperationException($"Function {function.Name} returned a {answer.GetType()}: an HTTP function returns IActionResult or IResult, or marks one with [HttpResult]."),
        };

        private static void Refuse(HttpContext http, int status)
        {
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.StatusCode = status;
        }
    }
}
