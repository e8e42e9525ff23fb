using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class HttpTriggerTests
{
    private static readonly string[] Functions = ["Ping", "Default", "GetItem", "GetItemByKey", "PutItem", "Optional", "Page", "Rest", "Unbindable", "Nothing", "WriteDirectly", "Fail", "Context", "Hidden"];

    [Theory]
    [InlineData("GET", "/ping", 200, "pong")]
    [InlineData("GET", "/Ping", 200, "pong")]
    [InlineData("GET", "/Default", 200, "GET")]
    [InlineData("PATCH", "/default", 200, "PATCH")]
    [InlineData("GET", "/items/7", 200, """{"id":7,"kind":"number"}""")]
    [InlineData("GET", "/items/seven", 404, "")]
    [InlineData("GET", "/items/5f2b0c1e-6a0e-4c55-9e0a-0d0c5b2f8a11", 200, """{"key":"5f2b0c1e-6a0e-4c55-9e0a-0d0c5b2f8a11"}""")]
    [InlineData("PUT", "/items/7", 201, """{"id":7,"body":"hello","method":"PUT"}""")]
    [InlineData("POST", "/items/7", 201, """{"id":7,"body":"hello","method":"POST"}""")]
    [InlineData("GET", "/optional", 200, "none")]
    [InlineData("GET", "/optional/some", 200, "some")]
    [InlineData("GET", "/page", 200, "1")]
    [InlineData("GET", "/page/3", 200, "3")]
    [InlineData("GET", "/page/0", 404, "")]
    [InlineData("GET", "/files", 200, "")]
    [InlineData("GET", "/files/a/b%20c.txt", 200, "a/b c.txt")]
    [InlineData("GET", "/nothing", 200, "")]
    [InlineData("GET", "/direct", 202, "direct")]
    [InlineData("GET", "/hidden", 404, "")]
    [InlineData("GET", "/absent", 404, "")]
    [InlineData("DELETE", "/ping", 404, "")]
    [InlineData("HEAD", "/ping", 404, "")]
    [InlineData("OPTIONS", "/ping", 404, "")]
    public async Task A_request_reaches_the_function_of_its_route_and_method(string method, string path, int status, string body)
    {
        await using var app = await SampleApp.StartAsync(Functions);

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PUT" or "POST")
        {
            request.Content = new StringContent("hello");
        }

        using var response = await app.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_context_describes_the_invocation()
    {
        await using var app = await SampleApp.StartAsync(Functions, configure: builder => builder.UseMiddleware(async (context, next) =>
        {
            context.Items["note"] = $"by middleware for {context.GetHttpContext()!.Request.Path}";
            await next();
        }));

        var answer = await app.Client.GetFromJsonAsync<JsonElement>("/context/here");

        Assert.Equal("Context", answer.GetProperty("name").GetString());
        Assert.True(answer.GetProperty("hasId").GetBoolean());
        Assert.True(answer.GetProperty("isSameRequest").GetBoolean());
        Assert.True(answer.GetProperty("isSameScope").GetBoolean());
        Assert.Equal("here", answer.GetProperty("part").GetString());
        Assert.Equal("httpTrigger", answer.GetProperty("trigger").GetString());
        Assert.Equal("by middleware for /context/here", answer.GetProperty("item").GetString());
    }

    [Fact]
    public async Task A_failing_function_answers_500_without_detail_and_is_logged()
    {
        await using var app = await SampleApp.StartAsync(Functions);
        app.ExpectErrors();

        using var response = await app.Client.GetAsync("/fail");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.Equal("secret detail", Assert.Single(app.Logs.Errors).Exception!.Message);
    }

    [Fact]
    public async Task A_route_value_that_does_not_fit_its_parameter_is_an_error()
    {
        await using var app = await SampleApp.StartAsync(Functions);
        app.ExpectErrors();

        using var response = await app.Client.GetAsync("/unbindable/x");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.IsType<FunctionInputConverterException>(Assert.Single(app.Logs.Errors).Exception);
    }

    [Fact]
    public async Task The_route_prefix_comes_from_the_host_settings()
    {
        await using var app = await SampleApp.StartAsync(Functions, new() { ["AzureFunctionsJobHost__extensions__http__routePrefix"] = "v1/in" });

        Assert.Equal("pong", await app.Client.GetStringAsync("/v1/in/ping"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/ping")).StatusCode);
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_the_function_and_is_no_error()
    {
        await using var app = await SampleApp.StartAsync(["Wait"]);
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Client.GetAsync("/wait", impatience.Token));

        await app.SettleAsync();
        Assert.Empty(app.Logs.Errors);
    }
}
