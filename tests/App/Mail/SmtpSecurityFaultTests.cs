using LeadFunctions.Mail;
using LeadFunctions.Mail.Smtp;
using MailKit.Security;
using static LeadFunctions.Tests.Mail.SmtpVerdictTests;

namespace LeadFunctions.Tests.Mail;

/// <summary>Each thing that can happen while a connection is protected and the app signs in: the message was surely not taken, nobody has bounced, and no login is said before it is protected.</summary>
public sealed class SmtpSecurityFaultTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly SmtpSignIn Ann = new("ann", "secret", null, null, "");

    public static TheoryData<Step, Fault> Table()
    {
        var table = new TheoryData<Step, Fault>();
        foreach (var step in new[] { Step.StartTls, Step.Login })
        {
            foreach (var fault in new[] { Fault.Hang, Fault.Disconnect, Fault.Garbage, Fault.Closing, Fault.NotNow, Fault.Never })
            {
                table.Add(step, fault);
            }
        }

        foreach (var fault in new[] { Fault.Hang, Fault.Disconnect, Fault.Garbage })
        {
            table.Add(Step.Handshake, fault);
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task What_happens_before_the_message_is_asked_about_defers_it(Step step, Fault fault)
    {
        await using var server = new ScriptedServer((_, at) => at == step ? fault : Fault.None, "STARTTLS\nAUTH PLAIN");
        await using var smtp = To(server, fault == Fault.Hang ? Short : Long, trusts: true);

        var told = await smtp.SendAsync(Mails.Of(), CancellationToken.None);

        Assert.Equal("Deferred", Shown(told));
        Assert.Empty(server.Taken);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase));
        Assert.True(step == Step.Login || !server.Commands.Any(IsLogin));
        Assert.True(step != Step.Login || fault == Fault.Hang || server.Commands.Any(IsLogin)); // within so short a time a busy machine may not have come to it
        Assert.DoesNotContain("secret", ((MailOutcome.Deferred)told).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_all_goes_well_the_message_is_taken_under_the_login()
    {
        await using var server = new ScriptedServer((_, _) => Fault.None, "STARTTLS\nAUTH PLAIN");
        await using var smtp = To(server, Long, trusts: true);

        Assert.Equal("Accepted", Shown(await smtp.SendAsync(Mails.Of(), CancellationToken.None)));
        Assert.Single(server.Taken);
        Assert.Equal(["STARTTLS", "AUTH"], server.Commands.Select(command => command.Split(' ')[0]).Where(verb => verb is "STARTTLS" or "AUTH"));
    }

    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task A_certificate_that_nobody_vouches_for_is_told_nothing(SecureSocketOptions security)
    {
        await using var scripted = new ScriptedServer((_, _) => Fault.None, "STARTTLS\nAUTH PLAIN");
        await using var sink = MailSink.Start(SecureSocketOptions.SslOnConnect);
        await using var smtp = security == SecureSocketOptions.StartTls ? To(scripted, Long, trusts: false) : new SmtpMail(sink.Address with { Trust = null, SignIn = Ann }, null);

        var told = Assert.IsType<MailOutcome.Deferred>(await smtp.SendAsync(Mails.Of(), CancellationToken.None));

        Assert.Contains("certificate", told.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(scripted.Taken);
        Assert.Empty(sink.Taken);
        Assert.DoesNotContain(scripted.Commands, IsLogin);
    }

    private static bool IsLogin(string command) => command.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase);

    private static SmtpMail To(ScriptedServer server, TimeSpan patience, bool trusts) =>
        new(new MailServer("127.0.0.1", server.Port, SecureSocketOptions.StartTls, Ann, 4, patience, trusts ? (_, certificate, _, _) => certificate?.Subject == "CN=test" : null), null);
}
