using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Templates.Liquid;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Sends messages in earnest.</summary>
public sealed class Sender(Carriers carriers, Attempts attempts, Pace pace, MessagingStore rules, TemplateStore templates, TimeProvider time)
{
    /// <param name="tell">Applies an event to the lead: how it left it, or why it can never be applied. What a carrier answered is told also while the app is ending.</param>
    /// <param name="compose">The message as the lead, as it is then, is to get it.</param>
    /// <exception cref="SendDeferredException">Try the same again later.</exception>
    internal async Task<SendResult> SendAsync(
        SendRequest request, Func<LeadEvent, CancellationToken, Task<(LeadState? Lead, string? Fault)>> tell, Func<LeadState, Outbound> compose, CancellationToken cancellationToken)
    {
        if (!carriers.Serves(request.Channel))
        {
            return new SendResult.Skipped($"There is no channel \"{request.Channel}\".");
        }

        if (await pace.WaitAsync(request.Channel, request.Urgent, cancellationToken) is { } away)
        {
            return new SendResult.Held(time.GetUtcNow() + away, "More messages wait than the rate lets out.");
        }

        request = request with { Topic = templates.TopicOf(request.Template, request.Topic) };
        var result = await SendTurn.SendAsync(new World(carriers, attempts, pace, rules, time, tell, compose), request, cancellationToken);
        attempts.End(request.Id); // whoever asks again is to be heard again
        return result;
    }

    /// <summary>Hands over what no arbiter is asked about: what people who work here are told.</summary>
    internal Task DeliverAsync(OutgoingMessage message, CancellationToken cancellationToken) => carriers.ShowAsync(message, cancellationToken);

    /// <summary>Whether that was handed over.</summary>
    internal Task<bool> HasDeliveredAsync(string id, CancellationToken cancellationToken) => carriers.HasShownAsync(id, cancellationToken);

    private sealed class World(
        Carriers carriers, Attempts attempts, Pace pace, MessagingStore rules, TimeProvider time, Func<LeadEvent, CancellationToken, Task<(LeadState? Lead, string? Fault)>> tell, Func<LeadState, Outbound> compose) : ISendWorld
    {
        private LeadState? _lead;

        public DateTimeOffset Now => time.GetUtcNow();

        public async Task<IDisposable?> EnterAsync(SendRequest request, CancellationToken cancellationToken) => await attempts.EnterAsync(request.Id, cancellationToken);

        public string AttemptOf(SendRequest request) => attempts.Of(request.Id);

        public async Task<(LeadMessages? Messages, string? Fault)> TellAsync(LeadEvent e, CancellationToken cancellationToken)
        {
            var (lead, fault) = await tell(e, cancellationToken);
            _lead = lead ?? _lead;
            return (lead?.Messages, fault);
        }

        public async Task<Prepared> PrepareAsync(SendRequest request, CancellationToken cancellationToken)
        {
            Outbound outbound;
            try
            {
                outbound = compose(_lead!); // it was asked
                outbound = outbound with { Message = outbound.Message with { Topic = request.Topic } }; // its links and headers are about the same as the arbiter's answer
            }
            catch (Exception lasting) when (lasting is TooMuchFilledInException or TextTooLongException or LiquidFaultException)
            {
                return Prepared.Ready.Never(lasting.Message); // at no try
            }

            return await carriers.PrepareAsync(outbound, cancellationToken);
        }

        public Task<DateTimeOffset?> FindRoomAsync(SendRequest request, CancellationToken cancellationToken) => pace.FindRoomAsync(request.Channel, cancellationToken);

        public void Begin(SendRequest request) => attempts.End(request.Id);

        public TimeSpan Longest(SendRequest request) => carriers.Longest(request.Channel);

        public bool MayRepeat(SendRequest request) => rules.Current.Unknown == WhenUnknown.SendAgain || carriers.IsIdempotent(request.Channel);
    }
}
