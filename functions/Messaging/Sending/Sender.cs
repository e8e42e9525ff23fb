using LeadFunctions.Events;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Sends messages in earnest.</summary>
public sealed class Sender(Carriers carriers, Attempts attempts, Pace pace, MessagingStore rules, TimeProvider time)
{
    /// <param name="tell">Applies an event to the lead: how it left it, or why it can never be applied.</param>
    /// <param name="compose">The message as the lead, as it is then, is to get it.</param>
    /// <exception cref="SendDeferredException">Try the same again later.</exception>
    internal async Task<SendResult> SendAsync(
        SendRequest request, Func<LeadEvent, Task<(LeadState? Lead, string? Fault)>> tell, Func<LeadState, Outbound> compose, CancellationToken cancellationToken)
    {
        if (!carriers.Serves(request.Channel))
        {
            return new SendResult.Skipped($"There is no channel \"{request.Channel}\".");
        }

        if (await pace.WaitAsync(cancellationToken) is { } tomorrow)
        {
            return new SendResult.Held(tomorrow, "As many messages as the warm-up allows have gone out today.");
        }

        var result = await SendTurn.SendAsync(new World(this, tell, compose), request, cancellationToken);
        attempts.End(request.Id); // whoever asks again is to be heard again
        return result;
    }

    /// <summary>Hands over what no arbiter is asked about: what people who work here are told.</summary>
    internal Task DeliverAsync(JourneyMessage message, CancellationToken cancellationToken) => carriers.ShowAsync(message, cancellationToken);

    internal Task<bool> HasAsync(string channel, string id, CancellationToken cancellationToken) =>
        carriers.HasShownAsync(channel, id, cancellationToken);

    private sealed class World(Sender sender, Func<LeadEvent, Task<(LeadState? Lead, string? Fault)>> tell, Func<LeadState, Outbound> compose) : ISendWorld
    {
        private LeadState? _lead;
        private Outbound? _outbound;
        private string? _fault;

        public DateTimeOffset Now => sender.Time.GetUtcNow();

        public string AttemptOf(SendRequest request) => sender.Attempts.Of(request.Id);

        public Task<string?> SuppressedAsync(SendRequest request, CancellationToken cancellationToken)
        {
            try
            {
                _outbound = compose(_lead!); // it was asked
            }
            catch (Exception lasting) when (lasting is TooMuchFilledInException or TextTooLongException or LiquidFaultException)
            {
                _fault = lasting.Message; // it would be at every try
                return Task.FromResult<string?>(null);
            }

            return sender.Carriers.SuppressedAsync(request.Channel, _outbound.Message.To, request.Topic, cancellationToken);
        }

        public async Task<(LeadMessages? Messages, string? Fault)> TellAsync(LeadEvent e, CancellationToken cancellationToken)
        {
            var (lead, fault) = await tell(e);
            _lead = lead ?? _lead;
            return (lead?.Messages, fault);
        }

        public Task<MailOutcome> CarryAsync(SendRequest request, CancellationToken cancellationToken)
        {
            sender.Attempts.End(request.Id);
            return _fault is not null ? Task.FromResult<MailOutcome>(new MailOutcome.Rejected(_fault)) : sender.Carriers.CarryAsync(_outbound!, cancellationToken); // one of the two is set
        }

        public bool MayRepeat(SendRequest request) => sender.Rules.Current.Unknown == WhenUnknown.SendAgain || sender.Carriers.IsIdempotent(request.Channel);
    }

    private Carriers Carriers => carriers;

    private Attempts Attempts => attempts;

    private MessagingStore Rules => rules;

    private TimeProvider Time => time;
}
