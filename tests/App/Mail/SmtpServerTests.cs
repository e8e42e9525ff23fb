using LeadFunctions.Mail;
using LeadFunctions.Mail.Smtp;
using MailKit.Security;
using static LeadFunctions.Tests.Mail.SmtpVerdictTests;

namespace LeadFunctions.Tests.Mail;

/// <summary>Against a server that others wrote.</summary>
public sealed class SmtpServerTests
{
    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task Mail_arrives_as_it_was_composed_under_a_login_and_tls(SecureSocketOptions security)
    {
        await using var server = MailSink.Start(security);
        await using var smtp = server.Smtp(new SmtpSignIn("ann", "secret", null, null, ""));
        var mail = Mails.Of() with { Subject = "Zażółć 👩‍👩‍👧", Text = ".\n..\nFrom\n" + new string('ż', 400), Html = new string('x', 100_000) };

        Assert.Equal("Accepted", Shown(await smtp.SendAsync(mail, CancellationToken.None)));
        Assert.Equal(Mails.Raw(mail)[..^2], Assert.Single(server.Taken).Raw); // this server counts the last line's end to the dot
        Assert.Equal(("ann@example.com", "ann"), (server.Taken.Single().To, server.Taken.Single().User));
    }

    [Fact]
    public async Task Each_of_many_at_once_arrives_once_over_as_many_connections_as_are_allowed()
    {
        await using var server = MailSink.Start(SecureSocketOptions.None);
        await using var smtp = server.Smtp(SmtpSignIn.None);

        var told = await Task.WhenAll(Enumerable.Range(0, 300).Select(n => smtp.SendAsync(Mails.Of($"run/{n}", $"lead{n}@example.com"), CancellationToken.None)));

        Assert.All(told, outcome => Assert.Equal("Accepted", Shown(outcome)));
        Assert.Equal(Enumerable.Range(0, 300).Select(n => $"lead{n}@example.com").Order(), server.Taken.Select(taken => taken.To).Order());
        Assert.InRange(server.Sessions, 1, 8);
    }

    [Fact]
    public async Task A_wrong_login_a_stranger_and_a_server_without_tls_are_not_the_recipients_fault()
    {
        await using var server = MailSink.Start(SecureSocketOptions.StartTls);
        await using var plain = MailSink.Start(SecureSocketOptions.None);
        await using var wrong = server.Smtp(new SmtpSignIn("ann", "wrong", null, null, ""));
        await using var strict = new SmtpMail(server.Address with { Trust = null }, null);
        await using var unprotected = new SmtpMail(plain.Address with { Security = SecureSocketOptions.StartTls }, null);

        Assert.Equal("The server does not take the login.", Assert.IsType<MailOutcome.Deferred>(await wrong.SendAsync(Mails.Of(), CancellationToken.None)).Reason);
        Assert.Contains("certificate", Assert.IsType<MailOutcome.Deferred>(await strict.SendAsync(Mails.Of(), CancellationToken.None)).Reason, StringComparison.Ordinal);
        Assert.Contains("STARTTLS", Assert.IsType<MailOutcome.Deferred>(await unprotected.SendAsync(Mails.Of(), CancellationToken.None)).Reason, StringComparison.Ordinal);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task Whoever_the_server_does_not_know_bounces()
    {
        await using var server = MailSink.Start(SecureSocketOptions.None);
        await using var smtp = server.Smtp(SmtpSignIn.None);

        Assert.Equal("Rejected 550 address", Shown(await smtp.SendAsync(Mails.Of(to: "nobody@example.com"), CancellationToken.None)));
        Assert.Equal("Accepted", Shown(await smtp.SendAsync(Mails.Of(), CancellationToken.None)));
        Assert.Equal(1, server.Sessions);
    }
}
