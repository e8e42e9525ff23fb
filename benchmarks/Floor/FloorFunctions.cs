using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Benchmarks.Floor;

/// <summary>The least that an app can do with each trigger: what the host and the engine cost by themselves.</summary>
public sealed class FloorFunctions(Acts acts)
{
    [Function(nameof(AnswerNothing))]
    public IResult AnswerNothing([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "nothing")] HttpRequest request) => Results.NoContent();

    [Function(nameof(TakeMessage))]
    public void TakeMessage([QueueTrigger("floor-messages")] string message)
    {
    }

    /// <summary>Starts so many orchestrations that wait, all until one moment (<c>at</c>) or each for some seconds (<c>seconds</c>).</summary>
    [Function(nameof(StartWaits))]
    public async Task<IResult> StartWaits(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "waits/{count:int}")] HttpRequest request, int count, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        DateTime? at = request.Query["at"] is [{ } moment] ? DateTime.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : null;
        var seconds = request.Query["seconds"] is [{ } text] ? double.Parse(text, CultureInfo.InvariantCulture) : 0;
        acts.Clear();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (_, token) =>
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(WaitAndAct), new Wait(at, seconds), token));
        return Results.NoContent();
    }

    [Function(nameof(GetActs))]
    public IResult GetActs([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "acts")] HttpRequest request) => Results.Ok(acts.MillisecondsLate);

    /// <summary>One timer and one activity.</summary>
    [Function(nameof(WaitAndAct))]
    public static async Task WaitAndAct([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var wait = context.GetInput<Wait>()!; // StartWaits gives it
        var due = wait.At?.ToUniversalTime() ?? context.CurrentUtcDateTime.AddSeconds(wait.Seconds);
        await context.CreateTimer(due, CancellationToken.None);
        await context.CallActivityAsync(nameof(Act), due);
    }

    [Function(nameof(Act))]
    public void Act([ActivityTrigger] DateTime due) => acts.Done(due.ToUniversalTime());
}

/// <summary>Until a moment, or for some seconds.</summary>
public sealed record Wait(DateTime? At, double Seconds);
