using LeadFunctions.Local.DurableTask;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.Tests.DurableTask.Execution;

public sealed class DeterminismTests
{
    private static readonly OrchestratorCode Original = async context =>
    {
        await context.CallActivityAsync("Charge");
        await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        await context.CallActivityAsync("Ship");
        return null;
    };

    [Fact]
    public void A_renamed_step_fails_the_run_and_is_named() => AssertFails(
        async context =>
        {
            await context.CallActivityAsync("Debit");
            return null;
        },
        "activity 'Charge' (#0)", "activity 'Debit' (#0)");

    [Fact]
    public void A_removed_step_fails_the_run_and_is_named() => AssertFails(
        async context =>
        {
            await context.CallActivityAsync("Charge");
            await context.CallActivityAsync("Ship");
            return null;
        },
        "timer (#1)", "activity 'Ship' (#1)");

    [Fact]
    public void An_added_step_fails_the_run_and_is_named() => AssertFails(
        async context =>
        {
            var added = context.CallActivityAsync("Charge");
            await context.CallActivityAsync("Log");
            await added;
            return null;
        },
        "activity 'Log' (#1)");

    [Fact]
    public void A_step_missing_at_the_end_fails_the_run() => AssertFails(
        async context =>
        {
            await context.CallActivityAsync("Charge");
            return null;
        },
        "timer (#1)", "nothing");

    [Fact]
    public void Code_that_follows_its_history_does_not_fail() => Assert.Null(Script.Replay(Original, History()));

    [Fact]
    public async Task Awaiting_a_task_from_outside_fails_the_run()
    {
        var outside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource();
        var started = new HistoryEvent.ExecutionStarted("Outside", null, "x", null, DateTimeOffset.UnixEpoch, null, null);
        var run = new OrchestrationRun(
            "i", started, async context =>
            {
                await outside.Task;
                return null;
            },
            Microsoft.DurableTask.Converters.JsonDataConverter.Default, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, entered.SetResult);
        run.Advance([], DateTimeOffset.UnixEpoch);
        outside.SetResult();
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var failure = Assert.IsType<Outcome.Failed>(run.Advance([], DateTimeOffset.UnixEpoch).Outcome).Failure;
        Assert.Contains("'Outside' awaited a task that is not its context's", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_context_refuses_another_thread()
    {
        TaskOrchestrationContext? leaked = null;
        new Script(async context =>
        {
            leaked = context;
            return await context.WaitForExternalEvent<int>("e");
        }).Step();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(() => leaked!.CallActivityAsync("A")));
    }

    private static IReadOnlyList<HistoryEvent> History() => new Script(Original).Step().Done(0).Fire().History;

    private static void AssertFails(OrchestratorCode changed, params string[] named)
    {
        var failure = Assert.IsType<Outcome.Failed>(Script.Replay(changed, History())).Failure;
        Assert.StartsWith("Non-deterministic orchestrator", failure.Message, StringComparison.Ordinal);
        Assert.All(named, name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
    }
}
