using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadFunctions.Mail;
using LeadFunctions.Mail.Smtp;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace LeadFunctions.Benchmarks;

/// <summary>Mail of 20 KiB through SMTP to a sink in the same process, beside the library alone, in a loop over one connection.</summary>
internal static class MailBenchmark
{
    private const int Mails = 3_000;

    public static async Task RunAsync(FigureTable table)
    {
        await using var sink = new Sink();
        await BareAsync(sink.Port, 300); // until all is compiled
        await OursAsync(sink.Port, 300);
        var bare = await BareAsync(sink.Port, Mails);
        var ours = await OursAsync(sink.Port, Mails);
        var before = sink.Taken;
        table.Add("mail through SMTP, 4 connections, composed of a text and 20 KiB of HTML", $"{ours:N0}/s", $"the library alone, one connection, composed likewise: {bare:N0}/s: × {ours / bare:0.0}", "≥ 500/s", ours >= 500);
        if (before != 2 * (Mails + 300))
        {
            throw new InvalidOperationException($"The sink has {before} mails.");
        }
    }

    private static async Task<double> BareAsync(int port, int count)
    {
        // As ours: a mail is written in pieces, and held back until the one before is acknowledged each would take 40 ms more (21 a second instead of what the library can do).
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        using var client = new SmtpClient();
        await client.ConnectAsync(socket, "127.0.0.1", port, SecureSocketOptions.None);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            using var message = Composition.Of(Mail(i)).Message!; // it is faultless
            await client.SendAsync(message);
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> OursAsync(int port, int count)
    {
        await using var smtp = new SmtpMail(new MailServer("127.0.0.1", port, SecureSocketOptions.None, SmtpSignIn.None, 4, TimeSpan.FromSeconds(30)), null);
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
        {
            if (await smtp.SendAsync(Mail(i), cancellationToken) is not MailOutcome.Accepted)
            {
                throw new InvalidOperationException("A mail was not taken.");
            }
        });
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static readonly string Html = "<p>" + string.Concat(Enumerable.Repeat("Cześć, a line of a letter that is neither short nor long.<br>\n", 330)) + "</p>";

    private static OutgoingMail Mail(int i) => new(
        $"run/{i}", "Acme <news@acme.example>", null, $"lead{i}@example.com", "Spring is here", Html, "Hello", new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero), "https://app.example/e/u/token", "news");

    /// <summary>Takes whatever it is given, and keeps nothing but the number.</summary>
    private sealed class Sink : IAsyncDisposable
    {
        private static readonly byte[] End = "\r\n.\r\n"u8.ToArray();

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;
        private int _taken;

        public Sink()
        {
            _listener.Start(64);
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Taken => _taken;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving;
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    _ = ConverseAsync(await _listener.AcceptSocketAsync(_stop.Token));
                }
            }
            catch (OperationCanceledException)
            {
            }
        }

        private async Task ConverseAsync(Socket socket)
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var buffer = new byte[256 * 1024];
            var (end, isContent) = (0, false);
            try
            {
                await stream.WriteAsync("220 sink\r\n"u8.ToArray(), _stop.Token);
                for (int read; (read = await stream.ReadAsync(buffer.AsMemory(end), _stop.Token)) > 0;)
                {
                    end += read;
                    var answers = new StringBuilder();
                    var at = 0;
                    while (true)
                    {
                        var rest = buffer.AsSpan(at, end - at);
                        if (isContent)
                        {
                            var last = rest.IndexOf(End);
                            if (last < 0)
                            {
                                break;
                            }

                            (at, isContent) = (at + last + End.Length, false);
                            answers.Append("250 ok\r\n");
                            Interlocked.Increment(ref _taken);
                        }
                        else
                        {
                            var last = rest.IndexOf((byte)'\n');
                            if (last < 0)
                            {
                                break;
                            }

                            isContent = rest.StartsWith("DATA"u8);
                            answers.Append(rest.StartsWith("EHLO"u8) ? "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n" : isContent ? "354 go on\r\n" : "250 ok\r\n");
                            at += last + 1;
                        }
                    }

                    // Of a message only what its end may begin with has to be kept.
                    var kept = isContent ? Math.Min(end - at, End.Length - 1) : end - at;
                    buffer.AsSpan(end - kept, kept).CopyTo(buffer);
                    end = kept;
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(answers.ToString()), _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
            }
        }
    }
}
