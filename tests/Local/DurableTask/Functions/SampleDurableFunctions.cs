using LeadFunctions.Local.Tests.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Tests.DurableTask.Functions;

public sealed record Person(string Name, int Visits);

public sealed class SampleDurableFunctions(Seen seen, TimeProvider clock)
{
    [Function(nameof(StartWelcome))]
    public static async Task<IResult> StartWelcome(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "welcome/{name}")] HttpRequest request, string name, [DurableClient] DurableTaskClient client)
    {
        var options = new StartOrchestrationOptions(name);
        var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Welcome), new Person(name, 1), options, request.HttpContext.RequestAborted);
        return Results.Text(id);
    }

    [Function(nameof(Welcome))]
    public static async Task<string> Welcome([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var logger = context.CreateReplaySafeLogger(nameof(Welcome));
        var person = context.GetInput<Person>() ?? throw new ArgumentException("There is nobody to welcome.");
        for (var mail = 0; mail < 3; mail++)
        {
            person = await context.CallActivityAsync<Person>(nameof(SendWelcome), person);
            logger.LogInformation("Welcomed {Visits}", person.Visits);
            await context.CreateTimer(TimeSpan.FromDays(2), CancellationToken.None);
        }

        return $"{person.Name} {person.Visits}";
    }

    [Function(nameof(SendWelcome))]
    public Person SendWelcome([ActivityTrigger] Person person, string instanceId, FunctionContext context)
    {
        seen.Times.Enqueue(clock.GetUtcNow());
        seen.Messages.Enqueue($"{context.FunctionDefinition.Name} {instanceId}");
        return person with { Visits = person.Visits + 1 };
    }
}
