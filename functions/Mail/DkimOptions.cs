namespace LeadFunctions.Mail;

/// <summary>Settings under <c>LeadFunctions:Dkim</c>: what mail through SMTP is signed with, where the carrier does not sign.</summary>
public sealed class DkimOptions
{
    /// <summary>Whose signature it is: the domain of the senders. Empty for none.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Which of the domain's keys: the public one stands in DNS at <c>SELECTOR._domainkey.DOMAIN</c>.</summary>
    public string Selector { get; set; } = "";

    /// <summary>The private key, RSA or Ed25519, as PEM; its lines may be joined by <c>\n</c>, or be the Base64 between them alone.</summary>
    public string Key { get; set; } = "";
}
