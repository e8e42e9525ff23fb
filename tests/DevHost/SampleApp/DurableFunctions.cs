using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace SampleApp;

/// <summary>Orchestrations, activities, an entity, and a client for them.</summary>
public sealed class DurableFunctions
{
    [Function(nameof(StartRun))]
    public async Task<IResult> StartRun([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{name}/{id}")] HttpRequest request, string name, string id, [DurableClient] DurableTaskClient client)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(name, id, new StartOrchestrationOptions(id));
        return Results.Accepted();
    }

    [Function(nameof(RaiseEvent))]
    public async Task<IResult> RaiseEvent([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/events/{text}")] HttpRequest request, string id, string text, [DurableClient] DurableTaskClient client)
    {
        await client.RaiseEventAsync(id, "go", text);
        return Results.Accepted();
    }

    [Function(nameof(GetRun))]
    public async Task<IResult> GetRun([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
    {
        var run = await client.GetInstanceAsync(id, getInputsAndOutputs: true);
        return run is null ? Results.NotFound() : Results.Text($"{run.RuntimeStatus} {run.SerializedOutput}");
    }

    [Function(nameof(CountUp))]
    public async Task<IResult> CountUp([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "counters/{key}")] HttpRequest request, string key, [DurableClient] DurableTaskClient client)
    {
        await client.Entities.SignalEntityAsync(new EntityInstanceId(nameof(Counter), key), "Add", 1);
        return Results.Accepted();
    }

    [Function(nameof(GetCount))]
    public async Task<IResult> GetCount([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "counters/{key}")] HttpRequest request, string key, [DurableClient] DurableTaskClient client) =>
        Results.Text($"{(await client.Entities.GetEntityAsync<int>(new EntityInstanceId(nameof(Counter), key)))?.State ?? 0}");

    [Function(nameof(Counter))]
    public static Task Counter([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<CounterEntity>();

    /// <summary>An activity, a timer, an event, each once.</summary>
    [Function(nameof(Round))]
    public static async Task<string> Round([OrchestrationTrigger] TaskOrchestrationContext context, string id)
    {
        var greeting = await context.CallActivityAsync<string>(nameof(Greet), id);
        await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(50), CancellationToken.None);
        return $"{greeting}, {await context.WaitForExternalEvent<string>("go")}";
    }

    [Function(nameof(Failing))]
    public static async Task<string> Failing([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Throw));
        }
        catch (TaskFailedException exception)
        {
            return $"{exception.FailureDetails.ErrorType}: {exception.FailureDetails.ErrorMessage}";
        }
    }

    [Function(nameof(KilledInActivity))]
    public static Task<string> KilledInActivity([OrchestrationTrigger] TaskOrchestrationContext context, string id) =>
        context.CallActivityAsync<string>(nameof(HangOnce), id, TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: 2, firstRetryInterval: TimeSpan.FromMilliseconds(50))));

    /// <summary>The first time it blocks, as no orchestrator should: to be killed in.</summary>
    [Function(nameof(KilledInOrchestrator))]
    public static async Task<string> KilledInOrchestrator([OrchestrationTrigger] TaskOrchestrationContext context, string id)
    {
        if (!Journal.WriteAgain($"{id} orchestrates"))
        {
            new ManualResetEventSlim().Wait();
        }

        return await context.CallActivityAsync<string>(nameof(Greet), id);
    }

    [Function(nameof(Waiting))]
    public static Task<string> Waiting([OrchestrationTrigger] TaskOrchestrationContext context, string id) => context.CallActivityAsync<string>(nameof(WaitInActivity), id);

    /// <summary>It, what it calls and what it counts with are known by other names than their functions'.</summary>
    [Function(nameof(Renamed))]
    public static async Task<string> Renamed([OrchestrationTrigger(Orchestration = "sum-up")] TaskOrchestrationContext context, string id)
    {
        var counter = new EntityInstanceId("tally", context.InstanceId);
        foreach (var number in await context.CallActivityAsync<int[]>("squares", id))
        {
            await context.Entities.CallEntityAsync(counter, "Add", number);
        }

        return $"{await context.Entities.CallEntityAsync<int>(counter, "Get")}";
    }

    [Function(nameof(RenamedActivity))]
    public static int[] RenamedActivity([ActivityTrigger(Activity = "squares")] string id) => [.. Enumerable.Range(1, id.Length).Select(number => number * number)];

    [Function(nameof(RenamedEntity))]
    public static Task RenamedEntity([EntityTrigger(EntityName = "tally")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<CounterEntity>();

    [Function(nameof(Greet))]
    public static string Greet([ActivityTrigger] string id)
    {
        Journal.Write($"{id} greeted");
        return $"hello {id}";
    }

    [Function(nameof(Throw))]
    public static string Throw([ActivityTrigger] string? nothing) => throw new InvalidOperationException("The activity fails.");

    [Function(nameof(HangOnce))]
    public static async Task<string> HangOnce([ActivityTrigger] string id)
    {
        if (!Journal.WriteAgain($"{id} acts"))
        {
            await Task.Delay(Timeout.Infinite);
        }

        return $"survived {id}";
    }

    [Function(nameof(WaitInActivity))]
    public static async Task<string> WaitInActivity([ActivityTrigger] string id)
    {
        Journal.Write($"{id} waits");
        await Files.AppearAsync(id);
        Journal.Write($"{id} finished");
        return id;
    }

    public sealed class CounterEntity : TaskEntity<int>
    {
        public void Add(int number) => State += number;

        public int Get() => State;
    }
}
