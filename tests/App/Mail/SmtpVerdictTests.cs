using LeadFunctions.Mail;
using LeadFunctions.Mail.Smtp;

namespace LeadFunctions.Tests.Mail;

/// <summary>What a server's answers mean, each by itself.</summary>
public sealed class SmtpVerdictTests
{
    private static readonly SmtpReply Fine = new(250, "2.0.0 Ok");

    [Theory]
    [InlineData("450 4.2.0 Greylisted", "Deferred")]
    [InlineData("421 4.3.2 Too many connections", "Deferred")]
    [InlineData("550 5.7.1 This sender may not", "Deferred")]
    [InlineData("501 5.1.7 Bad sender address syntax", "Deferred")]
    [InlineData("530 5.7.0 Log in first", "Deferred")]
    [InlineData("552 5.3.4 Message too big", "Rejected 5.3.4")]
    public void What_is_said_of_the_sender_is_no_bounce_of_a_person(string reply, string outcome) => Assert.Equal(outcome, Shown(SmtpVerdict.Of(Reply(reply), null, null, null, false, null)));

    [Theory]
    [InlineData("450 4.2.1 Try later", "Deferred")]
    [InlineData("452 4.2.2 Mailbox full", "Deferred")]
    [InlineData("421 Closing", "Deferred")]
    [InlineData("530 5.7.0 Authentication required", "Deferred")]
    [InlineData("550 5.1.1 No such user", "Rejected 5.1.1 address")]
    [InlineData("550 No such user", "Rejected 550 address")]
    [InlineData("551 User not local", "Rejected 551 address")]
    [InlineData("553 Mailbox name not allowed", "Rejected 553 address")]
    [InlineData("556 5.1.10 Null MX", "Rejected 5.1.10 address")]
    [InlineData("550 5.5.0 Requested action not taken: mailbox unavailable", "Rejected 5.5.0 address")]
    [InlineData("550 5.2.1 Mailbox disabled", "Rejected 5.2.1 address")]
    [InlineData("550 5.1.8 Sender rejected", "Rejected 5.1.8")]
    [InlineData("550 5.7.1 Relaying denied", "Rejected 5.7.1")]
    [InlineData("552 5.2.2 Mailbox full", "Rejected 5.2.2")]
    [InlineData("552 Mailbox full", "Rejected 552")]
    [InlineData("554 Transaction failed", "Rejected 554")]
    [InlineData("554 5.7.1x no code at all", "Rejected 554")]
    public void What_is_said_of_the_recipient_tells_whether_anybody_is_there(string reply, string outcome) => Assert.Equal(outcome, Shown(SmtpVerdict.Of(Fine, Reply(reply), null, null, false, null)));

    [Theory]
    [InlineData("451 4.7.1 Try later", "Deferred")]
    [InlineData("550 Looks like spam", "Rejected 550")]
    [InlineData("550 5.7.1 Looks like spam", "Rejected 5.7.1")]
    [InlineData("550 5.1.1 No such user after all", "Rejected 5.1.1 address")]
    [InlineData("552 5.3.4 Too big", "Rejected 5.3.4")]
    public void What_is_said_of_the_message_is_said_of_the_message(string reply, string outcome)
    {
        Assert.Equal(outcome, Shown(SmtpVerdict.Of(Fine, Fine, Reply(reply), null, false, null)));
        Assert.Equal(outcome, Shown(SmtpVerdict.Of(Fine, Fine, new(354, "Go on"), Reply(reply), true, null)));
        Assert.Equal(outcome, Shown(SmtpVerdict.Of(Fine, Fine, new(354, "Go on"), Reply(reply), false, "The connection was lost.")));
    }

    [Fact]
    public void A_message_is_taken_when_the_server_says_so_and_unknown_when_it_could_have_said_so()
    {
        Assert.Equal(new MailOutcome.Accepted("2.0.0 Ok"), SmtpVerdict.Of(Fine, Fine, new(354, ""), Fine, true, null));
        Assert.Equal(new MailOutcome.Accepted("2.0.0 Ok"), SmtpVerdict.Of(Fine, Fine, new(354, ""), Fine, true, "Lost while it was told goodbye."));
        Assert.Equal(new MailOutcome.Unknown("Lost."), SmtpVerdict.Of(Fine, Fine, new(354, ""), null, true, "Lost."));
        Assert.Equal("Unknown", Shown(SmtpVerdict.Of(Fine, Fine, new(354, ""), new(333, "What?"), true, null)));
        Assert.Equal("Unknown", Shown(SmtpVerdict.Of(Fine, Fine, new(354, ""), new(999, "What?"), true, null)));
        Assert.Equal(new MailOutcome.Deferred("Lost."), SmtpVerdict.Of(Fine, Fine, new(354, ""), null, false, "Lost."));
        Assert.Equal(new MailOutcome.Deferred("Lost."), SmtpVerdict.Of(null, null, null, null, false, "Lost."));
    }

    /// <summary>The library tells only of the last failure; what was said before it decides.</summary>
    [Fact]
    public void The_wire_is_read_as_it_comes_in_whatever_pieces()
    {
        foreach (var size in new[] { 1, 2, 3, 7, 1000 })
        {
            var said = new SmtpConversation();
            said.Begin();
            Client(said, "MAIL FROM:<a@b.example> SMTPUTF8\r\nRCPT TO:<c@d.example>\r\n");
            Server(said, "250-2.1.0 first\r\n250 2.1.0 second\r\n250 2.1.5 ok\r\n", size);
            Client(said, "DATA\r\n");
            said.HandOver(); // too early to mean anything
            Server(said, "354 go on\r\n", size);
            Client(said, "Subject: x\r\n\r\nQUIT\r\n.\r\n");
            Assert.False(said.IsHandedOver);
            said.HandOver();
            Server(said, "550 5.7.1 no\r\n", size);
            Client(said, "RSET\r\n");
            Server(said, "250 ok\r\n421 bye\r\n", size);

            Assert.Equal("2.1.0 first 2.1.0 second", said.Mail!.Text); // it was heard
            Assert.Equal((250, 354, 550), (said.Recipient!.Code, said.Data!.Code, said.Content!.Code)); // all were
            Assert.True(said is { IsHandedOver: true, IsEnding: true });
            Assert.Equal("Rejected 5.7.1", Shown(SmtpVerdict.Of(said, "Lost.")));
        }
    }

    internal static string Shown(MailOutcome outcome) => outcome switch
    {
        MailOutcome.Accepted => "Accepted",
        MailOutcome.Deferred => "Deferred",
        MailOutcome.Unknown => "Unknown",
        MailOutcome.Rejected rejected => $"Rejected {rejected.Code}{(rejected.IsAddress ? " address" : "")}",
        _ => throw new InvalidOperationException(),
    };

    private static SmtpReply Reply(string text) => new(int.Parse(text[..3]), text[4..]);

    private static void Client(SmtpConversation said, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        said.LogClient(bytes, 0, bytes.Length);
    }

    private static void Server(SmtpConversation said, string text, int size)
    {
        foreach (var piece in System.Text.Encoding.UTF8.GetBytes(text).Chunk(size))
        {
            said.LogServer(piece, 0, piece.Length);
        }
    }
}
