using System.Net;

namespace DevHost.Http;

/// <summary>Functions that a request starts. Each goes to the worker twice, as Azure's host does it: as an invocation, and forwarded to the worker's own server, tied by a header.</summary>
internal sealed class HttpTriggers(AppFolder app, WorkerKeeper worker, DurableClients clients, IHttpForwarder forwarder, ILogger log)
{
    private const string InvocationHeader = "x-ms-invocation-id";

    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    internal void Map(IEndpointRouteBuilder routes)
    {
        foreach (var function in app.Functions.Where(function => function.IsHttp))
        {
            var endpoint = routes.Map(RouteOf(app, function), http => RunAsync(http, function));
            if (function.Trigger.GetSection("methods").Get<string[]>() is { } methods)
            {
                endpoint.WithMetadata(new HttpMethodMetadata(methods.Select(method => method.ToUpperInvariant())));
            }
        }
    }

    internal static string RouteOf(AppFolder app, Function function) => $"{app.HostJson["extensions:http:routePrefix"] ?? "api"}/{function.Trigger["route"] ?? function.Name}".TrimStart('/');

    private async Task RunAsync(HttpContext http, Function function)
    {
        var session = await worker.ReadyAsync(http.RequestAborted);
        var request = WorkerSession.NewRequest(function, new TypedData { Http = new RpcHttp() }, Activity.Current?.Id ?? http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        foreach (var (name, value) in http.Request.RouteValues.Where(pair => pair.Value is not null))
        {
            request.TriggerMetadata[name] = new TypedData { String = $"{value}" };
        }

        await clients.AddAsync(function, request, http.RequestAborted);
        http.Request.Headers[InvocationHeader] = request.InvocationId;
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var invocation = session.InvokeAsync(request, cancelling.Token);
        var error = await forwarder.SendAsync(http, session.HttpAddress, client, Config, HttpTransformer.Default);
        if (error != ForwarderError.None)
        {
            await cancelling.CancelAsync(); // It has nobody to answer.
        }

        var result = (await invocation).Result;
        if (http.RequestAborted.IsCancellationRequested || error is ForwarderError.RequestBodyClient || (error == ForwarderError.None && result.Status == StatusResult.Types.Status.Success))
        {
            return;
        }

        Log.FunctionFailed(log, function.Name, result.Status == StatusResult.Types.Status.Success ? $"its answer could not be passed on ({error})" : Log.Reason(result.Exception));
        if (error == ForwarderError.None && !http.Response.HasStarted)
        {
            http.Response.Clear(); // The worker's server has nothing to say of a function that threw, and says so with a 200.
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
