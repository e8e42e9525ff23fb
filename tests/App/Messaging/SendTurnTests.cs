using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Mail;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Messaging;

/// <summary>A message is claimed before it is sent: whatever is killed at whichever instruction, nobody gets it twice.</summary>
public sealed class SendTurnTests
{
    /// <summary>Kills before and after each thing that is done outside; the next process tries again, until one is through.</summary>
    [Fact]
    public async Task Whichever_moment_a_process_dies_at_the_message_goes_out_once_or_is_known_to_be_uncertain()
    {
        for (var dies = 0; dies < 12; dies++)
        {
            foreach (var isIdempotent in new[] { true, false })
            {
                var world = new SendWorld(isIdempotent) { DiesAt = dies };
                var result = await ThroughAsync(world);

                Assert.IsType<SendResult.Sent>(result);
                Assert.True(world.HandedOver <= 1 || isIdempotent, $"{dies}: handed over {world.HandedOver} times");
                Assert.True(world.HandedOver >= 1 || world.Message!.State == MessageState.Unconfirmed, $"{dies}: lost, and nobody knows");
                Assert.Equal(isIdempotent ? MessageState.Sent : world.Message!.State, world.Message!.State);
                Assert.Equal(1, world.State.Whole.Activity[MessageEvents.Sent].Total);
            }
        }
    }

    [Fact]
    public async Task The_uncertain_moment_is_settled_as_the_workspace_wants_it()
    {
        // Claimed, handed over, and dead before the answer was written down.
        foreach (var (rule, handedOver, state) in new[] { (WhenUnknown.AssumeSent, 1, MessageState.Unconfirmed), (WhenUnknown.SendAgain, 2, MessageState.Sent) })
        {
            var world = new SendWorld(isIdempotent: false) { DiesAfterHandingOver = true, Rule = rule };
            await ThroughAsync(world);

            Assert.Equal((handedOver, state), (world.HandedOver, world.Message!.State));
        }
    }

    [Fact]
    public void With_any_answers_and_any_deaths_nothing_is_sent_twice_and_what_is_over_stays_over() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int[] Answers, int[] Deaths)>(),
        sample =>
        {
            var world = new SendWorld(isIdempotent: false) { Answers = new(sample.Answers.Select(Answer)), Deaths = new(sample.Deaths.Select(at => Math.Abs(at % 9))) };
            var result = ThroughAsync(world).GetAwaiter().GetResult();
            world.Deaths.Clear();
            world.Begin(process: 999);
            var again = SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None).GetAwaiter().GetResult();

            Assert.Equal(result.GetType(), again.GetType());
            Assert.True(world.Accepted <= 1);
            Assert.Equal(result is SendResult.Sent ? 1 : 0, world.State.Whole.Activity.GetValueOrDefault(MessageEvents.Sent)?.Total ?? 0);
            Assert.False(world.Message!.IsOpen);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task What_fails_before_the_handing_over_makes_nothing_uncertain()
    {
        var world = new SendWorld(isIdempotent: false) { Outages = 3 };
        world.Begin(process: 0);
        for (var tries = 0; tries < 3; tries++)
        {
            await Assert.ThrowsAsync<IOException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None)); // and the host tries again
        }

        Assert.Equal(new SendResult.Sent(), await SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        Assert.Equal((1, MessageState.Sent), (world.HandedOver, world.Message!.State));
    }

    /// <summary>Limits of an hour (Communication Services), a server that is away for a night.</summary>
    [Fact]
    public async Task A_carrier_is_asked_again_when_it_says_ever_more_rarely_and_for_three_days()
    {
        var due = LeadEvents.Start;
        var world = new SendWorld(isIdempotent: true) { Answers = new([new MailOutcome.Deferred("Busy.", due.AddMinutes(50)), new MailOutcome.Deferred("Away.")]) };
        world.Begin(process: 0);

        Assert.Equal(due.AddMinutes(50), (await Assert.ThrowsAsync<SendDeferredException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None))).Until);
        world.Late = TimeSpan.FromMinutes(50);
        Assert.Equal(due.AddMinutes(75), (await Assert.ThrowsAsync<SendDeferredException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None))).Until);
        Assert.Equal((MessageState.Deferred, 2), (world.Message!.State, world.HandedOver));
        Assert.Equal(new SendResult.Sent(), await SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));

        var (tries, at) = (0, due);
        for (; SendTurn.NextTry(due, null, at) is { } next; tries++)
        {
            Assert.InRange(next - at, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
            at = next;
        }

        Assert.InRange(tries, 50, 150);
        Assert.InRange(at - due, SendTurn.Patience, SendTurn.Patience + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task What_the_carrier_calls_it_stands_where_it_counts_as_sent()
    {
        var world = new SendWorld(isIdempotent: true) { Answers = new([new MailOutcome.Accepted("gateway-7")]) };

        await ThroughAsync(world);

        Assert.Equal("gateway-7", Assert.Single(world.Told, e => e.Name == MessageEvents.Sent).Properties.GetProperty("carrierId").GetString());
    }

    [Fact]
    public async Task What_bounces_counts_against_no_cap()
    {
        var world = new SendWorld(isIdempotent: false) { Answers = new([new MailOutcome.Rejected("No such user.", "5.1.1", IsAddress: true)]) };

        Assert.IsType<SendResult.Bounced>(await ThroughAsync(world));
        Assert.Empty(world.State.Messages!.Times["email"]);
        Assert.Equal(1, world.State.Whole.Activity[MessageEvents.Bounced].Total);
    }

    [Fact]
    public async Task What_is_suppressed_is_not_sent()
    {
        var world = new SendWorld(isIdempotent: false) { Suppressed = "The address bounced." };

        Assert.Equal(new SendResult.Skipped("The address bounced."), await ThroughAsync(world));
        Assert.Equal(0, world.HandedOver);
    }

    [Fact]
    public async Task A_day_that_is_full_holds_what_may_go_out_and_is_not_asked_about_what_may_not()
    {
        var world = new SendWorld(isIdempotent: false) { Full = LeadEvents.Start.AddDays(1) };

        Assert.Equal(LeadEvents.Start.AddDays(1), Assert.IsType<SendResult.Held>(await ThroughAsync(world)).Until);
        Assert.Equal((0, MessageState.Deferred), (world.HandedOver, world.Message!.State));
        Assert.Empty(world.State.Messages!.Times["email"]);
        world.Full = null;
        Assert.IsType<SendResult.Sent>(await ThroughAsync(world));
        Assert.IsType<SendResult.Skipped>(await ThroughAsync(new SendWorld(isIdempotent: false) { Suppressed = "The address bounced.", Full = LeadEvents.Start.AddDays(1) }));
    }

    /// <summary>A queue delivers twice, a lease runs out: the claim in the lead's commit bears the process's name, so that alone tells the two not apart.</summary>
    [Fact]
    public async Task Two_at_one_message_in_one_process_take_turns()
    {
        var world = new SendWorld(isIdempotent: false) { Carrier = new TaskCompletionSource() };
        world.Begin(process: 0);
        var first = SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None); // and the server takes its time
        Task<SendResult>[] others = [.. Enumerable.Range(0, 5).Select(_ => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None))];
        Assert.All(others, other => Assert.False(other.IsCompleted));

        world.Carrier.SetResult();

        Assert.All(await Task.WhenAll([first, .. others]), result => Assert.Equal(new SendResult.Sent(), result));
        Assert.Equal((1, MessageState.Sent), (world.HandedOver, world.Message!.State));
    }

    [Fact]
    public async Task Who_waits_for_another_at_the_same_message_can_be_called_off_and_others_do_not_wait()
    {
        var attempts = new Attempts();
        using var turn = await attempts.EnterAsync("a", CancellationToken.None);
        using var other = await attempts.EnterAsync("b", CancellationToken.None);
        using var patience = new CancellationTokenSource();
        var waits = attempts.EnterAsync("a", patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
    }

    /// <summary>What the first was told counts, however long that took: it may be that it was not taken, and then nobody else would ever send it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_finds_another_at_it_waits_until_that_one_must_have_heard(bool sendsAgain)
    {
        var rule = sendsAgain ? WhenUnknown.SendAgain : WhenUnknown.AssumeSent;
        var world = new SendWorld(isIdempotent: false) { Carrier = new TaskCompletionSource(), Rule = rule, Answers = new([new MailOutcome.Deferred("Greylisted.")]) };
        world.Begin(process: 0);
        var first = SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None); // the server takes its time

        foreach (var process in new[] { 1, 2 })
        {
            world.Begin(process);
            await Assert.ThrowsAsync<SendDeferredException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
            Assert.Equal(MessageState.Begun, world.Message!.State);
        }

        world.Carrier.SetResult();
        await Assert.ThrowsAsync<SendDeferredException>(() => first);
        Assert.Equal((MessageState.Deferred, 1, 0), (world.Message!.State, world.HandedOver, world.Accepted));

        Assert.Equal(new SendResult.Sent(), await SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        Assert.Equal((MessageState.Sent, 2, 1), (world.Message!.State, world.HandedOver, world.Accepted));
    }

    /// <summary>Storage was slow, or no connection free: by then another may count it as sent.</summary>
    [Fact]
    public async Task Who_cannot_begin_in_time_does_not_hand_it_over()
    {
        var world = new SendWorld(isIdempotent: false) { Outages = 1 };
        world.Begin(process: 0);
        await Assert.ThrowsAsync<IOException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        world.Late = SendTurn.Begins;

        await Assert.ThrowsAsync<SendDeferredException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        Assert.Equal((0, MessageState.Deferred), (world.HandedOver, world.Message!.State));
        Assert.Equal(new SendResult.Sent(), await SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        Assert.Equal((1, MessageState.Sent), (world.HandedOver, world.Message!.State));
    }

    /// <summary>The app is ending while the message waits for a connection: nobody has it, and nobody is to think so.</summary>
    [Fact]
    public async Task Who_is_called_off_before_the_carrier_has_it_leaves_no_doubt()
    {
        var world = new SendWorld(isIdempotent: false) { Carrier = new TaskCompletionSource() };
        world.Begin(process: 0);
        using var ending = new CancellationTokenSource();
        var waits = SendTurn.SendAsync(world, SendWorld.Request, ending.Token);

        await ending.CancelAsync();

        await Assert.ThrowsAsync<SendDeferredException>(() => waits);
        Assert.Equal((0, MessageState.Deferred), (world.HandedOver, world.Message!.State));
    }

    [Fact]
    public async Task Of_two_who_may_send_again_one_does()
    {
        var world = new SendWorld(isIdempotent: false) { DiesAfterHandingOver = true, Rule = WhenUnknown.SendAgain };
        world.Begin(process: 0);
        await Assert.ThrowsAsync<KilledException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        world.Carrier = new TaskCompletionSource();

        var others = new List<Task<SendResult>>();
        for (var process = 3; process < 5; process++)
        {
            world.Begin(process);
            await Assert.ThrowsAsync<SendDeferredException>(() => SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None)); // that is said first
            others.Add(SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None));
        }

        world.Carrier.SetResult();
        await Assert.ThrowsAsync<SendDeferredException>(() => others[1]);
        Assert.Equal(new SendResult.Sent(), await others[0]);
        Assert.Equal(2, world.HandedOver);
    }

    private static MailOutcome Answer(int number) => Math.Abs(number % 6) switch
    {
        0 => new MailOutcome.Deferred("Later."),
        1 => new MailOutcome.Rejected("Never."),
        2 => new MailOutcome.Rejected("No such user.", IsAddress: true),
        3 => new MailOutcome.Unknown("Lost."),
        _ => new MailOutcome.Accepted(),
    };

    private static async Task<SendResult> ThroughAsync(SendWorld world)
    {
        for (var process = 0; ; process++)
        {
            world.Begin(process);
            try
            {
                return await SendTurn.SendAsync(world, SendWorld.Request, CancellationToken.None);
            }
            catch (Exception passing) when (passing is SendDeferredException or KilledException && process < 100)
            {
            }
        }
    }
}
