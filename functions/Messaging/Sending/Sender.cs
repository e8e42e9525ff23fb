using LeadFunctions.Events;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging.Stored;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Sends messages in earnest.</summary>
public sealed class Sender(Carriers carriers, Attempts attempts, MessagingStore rules, TimeProvider time)
{
    /// <param name="tell">Applies an event to the lead: how it left it, or why it can never be applied.</param>
    /// <param name="compose">The message as the lead, as it is then, is to get it.</param>
    /// <exception cref="SendDeferredException">Try the same again later.</exception>
    internal async Task<SendResult> SendAsync(
        SendRequest request, Func<LeadEvent, Task<(LeadState? Lead, string? Fault)>> tell, Func<LeadState, JourneyMessage> compose, CancellationToken cancellationToken)
    {
        if (carriers.Find(request.Channel) is null)
        {
            return new SendResult.Skipped($"There is no channel \"{request.Channel}\".");
        }

        var result = await SendTurn.SendAsync(new World(this, tell, compose), request, cancellationToken);
        attempts.End(request.Id); // whoever asks again is to be heard again
        return result;
    }

    /// <summary>Hands over what no arbiter is asked about: what people who work here are told.</summary>
    internal Task DeliverAsync(JourneyMessage message, CancellationToken cancellationToken) => carriers.CarryAsync(message, cancellationToken);

    internal Task<bool> HasAsync(string channel, string id, CancellationToken cancellationToken) =>
        carriers.Find(channel) is { } found ? found.HasAsync(id, cancellationToken) : Task.FromResult(false);

    private sealed class World(Sender sender, Func<LeadEvent, Task<(LeadState? Lead, string? Fault)>> tell, Func<LeadState, JourneyMessage> compose) : ISendWorld
    {
        private LeadState? _lead;

        public DateTimeOffset Now => sender.Time.GetUtcNow();

        public string AttemptOf(SendRequest request) => sender.Attempts.Of(request.Id);

        public Task<string?> SuppressedAsync(SendRequest request, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public async Task<(LeadMessages? Messages, string? Fault)> TellAsync(LeadEvent e, CancellationToken cancellationToken)
        {
            var (lead, fault) = await tell(e);
            _lead = lead ?? _lead;
            return (lead?.Messages, fault);
        }

        public Task<MailOutcome> CarryAsync(SendRequest request, CancellationToken cancellationToken)
        {
            var message = compose(_lead!); // it was asked; what cannot be filled in has not been handed over
            sender.Attempts.End(request.Id);
            return sender.Carriers.CarryAsync(message, cancellationToken);
        }

        public bool MayRepeat(SendRequest request) => sender.Rules.Current.Unknown == WhenUnknown.SendAgain || sender.Carriers.IsIdempotent(request.Channel);
    }

    private Carriers Carriers => carriers;

    private Attempts Attempts => attempts;

    private MessagingStore Rules => rules;

    private TimeProvider Time => time;
}
