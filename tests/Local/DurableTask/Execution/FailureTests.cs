using LeadFunctions.Local.DurableTask;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.Tests.DurableTask.Execution;

public sealed class FailureTests
{
    private static readonly Exception Deep = new InvalidOperationException("first", new ArgumentException("second", new FormatException("third")));

    [Fact]
    public void An_unhandled_failure_of_an_activity_fails_the_run_with_the_whole_chain()
    {
        var script = new Script(CallsFaulty).Step().Fail(0, Deep);

        var failure = Assert.IsType<Outcome.Failed>(script.Outcome).Failure.ToDetails();
        Assert.Equal(typeof(TaskFailedException).FullName, failure.ErrorType);
        Assert.Equal("Task 'Faulty' (#0) failed with an unhandled exception: first", failure.ErrorMessage);
        Assert.Contains(nameof(CallsFaulty), failure.StackTrace, StringComparison.Ordinal);
        Assert.True(failure.IsCausedBy<TaskFailedException>());
        Assert.Equal(typeof(InvalidOperationException).FullName, failure.InnerFailure?.ErrorType);
        Assert.True(failure.InnerFailure!.IsCausedBy<Exception>());
        Assert.Equal("second", failure.InnerFailure.InnerFailure?.ErrorMessage);
        Assert.Equal("third", failure.InnerFailure.InnerFailure?.InnerFailure?.ErrorMessage);
    }

    [Fact]
    public void A_failure_can_be_caught_and_compensated()
    {
        var script = new Script(async context =>
        {
            try
            {
                await context.CallActivityAsync("Debit");
                await context.CallActivityAsync("Credit");
                return "done";
            }
            catch (TaskFailedException exception) when (exception.TaskName == "Credit" && exception.TaskId == 1)
            {
                await context.CallActivityAsync("Refund");
                return exception.FailureDetails.ErrorMessage;
            }
        }).Step().Done(0).Fail(1, new TimeoutException("no answer")).Reload();

        Assert.Equal("\"no answer\"", script.Done(2).Output);
    }

    [Fact]
    public void What_the_code_throws_before_its_first_await_fails_the_run()
    {
        var script = new Script(_ => throw new ApplicationException("boom")).Step();

        var failure = Assert.IsType<Outcome.Failed>(script.Outcome).Failure;
        Assert.Equal((typeof(ApplicationException).FullName, "boom"), (failure.Type, failure.Message));
    }

    [Fact]
    public void A_policy_waits_longer_each_time_and_gives_up_after_its_attempts()
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(10), 3, TimeSpan.FromSeconds(60));
        var script = new Script(async context =>
        {
            await context.CallActivityAsync("Faulty", TaskOptions.FromRetryPolicy(policy));
            return null;
        }).Step();

        var waits = new List<double>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            script.Fail(attempt * 2, Deep).Reload();
            waits.Add((script.Run.Steps.Timers.Single().Value - script.Now).TotalSeconds);
            script.Fire();
        }

        Assert.Equal([10, 30, 60], waits);
        Assert.IsType<Outcome.Failed>(script.Fail(6, Deep).Outcome);
    }

    [Fact]
    public void A_policy_asks_whether_the_failure_may_be_retried()
    {
        var policy = new RetryPolicy(10, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };
        OrchestratorCode code = async context => await context.CallActivityAsync<int>("Faulty", TaskOptions.FromRetryPolicy(policy));

        Assert.IsType<Outcome.Failed>(new Script(code).Step().Fail(0, Deep).Outcome);
        Assert.Equal("7", new Script(code).Step().Fail(0, new TimeoutException()).Fire().Done(2, 7).Output);
    }

    [Fact]
    public void A_policy_starts_no_attempt_after_its_timeout()
    {
        var policy = new RetryPolicy(10, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(15));
        var script = new Script(async context => await context.CallActivityAsync<int>("Faulty", TaskOptions.FromRetryPolicy(policy))).Step();
        script.Fail(0, Deep).Fire().Fail(2, Deep).Fire();

        Assert.IsType<Outcome.Failed>(script.Fail(4, Deep).Outcome);
    }

    [Fact]
    public void A_handler_decides_and_may_wait()
    {
        var attempts = new List<int>();
        var script = new Script(async context => await context.CallSubOrchestratorAsync<int>("Faulty", TaskOptions.FromRetryHandler(async retry =>
        {
            if (!retry.OrchestrationContext.IsReplaying)
            {
                attempts.Add(retry.LastAttemptNumber);
            }

            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return retry.LastFailure.IsCausedBy<TimeoutException>() && retry.TotalRetryTime < TimeSpan.FromHours(1);
        }))).Step();
        script.Fail(0, new TimeoutException()).Fire().Fail(2, new TimeoutException()).Fire();

        Assert.Equal("4", script.Done(4, 4).Output);
        Assert.Equal([1, 2], attempts);
    }

    [Fact]
    public void A_task_that_does_not_exist_is_not_retried()
    {
        var asked = 0;
        var script = new Script(async context => await context.CallActivityAsync<int>("Bogus", TaskOptions.FromRetryHandler(_ => ++asked > 0))).Step();
        script.Step(new HistoryEvent.TaskFailed(0, new FailureRecord("NotFound", "There is no activity 'Bogus'.", null, null, IsFinal: true)));

        Assert.IsType<Outcome.Failed>(script.Outcome);
        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0.5)]
    public void A_policy_refuses_values_out_of_range(int attempts, int seconds, double backoff) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromSeconds(seconds), backoff));

    private static async Task<object?> CallsFaulty(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Faulty");
        return null;
    }
}
