using LeadFunctions.Feedback;
using LeadFunctions.Forms;
using LeadFunctions.Forms.Api;
using static LeadFunctions.Tests.Forms.FormSamples;

namespace LeadFunctions.Tests.Forms;

public sealed class SpamTests
{
    private static readonly LinkKey Key = new(7, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), Monday);

    [Theory]
    [InlineData("", false)]
    [InlineData("http://a.example", false)]
    [InlineData("see https://www.a.example and www.b.example", false)] // two: https://www. is one
    [InlineData("https://a.example https://b.example www.c.example", true)]
    [InlineData("<a href=\"http://a.example\">x</a> http://b.example", true)]
    [InlineData("HTTP://A.EXAMPLE HTTPS://B.EXAMPLE [URL=C]", true)]
    public void More_links_than_people_send_are_spam(string text, bool isSpam)
    {
        var form = Of("""{"type":"text","name":"a","label":"A","multiline":true}""", "\"maxLinks\":2").Document;

        Assert.Equal(isSpam ? SpamReason.Links : (SpamReason?)null, Spam.Find(form, Sent(("a", text)), null, Monday));
    }

    [Fact]
    public void Links_are_counted_over_all_answers_and_nowhere_else()
    {
        var form = Of("""{"type":"text","name":"a","label":"A"},{"type":"text","name":"b","label":"B"}""", "\"maxLinks\":1").Document;

        Assert.Equal(SpamReason.Links, Spam.Find(form, Sent(("a", "http://x"), ("b", "http://y")), null, Monday));
        Assert.Null(Spam.Find(form, Sent(("a", "http://x"), ("_page", "http://y"), ("other", "http://z")), null, Monday));
    }

    [Fact]
    public void Whoever_fills_in_what_no_person_sees_is_a_robot()
    {
        var form = Of("""{"type":"text","name":"a","label":"A"}""", "\"honeypot\":\"website\"").Document;

        Assert.Equal(SpamReason.Honeypot, Spam.Find(form, Sent(("website", "x")), null, Monday));
        Assert.Null(Spam.Find(form, Sent(("website", "")), null, Monday));
    }

    [Fact]
    public void Whoever_is_too_quick_or_cannot_say_since_when_is_a_robot()
    {
        var form = Of("""{"type":"text","name":"a","label":"A"}""", "\"minimumSeconds\":3").Document;

        Assert.Equal(SpamReason.Time, At(null));
        Assert.Equal(SpamReason.Time, At(TimeSpan.FromSeconds(2.9)));
        Assert.Null(At(TimeSpan.FromSeconds(3)));
        Assert.Null(At(TimeSpan.FromDays(7)));
        Assert.Null(At(TimeSpan.FromDays(40))); // a page that somebody kept open
        Assert.Null(Spam.Find(Of("""{"type":"text","name":"a","label":"A"}""").Document, Sent(), null, Monday)); // nothing is asked of anybody

        SpamReason? At(TimeSpan? after) => Spam.Find(form, Sent(), after is { } time ? new FormTicket(1, Monday, "n", 1) : null, Monday + (after ?? default));
    }

    [Fact]
    public void A_ticket_is_read_as_it_was_signed_and_for_its_form_alone()
    {
        var ticket = new FormTicket(3, Monday, "a-_1", 0b1011);
        var text = SignedText.Write(FormTicket.PurposeOf("f"), ticket.Said, Key);

        Assert.Equal(ticket, FormTicket.Of(SignedText.Read(FormTicket.PurposeOf("f"), text, Key)));
        Assert.Null(FormTicket.Of(SignedText.Read(FormTicket.PurposeOf("g"), text, Key)));
        Assert.Null(SignedText.Read(ConfirmToken.Purpose, text, Key));
    }

    [Fact]
    public void A_confirmation_is_read_as_it_was_signed()
    {
        var token = new ConfirmToken("20260601", "s1");

        Assert.Equal(token, ConfirmToken.Of(SignedText.Read(ConfirmToken.Purpose, SignedText.Write(ConfirmToken.Purpose, token.Said, Key), Key)));
        Assert.Null(ConfirmToken.Of(null));
    }

    [Fact]
    public void One_address_sends_so_often_then_is_kept_apart_then_refused_and_others_are_not_slowed_by_it()
    {
        var rates = new FormRates();
        var rate = Of("""{"type":"text","name":"a","label":"A"}""", "\"rate\":{\"max\":2,\"per\":\"10m\"}").Document.Rate;
        var now = TimeSpan.FromHours(5);

        var paces = Enumerable.Range(0, 25).Select(_ => rates.Take("f", "ann", rate, now, out var _)).ToList();

        Assert.Equal([.. Enumerable.Repeat(FormPace.Usual, 2), .. Enumerable.Repeat(FormPace.TooQuick, 20), .. Enumerable.Repeat(FormPace.Flood, 3)], paces);
        Assert.Equal(FormPace.Usual, rates.Take("f", "bob", rate, now, out _));
        Assert.Equal(FormPace.Usual, rates.Take("g", "ann", rate, now, out _));
        Assert.Equal(FormPace.Flood, rates.Take("f", "ann", rate, now, out var retryAfter));
        Assert.Equal(300, retryAfter);
        Assert.Equal(FormPace.Usual, rates.Take("f", "ann", rate, now + TimeSpan.FromMinutes(5), out _));
    }
}
