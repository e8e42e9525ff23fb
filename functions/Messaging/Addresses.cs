using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Push;

namespace LeadFunctions.Messaging;

/// <summary>Where a lead can be reached, by what is known of it.</summary>
internal static class Addresses
{
    /// <summary>The channel of mail.</summary>
    public const string Mail = "email";

    /// <summary>Where messages of a channel reach the lead; empty for nowhere.</summary>
    public static string Of(string channel, ILeadFacts lead) => channel switch
    {
        Mail => Email(lead),
        // Who sends asks the lead anew; what reaches a browser is shown to nobody.
        "webpush" => BrowserSubscriptions.Of(lead) is { Count: > 0 } browsers ? $"browsers: {browsers.Count}" : "",
        "sms" => lead.Trait("phone").Text ?? "",
        _ => Email(lead) is { Length: > 0 } email ? email : lead.Trait("userId").Text ?? "",
    };

    // Also an address that a step set, or that came before addresses were normalised on arrival.
    private static string Email(ILeadFacts lead) => lead.Trait("email").Text is { } text ? EmailAddress.Normalise(text) ?? "" : "";
}
