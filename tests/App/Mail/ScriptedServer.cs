using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace LeadFunctions.Tests.Mail;

/// <summary>Where in a conversation something happens.</summary>
public enum Step
{
    Greeting,
    Hello,
    StartTls,

    /// <summary>After the server said to go on: whoever answers garbage there speaks no TLS.</summary>
    Handshake,

    Login,
    Mail,
    Recipient,
    Data,
    Content,
}

/// <summary>What happens there.</summary>
public enum Fault
{
    None,
    Hang,
    Disconnect,
    Garbage,
    Closing,
    NotNow,
    Never,

    /// <summary>Does what it was asked to, and is gone before it says so.</summary>
    DoneAndGone,
}

/// <summary>A mail server that does what it is told to do at one point of each conversation, and counts what it took.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Func<int, Step, Fault> _script;
    private readonly string _offers;
    private int _connections;

    /// <param name="script">By the connection's number, from 1 on.</param>
    /// <param name="offers">Lines of the answer to EHLO.</param>
    public ScriptedServer(Func<int, Step, Fault> script, string offers = "")
    {
        (_script, _offers) = (script, offers);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections;

    /// <summary>Messages that it has from now on, whatever it said.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>All lines but those of messages.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Answers that it gave only after the next command was there too.</summary>
    public int Pipelined { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_serving, .. _conversations]);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _conversations.Add(ConverseAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException || (exception is InvalidOperationException && _stop.IsCancellationRequested))
        {
        }
    }

    private async Task ConverseAsync(TcpClient client, int number)
    {
        using (client)
        {
            try
            {
                await ConverseAsync(new Wire(client.GetStream(), _stop.Token), number);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or EndOfStreamException)
            {
            }
        }
    }

    private async Task ConverseAsync(Wire wire, int number)
    {
        Task<bool> Say(Step step, string answer, Action? done = null) => AnswerAsync(wire, _script(number, step), answer, done);
        if (!await Say(Step.Greeting, "220 ready"))
        {
            return;
        }

        while (await wire.ReadLineAsync() is { } line)
        {
            Commands.Enqueue(line);
            var goesOn = line.Split(' ')[0].ToUpperInvariant() switch
            {
                "EHLO" or "HELO" => await Say(Step.Hello, string.Concat(_offers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(offer => $"250-{offer}\r\n")) + "250 ok"),
                "MAIL" => await Say(Step.Mail, "250 2.1.0 ok"),
                "RCPT" => await Say(Step.Recipient, "250 2.1.5 ok"),
                "DATA" => await TakeAsync(),
                "STARTTLS" => await Say(Step.StartTls, "220 2.0.0 go on") && await ProtectAsync(),
                "AUTH" => await Say(Step.Login, "235 2.7.0 welcome"),
                "QUIT" => await wire.WriteAsync("221 bye") && false,
                _ => await wire.WriteAsync("250 ok"),
            };
            if (!goesOn)
            {
                return;
            }
        }

        async Task<bool> ProtectAsync() => _script(number, Step.StartTls) != Fault.None // it was refused
            || (_script(number, Step.Handshake) is var fault and not Fault.None ? await AnswerAsync(wire, fault, "", null) : await wire.ProtectAsync());

        async Task<bool> TakeAsync()
        {
            if (_script(number, Step.Data) != Fault.None)
            {
                return await Say(Step.Data, "");
            }

            await wire.WriteAsync("354 go on");
            var message = new StringBuilder();
            for (var line = await wire.ReadLineAsync(); line != "."; line = await wire.ReadLineAsync())
            {
                message.Append(line ?? throw new EndOfStreamException()).Append("\r\n");
            }

            return await Say(Step.Content, "250 2.0.0 queued as 4711", () => Taken.Enqueue(message.ToString()));
        }
    }

    /// <returns>Whether the conversation goes on.</returns>
    private async Task<bool> AnswerAsync(Wire wire, Fault fault, string answer, Action? done)
    {
        switch (fault)
        {
            case Fault.None:
                done?.Invoke();
                Pipelined += wire.HasMore ? 1 : 0;
                return await wire.WriteAsync(answer);
            case Fault.Hang:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
            case Fault.Garbage:
                return await wire.WriteAsync("\u0001\u0002 no such protocol");
            case Fault.Closing:
                await wire.WriteAsync("421 4.3.2 closing");
                return false;
            case Fault.NotNow:
                return await wire.WriteAsync("451 4.3.0 not now");
            case Fault.Never:
                return await wire.WriteAsync("550 never");
            case Fault.DoneAndGone:
                done?.Invoke();
                return false;
            default:
                return false;
        }
    }

    private sealed class Wire(Stream plain, CancellationToken stop)
    {
        private Stream stream = plain;

        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _at;
        private int _end;

        public bool HasMore => _at < _end;

        /// <summary>TLS from here on. False when the client does not trust the certificate.</summary>
        public async Task<bool> ProtectAsync()
        {
            var secure = new SslStream(stream);
            try
            {
                using var certificate = MailSink.Certificate();
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            }
            catch (AuthenticationException)
            {
                return false;
            }

            stream = secure;
            return true;
        }

        public async Task<string?> ReadLineAsync()
        {
            var line = new StringBuilder();
            while (true)
            {
                if (_at == _end)
                {
                    (_at, _end) = (0, await stream.ReadAsync(_buffer, stop));
                    if (_end == 0)
                    {
                        return null;
                    }
                }

                var c = (char)_buffer[_at++];
                if (c == '\n')
                {
                    return line.ToString().TrimEnd('\r');
                }

                line.Append(c);
            }
        }

        public async Task<bool> WriteAsync(string line)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), stop);
            return true;
        }
    }
}
