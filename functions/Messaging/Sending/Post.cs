using System.Text.Json;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Sends what no journey sends.</summary>
public sealed class Post(Sender sender, LeadTeller teller, RulesInEffect rules, TimeProvider time)
{
    /// <summary>Less than one message a second goes out: several that wait at once would wait for minutes.</summary>
    internal bool IsSlow(string channel) => rules.Current.Messages.PaceOf(channel).Rate < 1;

    /// <param name="data">Values for the template.</param>
    /// <param name="subject"><see cref="Outbound.Subject"/>.</param>
    /// <exception cref="SendDeferredException">Try the same again later.</exception>
    internal Task<SendResult> SendAsync(SendRequest request, JsonElement? data, string? subject, CancellationToken cancellationToken) =>
        sender.SendAsync(request, (e, token) => teller.TellAsync(StableHash.Text(e.Id), [e], token), lead => Compose(request, data, subject, lead), cancellationToken);

    private Outbound Compose(SendRequest request, JsonElement? data, string? subject, LeadState lead)
    {
        var now = time.GetUtcNow();
        var known = rules.Current;
        var profile = LeadProfile.Of(lead, known, now);
        var message = new OutgoingMessage(
            request.Id, request.Channel, lead.Id, Addresses.Of(request.Channel, profile), $"Template \"{request.Template}\"", $"Hello,\n\nthis stands for the template \"{request.Template}\".",
            request.Journey ?? "", request.Version ?? 0, request.Run ?? "", request.Step ?? "", request.Due, now, request.Template, request.Topic, data);
        var values = data is { } given ? new Dictionary<string, JsonElement> { ["data"] = given } : [];
        return new(message, profile, LeadZone.Of(profile).Zone ?? known.Journeys.Zone, values, request.Campaign, subject);
    }
}
