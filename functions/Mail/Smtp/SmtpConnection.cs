using System.Diagnostics;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace LeadFunctions.Mail.Smtp;

/// <summary>One connection to the mail server, signed in, for one message at a time.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    /// <summary>A server that answers byte by byte keeps each single wait short: all of them together take as long as so many.</summary>
    internal const int Waits = 3;

    /// <summary>Servers close connections that are used for long, or not at all; it is better to be first.</summary>
    private const int MostMessages = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly SmtpConversation _said;
    private readonly Client _client;
    private readonly TimeSpan _patience;
    private readonly long _since = Stopwatch.GetTimestamp();
    private long _usedAt = Stopwatch.GetTimestamp();
    private int _messages;

    private SmtpConnection(SmtpConversation said, Client client, TimeSpan patience) => (_said, _client, _patience) = (said, client, patience);

    public bool IsUsable => _client.IsConnected && !_said.IsEnding && _messages < MostMessages
        && Stopwatch.GetElapsedTime(_since) < Longest && Stopwatch.GetElapsedTime(_usedAt) < LongestIdle;

    /// <summary>It was used before, and the server has hung up since without hearing of this message.</summary>
    public bool WasClosed { get; private set; }

    /// <exception cref="Exception">One of <see cref="Trouble"/>.</exception>
    public static async Task<SmtpConnection> OpenAsync(MailServer server, CancellationToken cancellationToken)
    {
        var said = new SmtpConversation();
        var client = new Client(said)
        {
            Timeout = (int)server.Patience.TotalMilliseconds,
            // As everywhere in .NET: a list of revoked certificates that cannot be fetched must not stop the mail.
            CheckCertificateRevocation = false,
        };
        if (server.Trust is { } trust)
        {
            client.ServerCertificateValidationCallback = trust;
        }

        // A mail is written in pieces: held back until the one before is acknowledged, each would take 40 ms more.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(server.Patience);
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, patience.Token);
            await client.ConnectAsync(socket, server.Host, server.Port, server.Security, cancellationToken);

            // In pieces a message's end could not be seen.
            client.Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime);
            if (await server.SignIn.MechanismAsync(cancellationToken) is { } mechanism)
            {
                await client.AuthenticateAsync(mechanism, cancellationToken);
            }
            else if (server.SignIn.Password is { } password)
            {
                await client.AuthenticateAsync(server.SignIn.User, password, cancellationToken);
            }

            return new(said, client, server.Patience);
        }
        catch
        {
            client.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Until its end is known: whoever stops waiting would not know whether the server has it.</summary>
    public async Task<MailOutcome> SendAsync(MimeMessage message, FormatOptions format)
    {
        if (format.International && !_client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
        {
            return new MailOutcome.Rejected("The server takes no addresses with letters beyond ASCII before the @.", "5.6.7");
        }

        _said.Begin();
        ((WatchedAlternative)message.Body!).Written = _said.HandOver; // composed here
        using var patience = new CancellationTokenSource(_patience * Waits);
        string? fault = null;
        try
        {
            await _client.SendAsync(format, message, message.From.Mailboxes.Single(), [message.To.Mailboxes.Single()], patience.Token);
        }
        catch (Exception trouble) when (Trouble.Is(trouble))
        {
            fault = Trouble.Describe(trouble);
        }

        WasClosed = _messages > 0 && !_said.IsHandedOver && (fault is not null || _said.IsEnding) && _said is { Mail: null or { Code: 421 }, Recipient: null };
        _messages++;
        _usedAt = Stopwatch.GetTimestamp();
        return SmtpVerdict.Of(_said, fault);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            using var patience = new CancellationTokenSource(Farewell);
            try
            {
                await _client.DisconnectAsync(quit: !_said.IsEnding, patience.Token);
            }
            catch (Exception trouble) when (Trouble.Is(trouble))
            {
                // It was to be closed anyway.
            }
        }

        _client.Dispose();
    }

    /// <summary>Sends messages as they are: signed ones must not be prepared anew, and their size is not worth writing them twice.</summary>
    private sealed class Client(IProtocolLogger said) : SmtpClient(said)
    {
        protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
        {
        }

        protected override Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) => Task.FromResult(-1L);
    }
}

/// <summary>What may go wrong with a server, all of it to be expected.</summary>
internal static class Trouble
{
    public static bool Is(Exception exception) => exception is SocketException or IOException or TimeoutException or OperationCanceledException or NotSupportedException
        or ProtocolException or CommandException or ServiceNotConnectedException or ServiceNotAuthenticatedException or System.Security.Authentication.AuthenticationException
        or MailKit.Security.AuthenticationException or SaslException or SslHandshakeException or Azure.Identity.AuthenticationFailedException;

    public static string Describe(Exception exception) => exception switch
    {
        TimeoutException or OperationCanceledException => "The server did not answer in time.",
        SocketException socket => $"The server cannot be reached: {socket.SocketErrorCode}.",
        SslHandshakeException or System.Security.Authentication.AuthenticationException => "The server's certificate is not trusted, or it does not speak TLS.",
        Azure.Identity.AuthenticationFailedException => "The app's identity got no token for the server.",
        MailKit.Security.AuthenticationException or SaslException => "The server does not take the login.",
        NotSupportedException => "The server does not offer what the settings ask for, such as STARTTLS.",
        SmtpCommandException refused => $"The server answered {(int)refused.StatusCode}.",
        ProtocolException => "The server broke off, or said what is no SMTP.",
        _ => "The connection to the server was lost.",
    };
}
