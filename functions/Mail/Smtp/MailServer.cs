using System.Net.Security;
using Azure.Core;
using MailKit.Security;

namespace LeadFunctions.Mail.Smtp;

/// <summary>The mail server, as the settings name it.</summary>
/// <param name="Patience">For each answer.</param>
/// <param name="Trust">Instead of the machine's own trust in certificates, for a server that is made for a test; null for none.</param>
internal sealed record MailServer(string Host, int Port, SecureSocketOptions Security, SmtpSignIn SignIn, int Connections, TimeSpan Patience, RemoteCertificateValidationCallback? Trust = null)
{
    public static MailServer Of(SmtpOptions options, Func<TokenCredential> identity) => new(
        options.Host, options.Port, SecurityOf(options.Security), SmtpSignIn.Of(options, identity), options.Connections, TimeSpan.FromSeconds(options.TimeoutSeconds));

    private static SecureSocketOptions SecurityOf(string setting) => setting switch
    {
        SmtpOptions.None => SecureSocketOptions.None,
        SmtpOptions.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };
}

/// <summary>Who the app is to the server.</summary>
/// <param name="User">Empty: nobody is asked.</param>
internal sealed record SmtpSignIn(string User, string? Password, string? Token, TokenCredential? Identity, string Scope)
{
    public static readonly SmtpSignIn None = new("", null, null, null, "");

    public static SmtpSignIn Of(SmtpOptions options, Func<TokenCredential> identity) => options.User.Length == 0 ? None : new(
        options.User,
        options.Password.Length > 0 ? options.Password : null,
        options.Token.Length > 0 ? options.Token : null,
        options.TokenScope.Length > 0 ? identity() : null,
        options.TokenScope);

    /// <summary>By token; null for a password, or nothing. The credential keeps tokens for as long as they hold.</summary>
    public async Task<SaslMechanism?> MechanismAsync(CancellationToken cancellationToken) =>
        Token is not null ? new SaslMechanismOAuth2(User, Token)
        : Identity is not null ? new SaslMechanismOAuth2(User, (await Identity.GetTokenAsync(new([Scope]), cancellationToken)).Token)
        : null;
}
