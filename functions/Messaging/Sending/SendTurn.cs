using LeadFunctions.Mail;

namespace LeadFunctions.Messaging.Sending;

/// <summary>What became of a message that somebody wanted sent.</summary>
internal abstract record SendResult
{
    private SendResult()
    {
    }

    /// <param name="Remark">What is to be known of it beside that.</param>
    public sealed record Sent(string? Remark = null) : SendResult;

    /// <summary>Ask again then.</summary>
    /// <param name="ByCarrier">Whoever carries it was asked, and did not take it.</param>
    public sealed record Held(DateTimeOffset Until, string Reason, bool ByCarrier = false) : SendResult;

    public sealed record Skipped(string Reason) : SendResult;

    public sealed record Bounced(string Reason) : SendResult;

    public sealed record Failed(string Reason) : SendResult;
}

/// <summary>Whoever carries the message does not take it for now: the same again later may succeed.</summary>
/// <param name="until">Not before then; null: nobody said, or it has been tried for long enough.</param>
internal sealed class SendDeferredException(string reason, DateTimeOffset? until = null) : Exception(reason)
{
    public DateTimeOffset? Until => until;
}

/// <summary>A message that the arbiter let through, before it is handed over.</summary>
internal abstract record Prepared
{
    private Prepared()
    {
    }

    /// <summary>Nothing may be sent to the lead's address any more, whoever that is.</summary>
    public sealed record Suppressed(string Reason) : Prepared;

    public sealed record Ready(Func<CancellationToken, Task<MailOutcome>> HandOverAsync) : Prepared
    {
        /// <summary>It never will be taken, for this reason.</summary>
        public static Ready Never(string reason) => new(_ => Task.FromResult<MailOutcome>(new MailOutcome.Rejected(reason)));
    }
}

/// <summary>What sending a message touches outside itself: the real world, or a rehearsed one.</summary>
internal interface ISendWorld
{
    DateTimeOffset Now { get; }

    /// <summary>Waits until nobody else in this process is at the message; to be disposed. Null where nobody can be.</summary>
    Task<IDisposable?> EnterAsync(SendRequest request, CancellationToken cancellationToken);

    /// <summary>Names this attempt; another process has another, and so has this one once it has begun to hand the message over.</summary>
    string AttemptOf(SendRequest request);

    /// <summary>Applies an event to the lead, once: its messages after, or why it can never be applied.</summary>
    Task<(LeadMessages? Messages, string? Fault)> TellAsync(Events.LeadEvent e, CancellationToken cancellationToken);

    /// <summary>Makes ready what is to go out. All that storage may fail at is done here: of what failed here nobody has to ask whether it went out.</summary>
    Task<Prepared> PrepareAsync(SendRequest request, CancellationToken cancellationToken);

    /// <summary>Null when one more may go out today; else from when on.</summary>
    Task<DateTimeOffset?> FindRoomAsync(SendRequest request, CancellationToken cancellationToken);

    /// <summary>The attempt is over, or about to be: from now on it may have gone out, and what comes is another.</summary>
    void Begin(SendRequest request);

    /// <summary>How long handing it over may take at most, from when nobody can call it off any more. Zero where the same message handed over twice is one: nobody waits for another.</summary>
    TimeSpan Longest(SendRequest request);

    /// <summary>Whether the same message handed over twice is one.</summary>
    bool MayRepeat(SendRequest request);
}

/// <summary>
/// Sends one message: the lead's arbiter is asked and the sending written down in one commit, then it is handed over, then that is written down. Whoever finds it begun by somebody else does
/// not know whether it was handed over: where the carrier knows a message again it is simply handed over once more, elsewhere the workspace's rule decides, and not before nobody can be at it any more: the other may
/// still be told that it was not taken.
/// </summary>
internal static class SendTurn
{
    /// <summary>Who began one hands it over within that, or not at all.</summary>
    internal static readonly TimeSpan Begins = TimeSpan.FromMinutes(5);

    /// <summary>So long a carrier is asked that does not take it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>By which instances' clocks differ at most.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <exception cref="SendDeferredException">Try the same again later.</exception>
    public static async Task<SendResult> SendAsync(ISendWorld world, SendRequest request, CancellationToken cancellationToken)
    {
        using var turn = await world.EnterAsync(request, cancellationToken);
        var attempt = world.AttemptOf(request);
        var (messages, fault) = await world.TellAsync(request.Ask(attempt, world.Now), cancellationToken);
        if (fault is not null)
        {
            return new SendResult.Failed(fault);
        }

        return messages?.Find(request.Id) switch
        {
            null => new SendResult.Failed("The lead does not exist any more."),
            { State: MessageState.Held, Until: { } until, Reason: var reason } => new SendResult.Held(DateTimeOffset.FromUnixTimeMilliseconds(until), reason ?? ""),
            { State: MessageState.Skipped, Reason: var reason } => new SendResult.Skipped(reason ?? ""),
            { State: MessageState.Failed, Reason: var reason } => new SendResult.Failed(reason ?? ""),
            { State: MessageState.Bounced, Reason: var reason } => new SendResult.Bounced(reason ?? ""),
            { State: MessageState.Begun, Attempt: var begun } mine when begun == attempt => await HandOverAsync(world, request, mine, attempt, DateTimeOffset.FromUnixTimeMilliseconds(mine.At), cancellationToken),
            { State: MessageState.Begun, At: var at } when world.Longest(request) is { Ticks: > 0 } longest && DateTimeOffset.FromUnixTimeMilliseconds(at) + Begins + longest + Skew > world.Now =>
                throw Later(world, request, "Somebody else may still be at it."),
            { State: MessageState.Begun } others when world.MayRepeat(request) => await AgainAsync(world, request, others, others.Attempt ?? attempt, cancellationToken),
            { State: MessageState.Begun } => await UnconfirmedAsync(world, request, "Whoever sent it did not live to hear the answer: it counts as sent.", cancellationToken),
            { State: MessageState.Deferred, Reason: var reason } => throw Later(world, request, reason ?? ""), // this attempt asked before
            { State: MessageState.Unconfirmed } => new SendResult.Sent("It counts as sent: the answer was lost."),
            _ => new SendResult.Sent(),
        };
    }

    /// <summary>Under its name the attempt has been answered: the next asks under another.</summary>
    private static SendDeferredException Later(ISendWorld world, SendRequest request, string reason)
    {
        world.Begin(request);
        return new(reason);
    }

    /// <summary>Of two who find it so, both may hand it over where that makes no second message; elsewhere it is asked about anew, and one of them is told to.</summary>
    private static async Task<SendResult> AgainAsync(ISendWorld world, SendRequest request, LeadMessage message, string begun, CancellationToken cancellationToken)
    {
        if (world.Longest(request) == TimeSpan.Zero)
        {
            return await HandOverAsync(world, request, message, begun, world.Now, cancellationToken);
        }

        const string gone = "Whoever sent it did not live to hear the answer.";
        await GiveUpAsync(world, request, begun, gone);
        throw Later(world, request, gone);
    }

    /// <summary>Where nobody may take it up beside another, that nobody is at it has to be said.</summary>
    private static async Task GiveUpAsync(ISendWorld world, SendRequest request, string attempt, string reason)
    {
        if (world.Longest(request) > TimeSpan.Zero)
        {
            await world.TellAsync(request.NotSent(attempt, NotSent.Deferred, reason, world.Now), CancellationToken.None);
        }
    }

    /// <param name="message">As the lead keeps it.</param>
    /// <param name="since">When it was begun.</param>
    private static async Task<SendResult> HandOverAsync(ISendWorld world, SendRequest request, LeadMessage message, string attempt, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var prepared = await world.PrepareAsync(request, cancellationToken);
        if (prepared is Prepared.Suppressed { Reason: var suppressed })
        {
            await world.TellAsync(request.NotSent(attempt, NotSent.Skipped, suppressed, world.Now), cancellationToken);
            return new SendResult.Skipped(suppressed);
        }

        if (await world.FindRoomAsync(request, cancellationToken) is { } tomorrow)
        {
            const string full = "As many messages as the warm-up allows have gone out today.";
            await world.TellAsync(request.NotSent(attempt, NotSent.Deferred, full, world.Now), cancellationToken);
            return new SendResult.Held(tomorrow, full);
        }

        world.Begin(request);
        var outcome = await HandOverAsync(world, request, (Prepared.Ready)prepared, since + Begins - world.Now, cancellationToken); // there is no third

        // From here on nobody calls it off: what the carrier said is lost with whoever heard it.
        switch (outcome)
        {
            case MailOutcome.Accepted { CarrierId: var carrierId }:
                var (_, fault) = await world.TellAsync(request.Sent(isConfirmed: true, carrierId, world.Now), CancellationToken.None);
                return new SendResult.Sent(fault is null ? null : $"It went out, but the lead cannot take it down: {fault}");
            case MailOutcome.Deferred { Reason: var reason, Until: var asked }:
                await world.TellAsync(request.NotSent(attempt, NotSent.Deferred, reason, world.Now), CancellationToken.None);
                throw new SendDeferredException(reason, NextTry(DateTimeOffset.FromUnixTimeMilliseconds(message.Due), asked, world.Now));
            case MailOutcome.Rejected { IsAddress: true } rejected:
                await world.TellAsync(request.Bounced(rejected.Code, rejected.Reason, world.Now), CancellationToken.None);
                return new SendResult.Bounced(rejected.Reason);
            case MailOutcome.Rejected { Reason: var reason }:
                await world.TellAsync(request.NotSent(attempt, NotSent.Failed, reason, world.Now), CancellationToken.None);
                return new SendResult.Failed(reason);
            case MailOutcome.Unknown { Reason: var reason } when world.MayRepeat(request):
                await GiveUpAsync(world, request, attempt, reason);
                throw new SendDeferredException(reason);
            case MailOutcome.Unknown { Reason: var reason }:
                return await UnconfirmedAsync(world, request, $"It counts as sent, though the answer was lost: {reason}", CancellationToken.None);
            case var other:
                throw new InvalidOperationException($"Nothing says what {other} means.");
        }
    }

    /// <summary>Ever more rarely, and not before the carrier says; null after three days, as mail servers do: a carrier that is away for a night costs nobody a message.</summary>
    internal static DateTimeOffset? NextTry(DateTimeOffset due, DateTimeOffset? asked, DateTimeOffset now)
    {
        var pause = TimeSpan.FromTicks(Math.Clamp((now - due).Ticks / 2, FirstPause.Ticks, LongestPause.Ticks));
        return now - due > Patience ? null : asked > now + pause ? asked : now + pause;
    }

    /// <param name="left">So long it may still begin.</param>
    private static async Task<MailOutcome> HandOverAsync(ISendWorld world, SendRequest request, Prepared.Ready prepared, TimeSpan left, CancellationToken cancellationToken)
    {
        if (world.Longest(request) == TimeSpan.Zero)
        {
            return await prepared.HandOverAsync(cancellationToken);
        }

        var late = new MailOutcome.Deferred("Nobody could begin to hand it over in time.");
        if (left <= TimeSpan.Zero)
        {
            return late;
        }

        using var called = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        called.CancelAfter(left);
        try
        {
            return await prepared.HandOverAsync(called.Token);
        }
        catch (OperationCanceledException) when (called.IsCancellationRequested)
        {
            return late; // whoever is called off has not handed it over
        }
    }

    private static async Task<SendResult> UnconfirmedAsync(ISendWorld world, SendRequest request, string remark, CancellationToken cancellationToken)
    {
        await world.TellAsync(request.Sent(isConfirmed: false, carrierId: null, world.Now), cancellationToken);
        return new SendResult.Sent(remark);
    }
}
