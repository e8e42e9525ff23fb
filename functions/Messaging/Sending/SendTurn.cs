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
internal sealed class SendDeferredException(string reason) : Exception(reason);

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
    Task<DateTimeOffset?> FindRoomAsync(CancellationToken cancellationToken);

    /// <summary>From now on it may have gone out.</summary>
    void Begin(SendRequest request);

    /// <summary>Whether the same message handed over twice is one.</summary>
    bool MayRepeat(SendRequest request);
}

/// <summary>
/// Sends one message: the lead's arbiter is asked and the sending written down in one commit, then it is handed over, then that is written down. Whoever finds it begun by somebody else does
/// not know whether it was handed over: where the carrier knows a message again it is simply handed over once more, elsewhere the workspace's rule decides.
/// </summary>
internal static class SendTurn
{
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
            { State: MessageState.Begun, Attempt: var begun } when begun == attempt || world.MayRepeat(request) => await HandOverAsync(world, request, begun ?? attempt, cancellationToken),
            { State: MessageState.Begun } => await UnconfirmedAsync(world, request, "Whoever sent it did not live to hear the answer: it counts as sent.", cancellationToken),
            { State: MessageState.Unconfirmed } => new SendResult.Sent("It counts as sent: the answer was lost."),
            _ => new SendResult.Sent(),
        };
    }

    private static async Task<SendResult> HandOverAsync(ISendWorld world, SendRequest request, string attempt, CancellationToken cancellationToken)
    {
        var prepared = await world.PrepareAsync(request, cancellationToken);
        if (prepared is Prepared.Suppressed { Reason: var suppressed })
        {
            await world.TellAsync(request.NotSent(attempt, NotSent.Skipped, suppressed, world.Now), cancellationToken);
            return new SendResult.Skipped(suppressed);
        }

        if (await world.FindRoomAsync(cancellationToken) is { } tomorrow)
        {
            const string full = "As many messages as the warm-up allows have gone out today.";
            await world.TellAsync(request.NotSent(attempt, NotSent.Deferred, full, world.Now), cancellationToken);
            return new SendResult.Held(tomorrow, full);
        }

        world.Begin(request);
        switch (await ((Prepared.Ready)prepared).HandOverAsync(cancellationToken)) // there is no third
        {
            case MailOutcome.Accepted { CarrierId: var carrierId }:
                var (_, fault) = await world.TellAsync(request.Sent(isConfirmed: true, carrierId, world.Now), cancellationToken);
                return new SendResult.Sent(fault is null ? null : $"It went out, but the lead cannot take it down: {fault}");
            case MailOutcome.Deferred { Reason: var reason }:
                await world.TellAsync(request.NotSent(attempt, NotSent.Deferred, reason, world.Now), cancellationToken);
                throw new SendDeferredException(reason);
            case MailOutcome.Rejected { IsAddress: true } rejected:
                await world.TellAsync(request.Bounced(rejected.Code, rejected.Reason, world.Now), cancellationToken);
                return new SendResult.Bounced(rejected.Reason);
            case MailOutcome.Rejected { Reason: var reason }:
                await world.TellAsync(request.NotSent(attempt, NotSent.Failed, reason, world.Now), cancellationToken);
                return new SendResult.Failed(reason);
            case MailOutcome.Unknown { Reason: var reason } when world.MayRepeat(request):
                throw new SendDeferredException(reason);
            case MailOutcome.Unknown { Reason: var reason }:
                return await UnconfirmedAsync(world, request, $"It counts as sent, though the answer was lost: {reason}", cancellationToken);
            case var other:
                throw new InvalidOperationException($"Nothing says what {other} means.");
        }
    }

    private static async Task<SendResult> UnconfirmedAsync(ISendWorld world, SendRequest request, string remark, CancellationToken cancellationToken)
    {
        await world.TellAsync(request.Sent(isConfirmed: false, carrierId: null, world.Now), cancellationToken);
        return new SendResult.Sent(remark);
    }
}
