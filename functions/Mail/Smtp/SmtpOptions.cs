using System.ComponentModel.DataAnnotations;
using System.Net;

namespace LeadFunctions.Mail.Smtp;

/// <summary>Settings under <c>LeadFunctions:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    public const string StartTls = "starttls";
    public const string Tls = "tls";
    public const string None = "none";

    /// <summary>The mail server; empty where mail does not go by SMTP.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>starttls (which the server must offer: port 587), tls (from the first byte on: port 465), or none, on this machine only.</summary>
    public string Security { get; set; } = StartTls;

    /// <summary>Empty where the server asks for none.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>An access token, instead of a password (XOAUTH2).</summary>
    public string Token { get; set; } = "";

    /// <summary>For which the app's identity asks for access tokens, such as <c>https://outlook.office365.com/.default</c> (XOAUTH2).</summary>
    public string TokenScope { get; set; } = "";

    /// <summary>At a time, on each instance.</summary>
    [Range(1, 64)]
    public int Connections { get; set; } = 4;

    /// <summary>For each answer. Servers may take minutes to look a message over: whoever gives up earlier does not know whether it was taken.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>What is wrong with them together, for whoever reads the log of an app that will not start.</summary>
    public IEnumerable<string> Faults()
    {
        if (Host.Length == 0)
        {
            yield return "Mail goes by SMTP: set LeadFunctions__Smtp__Host to the mail server.";
        }

        if (Security is not (StartTls or Tls or None))
        {
            yield return "LeadFunctions__Smtp__Security is none of starttls, tls and none.";
        }

        if (Security == None && Host.Length > 0 && !IsLoopback(Host))
        {
            yield return "LeadFunctions__Smtp__Security is none, which is for a server on this machine only: use starttls or tls.";
        }

        if (new[] { Password, Token, TokenScope }.Count(text => text.Length > 0) is var ways && ((ways == 0) != (User.Length == 0) || ways > 1))
        {
            yield return "Set LeadFunctions__Smtp__User together with one of __Password, __Token and __TokenScope, or none of them.";
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
