using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LeadFunctions.Mail.Smtp;
using MailKit.Security;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using ServerOptions = SmtpServer.SmtpServerOptionsBuilder;

namespace LeadFunctions.Tests.Mail;

/// <summary>A mail that the server took.</summary>
internal sealed record TakenMail(byte[] Raw, string To, string? User);

/// <summary>A mail server that others wrote, which keeps what it takes.</summary>
internal sealed class MailSink : MessageStore, IUserAuthenticator, IMailboxFilter, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;
    private int _sessions;

    public ConcurrentQueue<TakenMail> Taken { get; } = new();

    public int Sessions => _sessions;

    /// <summary>How long it takes for a mail, before it says so.</summary>
    public TimeSpan Dawdles { get; set; }

    public MailServer Address { get; private set; } = new("127.0.0.1", 0, SecureSocketOptions.None, SmtpSignIn.None, 8, TimeSpan.FromSeconds(30));

    public static MailSink Start(SecureSocketOptions security)
    {
        var server = new MailSink();
        var port = FreePort();
        var options = new ServerOptions().ServerName("test").Endpoint(endpoint =>
        {
            endpoint.Port(port, security == SecureSocketOptions.SslOnConnect).AllowUnsecureAuthentication(false);
            if (security != SecureSocketOptions.None)
            {
                endpoint.Certificate(Certificate());
            }
        }).Build();
        var services = new ServiceProvider();
        services.Add((IMessageStore)server);
        services.Add((IUserAuthenticator)server);
        services.Add((IMailboxFilter)server);
        var host = new SmtpServer.SmtpServer(options, services);
        host.SessionCreated += (_, _) => Interlocked.Increment(ref server._sessions);
        server._serving = host.StartAsync(server._stop.Token);
        server.Address = server.Address with { Port = port, Security = security, Trust = (_, certificate, _, _) => certificate?.Subject == "CN=test" };
        return server;
    }

    public SmtpMail Smtp(SmtpSignIn signIn) => new(Address with { SignIn = signIn }, null);

    public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        var to = transaction.To.Single();
        Taken.Enqueue(new(buffer.ToArray(), $"{to.User}@{to.Host}", context.Authentication.User));
        if (Dawdles > TimeSpan.Zero)
        {
            await Task.Delay(Dawdles, TimeProvider.System, CancellationToken.None);
        }

        return SmtpResponse.Ok;
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) => Task.FromResult((user, password) == ("ann", "secret"));

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) => Task.FromResult(to.User != "nobody");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _serving;
        }
        catch (OperationCanceledException)
        {
        }

        _stop.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Nobody vouches for it.</summary>
    internal static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
