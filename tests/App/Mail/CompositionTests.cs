using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Mail;

namespace LeadFunctions.Tests.Mail;

/// <summary>Mail as it goes over the wire, read by somebody else's reader.</summary>
public sealed class CompositionTests
{
    private static readonly string[] AllHeaders =
    [
        "Auto-Submitted", "Content-Type", "Date", "Feedback-ID", "From", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Message-ID", "Message-Id", "Reply-To", "Subject", "To",
    ];

    /// <summary>What people, traits and attackers put into texts.</summary>
    private static readonly string[] Pieces =
    [
        "a", "Hello ", "zażółć gęślą jaźń", "Привет", "日本語", "👩‍👩‍👧", "é", "\u0301", "\uD83D", "\r\n", "\n", "\r", "\0", "\t", " ", "  ", "\u2028", "\u0085", "\u200B", "\u202E",
        "\r\nBcc: eve@example.com\r\n", "\n\nbody", ".\r\n.\r\nQUIT\r\n", ".", "=?utf-8?q?x?=", "=3D", "=\r\n", "--=_", "<script>", "\"", "\\", ",", ";", ":", "<", ">", "@", "(", ")", "https://example.com/" + new string('x', 300), new string('w', 1200), new string('ż', 400),
    ];

    [Fact]
    public async Task An_independent_reader_finds_all_that_was_said()
    {
        var mail = Mails.Of() with
        {
            From = "Zażółć, sp. z o.o. <news@büro.example>",
            Subject = "Gęślą jaźń 👩‍👩‍👧 " + string.Concat(Enumerable.Repeat("and more ", 20)),
            UnsubscribeUrl = "https://app.example/e/u/" + new string('t', 600),
            UnsubscribeAddress = "leave@acme.example",
            Text = "Cześć Ann,\n\n.\n..\nFrom here on: 50 % off = good\n" + new string('ż', 1500),
            Html = "<p>Cześć <b>Ann</b></p>\n<p>" + new string('x', 3000) + "</p>",
        };

        var read = (await IndependentReader.ReadAsync([Mails.Raw(mail)]))[0];

        Assert.Equal(new("Zażółć, sp. z o.o.", "news@xn--bro-hoa.example"), read.From);
        Assert.Equal([new ReadAddress("", "ann@example.com")], read.To);
        Assert.Equal([new ReadAddress("Help", "help@acme.example")], read.ReplyTo);
        Assert.Equal(mail.Subject.TrimEnd(), read.Subject);
        Assert.Equal(Mails.Noon, DateTimeOffset.Parse(read.Date!)); // it has one
        Assert.Equal(mail.Text, read.Text!.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal(mail.Html, read.Html!.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal($"<{mail.UnsubscribeUrl}>, <mailto:leave@acme.example?subject=unsubscribe>", read.Headers["list-unsubscribe"]);
        Assert.Equal("List-Unsubscribe=One-Click", read.Headers["list-unsubscribe-post"]);
        Assert.Equal("<news.xn--bro-hoa.example>", read.Headers["list-id"]);
        Assert.Equal("spring:news:acme", read.Headers["feedback-id"]);
        Assert.DoesNotContain("auto-submitted", read.Headers.Keys);
    }

    [Fact]
    public async Task Whatever_a_text_holds_it_stays_where_it_belongs()
    {
        var chance = new Random(20260601);
        string Any() => string.Concat(Enumerable.Range(0, chance.Next(1, 8)).Select(_ => Pieces[chance.Next(Pieces.Length)]));
        var mails = Enumerable.Range(0, 150).Select(n => Mails.Of($"{Any()}/{n}") with
        {
            From = $"{Any()} <news@acme.example>",
            Subject = Any(),
            Text = Any(),
            Html = Any(),
            FeedbackId = Any(),
            ListId = Any(),
            UnsubscribeUrl = "https://app.example/" + Uri.EscapeDataString(HeaderText.Plain(Any(), 90)),
            ReplyTo = $"\"{Any()}\" <help@acme.example>",
        }).ToList();
        var raws = mails.ConvertAll(Mails.Raw);

        Assert.All(raws, raw => Assert.All(Mails.HeaderNames(raw), name => Assert.Contains(name, AllHeaders)));
        Assert.All(raws, raw => Assert.Equal(Mails.HeaderNames(raw).Count, Mails.HeaderNames(raw).Distinct(StringComparer.OrdinalIgnoreCase).Count()));
        Assert.All(raws, raw => Assert.True(Ascii.IsValid(raw)));
        Assert.All(raws, raw => Assert.All(Mails.Lines(raw), line => Assert.True(line.Length <= 998 && !line.Contains('\r', StringComparison.Ordinal) && !line.Contains('\n', StringComparison.Ordinal))));
        Assert.All(raws, raw => Assert.All(Mails.Lines(raw).SkipWhile(line => line.Length > 0), line => Assert.True(line.Length <= 76)));
        var read = await IndependentReader.ReadAsync(raws);
        foreach (var (mail, seen) in mails.Zip(read))
        {
            Assert.Equal(Seen(HeaderText.Plain(mail.Subject)), Seen(seen.Subject ?? ""));
            Assert.Equal("news@acme.example", seen.From!.Address); // it has one
            Assert.Equal("help@acme.example", Assert.Single(seen.ReplyTo).Address);
            Assert.Equal("ann@example.com", Assert.Single(seen.To).Address);
            Assert.Equal(Body(mail.Text), Body(seen.Text ?? ""));
            Assert.Equal(Body(mail.Html), Body(seen.Html ?? ""));
        }

        // A reader may fold blanks, and joins what stood encoded side by side.
        static string Seen(string text) => text.Replace(" ", "", StringComparison.Ordinal);
        static string Body(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))).TrimEnd('\n');
    }

    [Fact]
    public void A_header_text_is_one_line_of_whole_characters() => Prop.ForAll<string>(text =>
    {
        var plain = HeaderText.Plain(text ?? "");
        return !plain.Any(char.IsControl) && plain.Length <= 902 && HeaderText.Plain(plain) == plain && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(plain)) == plain;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_mail_is_the_same_to_the_byte_and_has_an_id_of_its_own()
    {
        Assert.Equal(Mails.Raw(Mails.Of()), Mails.Raw(Mails.Of()));
        var ids = new[] { "run/step/0", "run/step/1", "RUN/step/0", "run/step/0 ", new string('x', 600), "żółć\r\n>" }.Select(id => Mails.Compose(Mails.Of(id)).MessageId).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{40}@acme\\.example$", id));
    }

    [Theory]
    [InlineData("https://app.example/e/u/t", "news", "<https://app.example/e/u/t>", true, "<news.acme.example>", false)]
    [InlineData("http://localhost:7071/e/u/t", "news", "<http://localhost:7071/e/u/t>", true, "<news.acme.example>", false)]
    [InlineData("http://app.example/e/u/t", "news", "<http://app.example/e/u/t>", false, "<news.acme.example>", false)]
    [InlineData("javascript:alert(1)", "News", null, false, "<news.acme.example>", false)]
    [InlineData("https://app.example/a b>\r\nX: y", "Ново", "<https://app.example/a%20b%3E%0D%0AX:%20y>", true, "<52beacf7.acme.example>", false)]
    [InlineData("https://żaba.example/ł", "news", "<https://xn--aba-22a.example/%C5%82>", true, "<news.acme.example>", false)]
    [InlineData(null, null, null, false, null, true)]
    public void Programs_are_told_what_a_mail_is_part_of_and_how_to_leave(string? url, string? list, string? unsubscribe, bool isOneClick, string? listId, bool isAutomatic)
    {
        var headers = Mails.Compose(Mails.Of() with { UnsubscribeUrl = url, ListId = list, FeedbackId = null }).Headers;

        Assert.Equal(unsubscribe, headers["List-Unsubscribe"]);
        Assert.Equal(isOneClick ? "List-Unsubscribe=One-Click" : null, headers["List-Unsubscribe-Post"]);
        Assert.Equal(listId, headers["List-Id"]);
        Assert.Equal(isAutomatic ? "auto-generated" : null, headers["Auto-Submitted"]);
        Assert.Null(headers["Feedback-ID"]);
    }

    [Theory]
    [InlineData("news@acme.example", "", "news@acme.example")]
    [InlineData("Acme <news@acme.example>", "Acme", "news@acme.example")]
    [InlineData("Acme, Inc. <news@acme.example>", "Acme, Inc.", "news@acme.example")]
    [InlineData("\"Acme \\\"A\\\" Inc.\" <news@ACME.example>", "Acme \"A\" Inc.", "news@acme.example")]
    [InlineData("Żaba <zaba@żaba.example>", "Żaba", "zaba@xn--aba-22a.example")]
    [InlineData("<news@acme.example>", "", "news@acme.example")]
    [InlineData("用户@例子.example", "", "用户@xn--fsqu00a.example")]
    [InlineData("a <b> <news@acme.example>", "a <b>", "news@acme.example")]
    public void A_sender_is_read_as_people_write_it(string text, string name, string address)
    {
        var found = MailAddresses.Find(text)!; // it is one

        Assert.Equal((name, address), (found.Name, found.Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("news@")]
    [InlineData("@acme.example")]
    [InlineData("Acme <news@acme.example")]
    [InlineData("news@acme.example, other@acme.example")]
    [InlineData("Acme <news@acme.example> x")]
    [InlineData("news@[127.0.0.1]")]
    [InlineData("news@acme.example(comment)")]
    [InlineData("a b@acme.example")]
    [InlineData("a,b@acme.example")]
    [InlineData("<a@b.example>@acme.example")]
    public void What_is_no_sender_is_refused(string text)
    {
        Assert.Null(MailAddresses.Find(text));
        Assert.Equal((null, false), (Composition.Of(Mails.Of() with { From = text }).Message, Composition.Of(Mails.Of() with { From = text }).Refusal!.IsAddress)); // it is refused
        Assert.True(Composition.Of(Mails.Of(to: text)).Refusal!.IsAddress); // likewise
    }

    [Fact]
    public async Task An_address_beyond_ascii_stands_as_it_is()
    {
        var mail = Mails.Of(to: "użytkownik@żaba.example") with { Subject = "Zażółć" };
        var raw = Mails.Raw(mail);

        Assert.Equal("użytkownik@xn--aba-22a.example", Assert.Single((await IndependentReader.ReadAsync([raw]))[0].To).Address);
        Assert.Contains("Subject: Zażółć", Mails.Lines(raw));
        Assert.Contains("To: użytkownik@xn--aba-22a.example", Mails.Lines(raw));
    }
}
