using LeadFunctions.Local.DurableTask;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.Tests.DurableTask.Execution;

public sealed class EventTests
{
    [Fact]
    public void An_event_that_came_before_its_wait_counts()
    {
        var script = new Script(async context =>
        {
            await context.CallActivityAsync("slow");
            return await context.WaitForExternalEvent<string>("Approved");
        }).Step().Raise("approved", "early").Reload();

        Assert.Equal("\"early\"", script.Done(0).Output);
    }

    [Fact]
    public void Several_events_of_one_name_are_received_in_their_order()
    {
        var script = new Script(async context =>
        {
            await context.CallActivityAsync("slow");
            var received = new List<int>();
            for (var i = 0; i < 4; i++)
            {
                received.Add(await context.WaitForExternalEvent<int>("e"));
            }

            return received;
        }).Step().Raise("e", 1).Raise("e", 2).Done(0).Raise("e", 3);

        Assert.Equal("[1,2,3,4]", script.Raise("e", 4).Output);
    }

    [Fact]
    public void The_newest_of_several_waits_is_served_first()
    {
        var script = new Script(async context =>
            await Task.WhenAll(context.WaitForExternalEvent<int>("e"), context.WaitForExternalEvent<int>("e"), context.WaitForExternalEvent<int>("e")))
            .Step().Raise("e", 1).Raise("e", 2);

        Assert.Equal("[3,2,1]", script.Raise("e", 3).Output);
    }

    [Fact]
    public void A_wait_with_a_timeout_ends_with_the_event_and_drops_its_timer()
    {
        var script = new Script(Approval).Step();
        Assert.Equal("\"yes\"", script.Raise("approval", "yes").Output);
        Assert.Empty(script.Run.Steps.Timers);
    }

    [Fact]
    public void A_wait_with_a_timeout_ends_with_the_timer()
    {
        var script = new Script(Approval).Step();
        Assert.Equal("\"escalated\"", script.Fire().Output);
    }

    [Fact]
    public void A_wait_that_timed_out_takes_no_later_event()
    {
        var script = new Script(async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("e", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
            }

            await context.CallActivityAsync("between");
            return await context.WaitForExternalEvent<string>("e");
        }).Step().Fire().Raise("e", "late").Reload();

        Assert.Equal("\"late\"", script.Done(1).Output);
    }

    [Fact]
    public void One_name_cannot_be_awaited_as_two_types()
    {
        var script = new Script(async context =>
        {
            _ = context.WaitForExternalEvent<int>("e");
            return await context.WaitForExternalEvent<string>("e");
        }).Step();

        Assert.Equal(typeof(ArgumentException).FullName, Assert.IsType<Outcome.Failed>(script.Outcome).Failure.Type);
    }

    [Fact]
    public void An_event_that_does_not_fit_its_type_fails_the_wait()
    {
        var script = new Script(async context => await context.WaitForExternalEvent<int>("e")).Step().Raise("e", "text");

        Assert.Contains("Json", Assert.IsType<Outcome.Failed>(script.Outcome).Failure.Type, StringComparison.Ordinal);
    }

    private static async Task<object?> Approval(TaskOrchestrationContext context)
    {
        try
        {
            return await context.WaitForExternalEvent<string>("Approval", TimeSpan.FromDays(3));
        }
        catch (OperationCanceledException)
        {
            return "escalated";
        }
    }
}
