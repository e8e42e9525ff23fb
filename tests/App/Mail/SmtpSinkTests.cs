using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadFunctions.Mail;
using LeadFunctions.Mail.Smtp;
using LeadFunctions.Tests.Support;
using MailKit.Security;
using static LeadFunctions.Tests.Mail.SmtpVerdictTests;

namespace LeadFunctions.Tests.Mail;

/// <summary>Against Debian's <c>smtp-sink</c>, which writes down what it takes as the wire had it: it shares no code with what sends, and speaks as Postfix does.</summary>
public sealed class SmtpSinkTests
{
    private const int Many = 400;
    private const int Connections = 8;

    [SmtpSinkFact]
    public async Task Each_of_many_at_once_arrives_whole_and_once_over_connections_that_are_kept()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var smtp = new SmtpMail(new("127.0.0.1", sink.Port, SecureSocketOptions.None, SmtpSignIn.None, Connections, TimeSpan.FromSeconds(30)), null);
        List<OutgoingMail> mails = [.. Enumerable.Range(0, Many).Select(n => Mails.Of($"run/{n}", $"lead{n}@example.com") with { Subject = $"Zażółć {n} 👩‍👩‍👧", Text = $".\n..\nFrom {n}\n" + new string('ż', n) })];

        var told = await Task.WhenAll(mails.Select(mail => smtp.SendAsync(mail, CancellationToken.None)));
        var taken = await sink.TakenAsync(Many);

        Assert.All(told, outcome => Assert.Equal("Accepted", Shown(outcome)));
        Assert.InRange(sink.Sessions, 2, Connections);
        Assert.Equal(
            mails.Select(mail => Encoding.UTF8.GetString(Mails.Raw(mail)).ReplaceLineEndings("\n")).Order(StringComparer.Ordinal),
            taken.Select(mail => mail.Content).Order(StringComparer.Ordinal));
        Assert.Equal(mails.Select(mail => $"<{mail.To}>").Order(StringComparer.Ordinal), taken.Select(mail => mail.To).Order(StringComparer.Ordinal));
        Assert.All(taken, mail => Assert.StartsWith("<news@acme.example>", mail.From, StringComparison.Ordinal));

        var read = await IndependentReader.ReadAsync([.. taken.Take(20).Select(mail => Encoding.UTF8.GetBytes(mail.Content))]);
        Assert.All(read.Zip(taken), pair =>
        {
            var mail = mails.Single(mail => $"<{mail.To}>" == pair.Second.To);
            Assert.Equal((mail.Subject, mail.Text.TrimEnd('\n')), (pair.First.Subject, pair.First.Text!.ReplaceLineEndings("\n").TrimEnd('\n')));
            Assert.Equal("List-Unsubscribe=One-Click", pair.First.Headers["list-unsubscribe-post"]);
        });
    }
}

/// <summary>A mail as the server wrote it down.</summary>
internal sealed record SunkMail(string From, string To, string Content);

/// <summary>The server as a process of its own. It writes a file for each mail, as soon as that begins.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    public const string Program = "/usr/sbin/smtp-sink";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private int _sessions;

    private SmtpSink(Process process, DirectoryInfo folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>Less the one that looked whether it listens.</summary>
    public int Sessions => _sessions - 1;

    public static async Task<SmtpSink> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sink-");
        var port = FreePort();
        List<string> arguments = ["-v", "-d", Path.Combine(folder.FullName, "mail.")];
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            // It asks for somebody else then, who has to be able to write here.
            arguments.AddRange(["-u", "nobody"]);
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_111_111);
        }

        var start = new ProcessStartInfo(Program, [.. arguments, $"127.0.0.1:{port}", "100"]) { RedirectStandardError = true };
        var sink = new SmtpSink(Process.Start(start)!, folder, port); // it is started anew
        sink._process.ErrorDataReceived += (_, line) => sink._sessions += line.Data?.Contains(": connect (", StringComparison.Ordinal) == true ? 1 : 0;
        sink._process.BeginErrorReadLine();
        await Poll.UntilAsync(() => sink._process.HasExited ? throw new InvalidOperationException("smtp-sink ended.") : IsListening(port));
        return sink;
    }

    /// <summary>Once there are so many; more would be told of as well.</summary>
    public async Task<IReadOnlyList<SunkMail>> TakenAsync(int count)
    {
        await Poll.UntilAsync(() => _folder.GetFiles().Length >= count);
        return [.. _folder.GetFiles().Select(file => Read(File.ReadAllText(file.FullName)))];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Before the mail stands what was said of it, and a trace; after it an empty line.</summary>
    private static SunkMail Read(string text)
    {
        var end = text.IndexOf("\nReceived: ", StringComparison.Ordinal) + 1;
        do
        {
            end = text.IndexOf('\n', end) + 1;
        }
        while (text[end] is ' ' or '\t');

        string Said(string name) => text[..end].Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..];
        return new(Said("X-Mail-Args: "), Said("X-Rcpt-Args: "), text[end..^1]);
    }

    private static bool IsListening(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Left to <c>.ci/run</c>, which installs it, where a machine has none: the test then counts as skipped, and says why.</summary>
internal sealed class SmtpSinkFactAttribute : FactAttribute
{
    public SmtpSinkFactAttribute()
    {
        if (!File.Exists(SmtpSink.Program))
        {
            Skip = "This machine has no smtp-sink (apt-get install postfix): .ci/run installs it and checks this.";
        }
    }
}
