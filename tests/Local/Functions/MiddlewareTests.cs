using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_runs_around_every_trigger_in_the_order_it_was_added()
    {
        await using var app = await SampleApp.StartAsync(["Ping", "OnText"], configure: builder =>
        {
            builder.UseMiddleware<SampleApp.Noting>();
            builder.UseWhen(
                context => context.GetHttpContext() is null,
                async (context, next) =>
                {
                    builder.Properties["inner"] = context.FunctionDefinition.Name;
                    await next();
                });
        });

        await app.Client.GetStringAsync("/ping");
        Assert.Equal(["before Ping", "after Ping"], app.Seen().Middleware);

        var queue = new QueueClient(app.ConnectionString, "texts");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("hello");
        await app.SettleAsync();
        Assert.Equal(["before OnText", "after OnText"], app.Seen().Middleware.Skip(2));
    }

    [Fact]
    public async Task Middleware_may_replace_the_answer()
    {
        await using var app = await SampleApp.StartAsync(["Ping"], configure: builder => builder.UseMiddleware(async (context, next) =>
        {
            await next();
            Assert.False(context.GetHttpContext()!.Response.HasStarted);
            context.GetInvocationResult().Value = Results.Text("replaced");
        }));

        Assert.Equal("replaced", await app.Client.GetStringAsync("/ping"));
    }

    [Fact]
    public async Task Middleware_may_answer_itself_and_skip_the_function()
    {
        await using var app = await SampleApp.StartAsync(["Ping", "Default"], configure: builder => builder.UseWhen(
            context => context.FunctionDefinition.Name == "Ping",
            (context, _) =>
            {
                context.GetInvocationResult().Value = Results.StatusCode(401);
                return Task.CompletedTask;
            }));

        Assert.Equal(401, (int)(await app.Client.GetAsync("/ping")).StatusCode);
        Assert.Equal("GET", await app.Client.GetStringAsync("/default"));
    }
}
