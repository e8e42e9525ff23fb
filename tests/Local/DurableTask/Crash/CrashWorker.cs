using LeadFunctions.Local.Tests.DurableTask.Hub;

namespace LeadFunctions.Local.Tests.DurableTask.Crash;

/// <summary>A process that takes part in a hub until it is killed. Its activities note each effect in a file that outlives it.</summary>
internal static class CrashWorker
{
    public const int Steps = 12;

    private static readonly Lock Effects = new();

    public const string Command = "crash-worker";

    public static async Task RunAsync(string[] args)
    {
        await using var hub = await TestHub.StartAsync(args[0], Tasks(args[2]), args[1]);
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Each step of a run leaves one effect under its key, and each attempt at it a ticket of its own.</summary>
    public static Tasks Tasks(string effects) => new Tasks()
        .Orchestrator("Crash", async context =>
        {
            var tickets = new List<string>();
            for (var step = 0; step < Steps; step++)
            {
                tickets.Add(await context.CallActivityAsync<string>("Effect", $"{context.InstanceId}/{step}"));
                switch (step % 4)
                {
                    case 0:
                        await context.CreateTimer(TimeSpan.FromMilliseconds(50), CancellationToken.None);
                        break;
                    case 1:
                        tickets.Add(await context.CallSubOrchestratorAsync<string>("Child", $"{context.InstanceId}/{step}c"));
                        break;
                    case 2:
                        context.SendEvent(context.InstanceId + "-counter", "count", 1);
                        break;
                    default:
                        tickets.AddRange(await Task.WhenAll(
                            Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Effect", $"{context.InstanceId}/{step}.{i}"))));
                        break;
                }
            }

            context.SendEvent(context.InstanceId + "-counter", "count", 0);
            return tickets;
        })
        .Orchestrator("Child", context => context.CallActivityAsync<string>("Effect", context.GetInput<string>()))
        .Orchestrator("Counter", async context =>
        {
            var counted = context.GetInput<int>();
            var one = await context.WaitForExternalEvent<int>("count");
            if (one == 0)
            {
                return counted;
            }

            context.ContinueAsNew(counted + one);
            return -1;
        })
        .Activity<string, string>("Effect", async key =>
        {
            var ticket = Guid.NewGuid().ToString("N");
            lock (Effects)
            {
                File.AppendAllText($"{effects}.{Environment.ProcessId}", $"{key} {ticket}\n");
            }

            await Task.Delay(2);
            return $"{key} {ticket}";
        });
}
