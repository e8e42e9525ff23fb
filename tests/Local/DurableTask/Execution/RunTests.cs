using LeadFunctions.Local.DurableTask;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.Tests.DurableTask.Execution;

public sealed class RunTests
{
    [Fact]
    public void A_chain_of_activities_passes_each_result_on()
    {
        var script = new Script(async context =>
        {
            var value = context.GetInput<int>();
            for (var i = 0; i < 3; i++)
            {
                value = await context.CallActivityAsync<int>("PlusOne", value);
            }

            return value;
        }, 5).Step();

        Assert.Equal(new HistoryEvent.TaskScheduled(0, "PlusOne", null, "5"), script.LastAsked);
        script.Done(0, 6).Done(1, 7);
        Assert.Null(script.Outcome);
        Assert.Equal("8", script.Done(2, 8).Output);
    }

    [Fact]
    public void A_fan_out_is_asked_for_at_once_and_joined_in_any_order()
    {
        var script = new Script(async context =>
            await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Name", i)))).Step();

        Assert.Equal(3, script.Run.Steps.Open.Count());
        Assert.Equal("""["a","b","c"]""", script.Done(2, "c").Done(0, "a").Done(1, "b").Output);
    }

    [Fact]
    public void A_live_run_does_not_replay_and_a_reloaded_one_does_until_its_history_ends()
    {
        var seen = new List<(int Step, bool Replaying)>();
        async Task<object?> Code(TaskOrchestrationContext context)
        {
            seen.Add((0, context.IsReplaying));
            await context.CallActivityAsync("A");
            seen.Add((1, context.IsReplaying));
            await context.CallActivityAsync("B");
            seen.Add((2, context.IsReplaying));
            return null;
        }

        var script = new Script(Code).Step().Done(0);
        seen.Clear();
        script.Reload();
        Assert.Equal([(0, true), (1, true)], seen);

        seen.Clear();
        script.Run.Advance([new HistoryEvent.TaskCompleted(1, null)], script.Now);
        Assert.Equal([(2, false)], seen);
    }

    [Fact]
    public void Time_and_ids_are_the_same_at_each_replay()
    {
        var seen = new List<(DateTime, Guid, Guid)>();
        var script = new Script(async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(400), CancellationToken.None);
            seen.Add((context.CurrentUtcDateTime, context.NewGuid(), context.NewGuid()));
            await context.WaitForExternalEvent<int>("end");
            return null;
        }).Step();
        script.Fire().Reload().Reload();

        Assert.True(seen.Count >= 3);
        Assert.Single(seen.Distinct());
        Assert.Equal(new DateTime(2031, 2, 5, 0, 0, 0, DateTimeKind.Utc), seen[0].Item1);
        Assert.NotEqual(seen[0].Item2, seen[0].Item3);
    }

    [Fact]
    public void A_cancelled_timer_is_not_waited_for()
    {
        var script = new Script(async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
            await context.WaitForExternalEvent<int>("now");
            cancellation.Cancel();
            await context.CallActivityAsync("After");
            return timer.IsCanceled;
        }).Step();
        Assert.Single(script.Run.Steps.Timers);

        script.Raise("now", 1);
        Assert.Empty(script.Run.Steps.Timers);
        Assert.Equal("true", script.Done(1).Output);
    }

    [Fact]
    public void The_end_forgets_timers_but_not_what_was_asked_for_last()
    {
        var script = new Script(context =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            _ = context.CallActivityAsync("Fire and forget");
            context.SendEvent("other", "hello", 1);
            return Task.FromResult<object?>("end");
        }).Step();

        Assert.Equal("\"end\"", script.Output);
        Assert.Empty(script.Run.Steps.Timers);
        Assert.Equal(3, script.History.OfType<HistoryEvent.Asked>().Count());
    }

    [Fact]
    public void Continuing_as_new_hands_on_events_that_nobody_awaited()
    {
        OrchestratorCode Code(bool preserve) => async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew("next", preserve);
            return null;
        };

        var script = new Script(Code(true)).Step().Raise("other", 1).Raise("go", "x");
        var next = Assert.IsType<Outcome.ContinuedAsNew>(script.Outcome);
        Assert.Equal("\"next\"", next.Input);
        Assert.Equal("other", Assert.Single(next.Unprocessed).Name);

        script = new Script(Code(false)).Step().Raise("other", 1).Raise("go", "x");
        Assert.Empty(Assert.IsType<Outcome.ContinuedAsNew>(script.Outcome).Unprocessed);
    }

    [Fact]
    public void An_event_that_arrives_with_the_one_that_ends_the_execution_is_handed_on()
    {
        var script = new Script(async context =>
        {
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew();
            return null;
        }).Step();
        script.Step(new HistoryEvent.EventRaised("go", "\"x\"", "1"), new HistoryEvent.EventRaised("go", "\"y\"", "2"));

        Assert.Equal("2", Assert.Single(Assert.IsType<Outcome.ContinuedAsNew>(script.Outcome).Unprocessed).MessageId);
    }

    [Fact]
    public void A_held_run_keeps_what_arrives_and_goes_on_with_it_in_order()
    {
        var script = new Script(async context =>
        {
            var first = await context.WaitForExternalEvent<int>("e");
            var second = await context.WaitForExternalEvent<int>("e");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return new[] { first, second };
        }).Step();
        script.Step(new HistoryEvent.RunSuspended("because")).Raise("e", 1).Raise("e", 2);
        Assert.True(script.Run.IsSuspended);
        Assert.Empty(script.Run.Steps.Timers);

        script.Reload().Step(new HistoryEvent.RunResumed(null));
        Assert.Single(script.Run.Steps.Timers);
        Assert.Equal("[1,2]", script.Fire().Output);
    }

    [Fact]
    public void A_terminated_run_ends_even_while_it_is_held()
    {
        var script = new Script(async context =>
        {
            await context.WaitForExternalEvent<int>("never");
            return null;
        }).Step().Step(new HistoryEvent.RunSuspended(null)).Step(new HistoryEvent.RunTerminated("\"I'll be back\""));

        Assert.Equal(new Outcome.Terminated("\"I'll be back\""), script.Outcome);
    }

    [Fact]
    public void The_custom_status_is_the_last_one_set()
    {
        var script = new Script(async context =>
        {
            context.SetCustomStatus("waiting");
            context.SetCustomStatus(new { on = await context.WaitForExternalEvent<string>("what") });
            await context.CallActivityAsync("x");
            context.SetCustomStatus(null);
            return null;
        }).Step();
        Assert.Equal("\"waiting\"", script.Run.CustomStatus);
        Assert.Equal("""{"on":"you"}""", script.Raise("what", "you").Run.CustomStatus);
        Assert.Null(script.Done(0).Run.CustomStatus);
    }

    [Fact]
    public void A_parent_is_told_its_childs_result_and_derives_the_childs_id()
    {
        var script = new Script(async context => await context.CallSubOrchestratorAsync<int>("Child", 3)).Step();

        var child = Assert.IsType<HistoryEvent.ChildScheduled>(script.LastAsked);
        Assert.Equal(("Child", "3"), (child.Name, child.Input));
        Assert.True(Guid.TryParseExact(child.InstanceId, "N", out _));
        Assert.Equal("9", script.Reload().Done(0, 9).Output);
    }
}
