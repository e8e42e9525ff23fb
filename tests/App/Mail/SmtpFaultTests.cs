using LeadFunctions.Mail.Smtp;
using MailKit.Security;
using static LeadFunctions.Tests.Mail.SmtpVerdictTests;

namespace LeadFunctions.Tests.Mail;

/// <summary>Each thing that can happen at each point of a conversation: what is told of the message, and whether the server has it.</summary>
public sealed class SmtpFaultTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static TheoryData<Step, Fault, string> Table()
    {
        var table = new TheoryData<Step, Fault, string>();
        foreach (var step in new[] { Step.Greeting, Step.Hello, Step.Mail })
        {
            foreach (var fault in new[] { Fault.Hang, Fault.Disconnect, Fault.Garbage, Fault.Closing, Fault.NotNow, Fault.Never })
            {
                table.Add(step, fault, "Deferred");
            }
        }

        foreach (var step in new[] { Step.Recipient, Step.Data })
        {
            foreach (var fault in new[] { Fault.Hang, Fault.Disconnect, Fault.Garbage, Fault.Closing, Fault.NotNow })
            {
                table.Add(step, fault, "Deferred");
            }
        }

        table.Add(Step.Recipient, Fault.Never, "Rejected 550 address");
        table.Add(Step.Data, Fault.Never, "Rejected 550");
        table.Add(Step.Content, Fault.None, "Accepted");
        table.Add(Step.Content, Fault.Closing, "Deferred");
        table.Add(Step.Content, Fault.NotNow, "Deferred");
        table.Add(Step.Content, Fault.Never, "Rejected 550");

        // The one ambiguous moment: all of it is there, and no answer is.
        table.Add(Step.Content, Fault.Hang, "Unknown");
        table.Add(Step.Content, Fault.Disconnect, "Unknown");
        table.Add(Step.Content, Fault.Garbage, "Unknown");
        table.Add(Step.Content, Fault.DoneAndGone, "Unknown");
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task What_happens_at_a_step_is_told_as_what_it_is(Step step, Fault fault, string outcome)
    {
        foreach (var offers in new[] { "", "PIPELINING\nENHANCEDSTATUSCODES\n8BITMIME\nSIZE 10000000\nCHUNKING\nSMTPUTF8" })
        {
            await using var server = new ScriptedServer((_, at) => at == step ? fault : Fault.None, offers);
            await using var smtp = SmtpTo(server, fault == Fault.Hang ? Short : Long);

            var told = await smtp.SendAsync(Mails.Of(), CancellationToken.None);

            Assert.Equal(outcome, Shown(told));
            Assert.Equal(fault is Fault.None or Fault.DoneAndGone ? 1 : 0, server.Taken.Count);
        }
    }

    [Theory]
    [InlineData(Fault.Disconnect)]
    [InlineData(Fault.Closing)]
    public async Task A_kept_connection_that_was_closed_meanwhile_costs_no_message(Fault fault)
    {
        var isFirst = true;
        await using var server = new ScriptedServer((connection, at) => connection == 1 && at == Step.Mail && !Interlocked.Exchange(ref isFirst, false) ? fault : Fault.None);
        await using var smtp = SmtpTo(server, Long);

        var told = new[] { await smtp.SendAsync(Mails.Of("a"), CancellationToken.None), await smtp.SendAsync(Mails.Of("b"), CancellationToken.None), await smtp.SendAsync(Mails.Of("c"), CancellationToken.None) };

        Assert.All(told, outcome => Assert.Equal("Accepted", Shown(outcome)));
        Assert.Equal((3, 2), (server.Taken.Count, server.Connections));
    }

    [Fact]
    public async Task A_refused_message_does_not_cost_the_connection_and_a_lost_one_is_not_sent_over_another()
    {
        var script = new Queue<Fault>([Fault.Never, Fault.None, Fault.DoneAndGone, Fault.None]);
        await using var server = new ScriptedServer((_, at) => at == Step.Content ? script.Dequeue() : Fault.None);
        await using var smtp = SmtpTo(server, Long);

        var told = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            told.Add(Shown(await smtp.SendAsync(Mails.Of($"{i}"), CancellationToken.None)));
        }

        Assert.Equal(["Rejected 550", "Accepted", "Unknown", "Accepted"], told);
        Assert.Equal((3, 2), (server.Taken.Count, server.Connections));
    }

    [Fact]
    public async Task Envelopes_are_pipelined_where_the_server_can_and_connections_serve_a_hundred_messages()
    {
        await using var server = new ScriptedServer((_, _) => Fault.None, "PIPELINING");
        await using var smtp = SmtpTo(server, Long);
        for (var i = 0; i < 101; i++)
        {
            Assert.Equal("Accepted", Shown(await smtp.SendAsync(Mails.Of($"{i}"), CancellationToken.None)));
        }

        Assert.Equal((101, 2), (server.Taken.Count, server.Connections));
        Assert.True(server.Pipelined >= 101);
        Assert.Single(server.Commands, "QUIT");
    }

    [Fact]
    public async Task A_server_that_cannot_take_an_address_beyond_ascii_is_not_asked_to()
    {
        await using var plain = new ScriptedServer((_, _) => Fault.None);
        await using var able = new ScriptedServer((_, _) => Fault.None, "SMTPUTF8\n8BITMIME");
        await using var toPlain = SmtpTo(plain, Long);
        await using var toAble = SmtpTo(able, Long);
        var mail = Mails.Of(to: "użytkownik@example.com");

        Assert.Equal("Rejected 5.6.7", Shown(await toPlain.SendAsync(mail, CancellationToken.None)));
        Assert.Equal("Accepted", Shown(await toAble.SendAsync(mail, CancellationToken.None)));
        Assert.DoesNotContain(plain.Commands, command => command.StartsWith("RCPT", StringComparison.Ordinal));
        Assert.Contains(able.Commands, command => command.StartsWith("MAIL FROM:<news@acme.example> SMTPUTF8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_signs_in_by_xoauth2()
    {
        await using var server = new ScriptedServer((_, _) => Fault.None, "AUTH PLAIN XOAUTH2");
        await using var smtp = SmtpTo(server, Long, new SmtpSignIn("news@acme.example", null, "token-1", null, ""));

        Assert.Equal("Accepted", Shown(await smtp.SendAsync(Mails.Of(), CancellationToken.None)));
        var said = Assert.Single(server.Commands, command => command.StartsWith("AUTH XOAUTH2 ", StringComparison.Ordinal));
        Assert.Equal("user=news@acme.example\u0001auth=Bearer token-1\u0001\u0001", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(said.Split(' ')[2])));
    }

    [Fact]
    public async Task Nobody_there_and_nobody_asked_to_wait_are_told_apart()
    {
        var gone = new ScriptedServer((_, _) => Fault.None);
        await using var smtp = SmtpTo(gone, Long);
        await gone.DisposeAsync();

        Assert.Equal("Deferred", Shown(await smtp.SendAsync(Mails.Of(), CancellationToken.None)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => smtp.SendAsync(Mails.Of(), new CancellationToken(canceled: true)));
    }

    internal static SmtpMail SmtpTo(ScriptedServer server, TimeSpan patience, SmtpSignIn? signIn = null) =>
        new(new MailServer("127.0.0.1", server.Port, SecureSocketOptions.None, signIn ?? SmtpSignIn.None, 4, patience), null);
}
