using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace SampleApp;

/// <summary>Requests of all kinds.</summary>
public sealed class HttpFunctions(ILogger<HttpFunctions> log, ILoggerFactory loggers)
{
    private const int Block = 64 * 1024;

    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Gates = new();

    [Function(nameof(Echo))]
    public async Task<IResult> Echo([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", Route = "echo/{*path}")] HttpRequest request, string? path)
    {
        using var reader = new StreamReader(request.Body);
        request.HttpContext.Response.Headers["x-answer"] = request.Headers["x-question"].ToString();
        request.HttpContext.Response.Headers.Append("set-cookie", "a=1");
        request.HttpContext.Response.Headers.Append("set-cookie", "b=2");
        return Results.Json(new { request.Method, Path = path, Query = request.QueryString.Value, Host = request.Host.Value, request.Scheme, Body = await reader.ReadToEndAsync() }, statusCode: StatusCodes.Status202Accepted);
    }

    [Function(nameof(NumberedThing))]
    public IResult NumberedThing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{number:int}")] HttpRequest request, int number) => Results.Text($"number {number}");

    [Function(nameof(NamedThing))]
    public IResult NamedThing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{name:alpha}")] HttpRequest request, string name) => Results.Text($"name {name}");

    [Function(nameof(ReplaceThing))]
    public IResult ReplaceThing([HttpTrigger(AuthorizationLevel.Anonymous, "put", "delete", Route = "things/{id}")] HttpRequest request, string id) => Results.Text($"{request.Method} {id}");

    /// <summary>No route and no methods of its own.</summary>
    [Function(nameof(Plain))]
    public IResult Plain([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.NoContent();

    [Function(nameof(Off))]
    public IResult Off([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.NoContent();

    [Function(nameof(ProcessNumber))]
    public IResult ProcessNumber([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "process")] HttpRequest request) => Results.Text($"{Environment.ProcessId}");

    [Function(nameof(Setting))]
    public IResult Setting([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request, string name) => Results.Text(Environment.GetEnvironmentVariable(name) ?? "none");

    [Function(nameof(Upload))]
    public async Task<IResult> Upload([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "uploads/{name}")] HttpRequest request, string name)
    {
        var (total, buffer) = (0L, new byte[Block]);
        while (await request.Body.ReadAsync(buffer) is > 0 and var read)
        {
            if (total == 0)
            {
                Journal.Write($"{name} begins");
            }

            total += read;
        }

        return Results.Text($"{total}");
    }

    [Function(nameof(Download))]
    public async Task Download([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "downloads/{megabytes}")] HttpRequest request, int megabytes)
    {
        var block = new byte[Block];
        for (var left = megabytes * 1024 * 1024 / Block; left > 0; left--)
        {
            await request.HttpContext.Response.Body.WriteAsync(block);
        }
    }

    /// <summary>Server-sent events, each when a gate has opened.</summary>
    [Function(nameof(Events))]
    public async Task Events([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "events/{name}")] HttpRequest request, string name, FunctionContext context)
    {
        var response = request.HttpContext.Response;
        request.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = "text/event-stream";
        for (var number = 1; number <= 3; number++)
        {
            await response.WriteAsync($"data: {number}\n\n", context.CancellationToken);
            await response.Body.FlushAsync(context.CancellationToken);
            await Gate($"{name}{number}").Task.WaitAsync(context.CancellationToken);
        }
    }

    [Function(nameof(OpenGate))]
    public IResult OpenGate([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "gates/{*name}")] HttpRequest request, string name)
    {
        Gate(name).TrySetResult();
        return Results.NoContent();
    }

    /// <summary>Answers when its gate has opened, or its token is cancelled.</summary>
    [Function(nameof(Wait))]
    public async Task<IResult> Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "waits/{name}")] HttpRequest request, string name, FunctionContext context)
    {
        Journal.Write($"{name} waits");
        try
        {
            await Gate(name).Task.WaitAsync(context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            Journal.Write($"{name} cancelled");
            throw;
        }

        Journal.Write($"{name} finished");
        return Results.Text("finished");
    }

    /// <summary>Answers when its file is there: nobody can be called while the host stops.</summary>
    [Function(nameof(WaitForFile))]
    public async Task<IResult> WaitForFile([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{name}")] HttpRequest request, string name)
    {
        Journal.Write($"{name} waits");
        await Files.AppearAsync(name);
        Journal.Write($"{name} finished");
        return Results.Text("finished");
    }

    [Function(nameof(Fail))]
    public IResult Fail([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "failures")] HttpRequest request) => throw new InvalidOperationException("The sample fails.");

    [Function(nameof(Exit))]
    public IResult Exit([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "exits/{code:int}")] HttpRequest request, int code)
    {
        Environment.Exit(code);
        return Results.NoContent();
    }

    [Function(nameof(Say))]
    public IResult Say([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "lines")] HttpRequest request)
    {
#pragma warning disable CA1848, CA2254 // A test asks for these very lines.
        log.LogInformation("A line of information.");
        log.LogDebug("A line for debugging.");
        loggers.CreateLogger("SampleApp.Silent").LogError("A line that host.json silences.");
#pragma warning restore CA1848, CA2254
        Console.WriteLine("A line on the console.");
        Console.Error.WriteLine("A line on the error stream.");
        return Results.NoContent();
    }

    private static TaskCompletionSource Gate(string name) => Gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
