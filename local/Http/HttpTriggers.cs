using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace DevHost.Http;

/// <summary>Functions that a request starts. Each goes to the worker twice, as Azure's host does it: as an invocation, and forwarded to the worker's own server, tied by a header.</summary>
internal sealed class HttpTriggers(AppFolder app, WorkerKeeper worker, DurableClients clients, IHttpForwarder forwarder, ILogger log)
{
    private const string InvocationHeader = "x-ms-invocation-id";

    /// <summary>How long a request waits for a worker that is being started again.</summary>
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(20);
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
            if (function.Trigger.Document.TryGetProperty("methods", out var methods) && methods.GetArrayLength() > 0)
            {
                endpoint.WithMetadata(new HttpMethodMetadata(methods.EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant()))); // names only
            }
        }
    }

    internal static string RouteOf(AppFolder app, Function function) => $"{app.HostJson["extensions:http:routePrefix"] ?? "api"}/{function.Trigger.Find("route") ?? function.Name}".TrimStart('/');

    private async Task RunAsync(HttpContext http, Function function)
    {
        if (await FindSessionAsync(http.RequestAborted) is not { } session)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5";
            return;
        }

        var request = WorkerSession.NewRequest(function, new TypedData { Http = new RpcHttp() }, Activity.Current?.Id ?? http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        foreach (var (name, value) in http.Request.RouteValues)
        {
            if (value is not null)
            {
                request.TriggerMetadata[name] = new TypedData { String = value.ToString() };
            }
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

        var failure = await FailureOfAsync(invocation) ?? (error == ForwarderError.None ? null : $"its answer could not be passed on ({error})");
        if (failure is null || http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        Log.RequestFailed(log, function.Name, failure);
        if (!http.Response.HasStarted && http.Response.StatusCode < StatusCodes.Status500InternalServerError)
        {
            http.Response.Clear(); // The worker's server has nothing to say of a function that threw, and says so with a 200.
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async ValueTask<WorkerSession?> FindSessionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await worker.ReadyAsync(cancellationToken).WaitAsync(WorkerPatience, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task<string?> FailureOfAsync(Task<InvocationResponse> invocation)
    {
        try
        {
            var result = (await invocation).Result;
            return result.Status == StatusResult.Types.Status.Failure ? $"{result.Exception?.Message}\n{result.Exception?.StackTrace}".TrimEnd() : null;
        }
        catch (WorkerProcessExitException exception)
        {
            return exception.Message;
        }
    }
}
