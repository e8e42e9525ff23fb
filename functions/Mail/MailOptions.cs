namespace LeadFunctions.Mail;

/// <summary>Settings that stand above all slices.</summary>
public sealed class MailOptions
{
    public const string Outbox = "outbox";
    public const string Smtp = "smtp";
    public const string Acs = "acs";

    public static readonly IReadOnlyList<string> Providers = [Outbox, Smtp, Acs];

    /// <summary>Who carries mail: outbox (nobody: it is kept and shown), smtp, or acs (Azure Communication Services).</summary>
    public string EmailProvider { get; set; } = Outbox;
}
