using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class SampleHttpFunctions(Scoped scoped)
{
    [Function(nameof(Ping))]
    public static IResult Ping([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ping")] HttpRequest request) => Results.Text("pong");

    [Function(nameof(Default))]
    public static IActionResult Default([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new ContentResult { Content = request.Method };

    [Function(nameof(GetItem))]
    public IActionResult GetItem([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}")] HttpRequest request, int id) =>
        new ObjectResult(new { Id = id, Kind = "number" }) { StatusCode = 200 };

    [Function(nameof(GetItemByKey))]
    public async Task<IActionResult> GetItemByKey([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{key:guid}")] HttpRequest request, Guid key)
    {
        await Task.Yield();
        return new OkObjectResult(new { Key = key });
    }

    [Function(nameof(PutItem))]
    public async Task<IResult> PutItem([HttpTrigger(AuthorizationLevel.Anonymous, "put", "post", Route = "items/{id:int}")] HttpRequest request, int id, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        return Results.Json(new { id, body = await reader.ReadToEndAsync(cancellationToken), method = request.Method }, statusCode: 201);
    }

    [Function(nameof(Optional))]
    public IResult Optional([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "optional/{name?}")] HttpRequest request, string? name) => Results.Text(name ?? "none");

    [Function(nameof(Page))]
    public IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "page/{number:int:min(1)=1}")] HttpRequest request, int? number) => Results.Text($"{number}");

    [Function(nameof(Rest))]
    public IResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{**path}")] HttpRequest request, string? path) => Results.Text(path ?? "");

    [Function(nameof(Unbindable))]
    public IResult Unbindable([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "unbindable/{number}")] HttpRequest request, int number) => Results.Text($"{number}");

    [Function(nameof(Nothing))]
    public void Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "nothing")] HttpRequest request)
    {
    }

    [Function(nameof(WriteDirectly))]
    public Task WriteDirectly([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "direct")] HttpRequest request)
    {
        request.HttpContext.Response.StatusCode = 202;
        return request.HttpContext.Response.WriteAsync("direct");
    }

    [Function(nameof(Fail))]
    public IResult Fail([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fail")] HttpRequest request) => throw new InvalidOperationException("secret detail");

    [Function(nameof(Context))]
    public IResult Context([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context/{part}")] HttpRequest request, FunctionContext context) => Results.Json(new
    {
        name = context.FunctionDefinition.Name,
        hasId = Guid.TryParse(context.InvocationId, out _),
        isSameRequest = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
        part = context.BindingContext.BindingData["part"],
        isSameScope = ReferenceEquals(scoped, context.InstanceServices.GetRequiredService<Scoped>()),
        trigger = context.FunctionDefinition.InputBindings["request"].Type,
        item = context.Items.TryGetValue("note", out var note) ? note : null,
    });

    [Function(nameof(Wait))]
    public async Task<IResult> Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait")] HttpRequest request, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Results.Ok();
    }

    [Function(nameof(Pause))]
    public async Task<IResult> Pause([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pause")] HttpRequest request, CancellationToken cancellationToken)
    {
        await Task.Delay(500, cancellationToken);
        return Results.Text("done");
    }

    [Function(nameof(Send))]
    public Sent Send([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "send/{text}")] HttpRequest request, string text) =>
        new(Results.Accepted(), text, [new Order(1, "first"), new Order(2, "second")]);

    public sealed record Sent(
        [property: HttpResult] IResult Answer,
        [property: QueueOutput("texts")] string? Text,
        [property: QueueOutput("%OrdersQueue%")] Order[] Orders);
}

public sealed record Order(int Number, string Name);

/// <summary>Not public: upstream's generator skips it, and so must we.</summary>
internal sealed class HiddenFunctions
{
    [Function("Hidden")]
    public static IResult Hidden([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hidden")] HttpRequest request) => Results.Ok();
}
