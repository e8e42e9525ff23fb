using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DevHost.Rpc;
using DevHost.Triggers;
using DevHost.Worker;
using Yarp.ReverseProxy.Forwarder;

namespace DevHost.Http;

/// <summary>Functions that a request starts. Each goes to the worker twice, as Azure's host does it: as an invocation, and forwarded to the worker's own server, tied by a header.</summary>
internal sealed class HttpTriggers(WorkerProcess worker, IHttpForwarder forwarder, InputBindings inputs, ILogger<HttpTriggers> log) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    });

    private int inFlight;
    private volatile TaskCompletionSource? drained;

    internal void Map(IEndpointRouteBuilder routes, AppFolder app)
    {
        foreach (var function in app.Functions.Where(function => function.IsHttp))
        {
            var endpoint = routes.Map(RouteOf(app, function), (HttpContext http) => HandleAsync(http, function));
            if (MethodsOf(function) is { Length: > 0 } methods)
            {
                endpoint.WithMetadata(new HttpMethodMetadata(methods));
            }
        }
    }

    internal static string RouteOf(AppFolder app, Function function) => $"{app.RoutePrefix}/{function.Trigger.Find("route") ?? function.Name}".TrimStart('/');

    /// <summary>Refuses what comes from now on; completes when what is under way has been answered, or has taken too long.</summary>
    internal async Task DrainAsync(TimeSpan patience)
    {
        drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Volatile.Read(ref inFlight) > 0)
        {
            await Task.WhenAny(drained.Task, Task.Delay(patience, TimeProvider.System));
        }
    }

    public void Dispose() => client.Dispose();

    private static string[] MethodsOf(Function function) =>
        function.Trigger.Document.TryGetProperty("methods", out var methods) ? [.. methods.EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant())] : []; // names only

    /// <summary>A worker tells its address a moment before it listens there.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && Stopwatch.GetElapsedTime(started) < ConnectPatience)
            {
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task HandleAsync(HttpContext http, Function function)
    {
        Interlocked.Increment(ref inFlight);
        try
        {
            if (drained is not null)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                http.Response.Headers.Connection = "close";
                return;
            }

            await RunAsync(http, function);
        }
        finally
        {
            if (Interlocked.Decrement(ref inFlight) == 0)
            {
                drained?.TrySetResult();
            }
        }
    }

    private async Task RunAsync(HttpContext http, Function function)
    {
        var session = await worker.ReadyAsync(http.RequestAborted);
        var request = new InvocationRequest
        {
            InvocationId = $"{Guid.NewGuid()}",
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Trigger.Name, Data = new TypedData { Http = new RpcHttp() } } },
            TraceContext = new RpcTraceContext { TraceParent = Activity.Current?.Id ?? http.Request.Headers.TraceParent.ToString(), TraceState = http.Request.Headers.TraceState.ToString() },
        };
        foreach (var (name, value) in http.Request.RouteValues)
        {
            request.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        }

        await inputs.AddAsync(function, request, http.RequestAborted);
        http.Request.Headers[InvocationHeader] = request.InvocationId;
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var invocation = session.InvokeAsync(request, cancelling.Token);
        var error = await forwarder.SendAsync(http, session.HttpAddress, client, Config, HttpTransformer.Default);
        if (error != ForwarderError.None)
        {
            await cancelling.CancelAsync(); // It has nobody to answer.
        }

        var failure = await FailureOfAsync(invocation) ?? (error == ForwarderError.None ? null : $"its answer could not be passed on ({error})");
        if (failure is not null && !http.RequestAborted.IsCancellationRequested)
        {
            Log.RequestFailed(log, function.Name, failure);
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
