using System.Text;
using LeadFunctions.Messaging;
using NodaTime;

namespace LeadFunctions.Tests.Messaging;

public sealed class MessagingDocumentTests
{
    [Theory]
    [InlineData("[]", "$")]
    [InlineData("""{"consents":"required"}""", "$.consents")]
    [InlineData("""{"consent":"yes"}""", "$.consent")]
    [InlineData("""{"caps":[{"max":0,"per":"1d"}]}""", "$.caps[0].max")]
    [InlineData("""{"caps":[{"max":1.5,"per":"1d"}]}""", "$.caps[0].max")]
    [InlineData("""{"caps":[{"max":1}]}""", "$.caps[0].per")]
    [InlineData("""{"caps":[{"max":1,"per":"1d","over":"drop"}]}""", "$.caps[0].over")]
    [InlineData("""{"quietHours":{"from":"21:00","to":"21:00"}}""", "$.quietHours.to")]
    [InlineData("""{"window":{"from":"9","to":"17:00"}}""", "$.window.from")]
    [InlineData("""{"quietHours":{"from":"20:00","to":"09:00"},"window":{"from":"21:00","to":"09:00"}}""", "$.window")]
    [InlineData("""{"quietHours":{"from":"20:00","to":"09:00"},"window":{"from":"07:00","to":"08:00","days":["sat","sun"]}}""", "$.window")]
    [InlineData("""{"late":"soon"}""", "$.late")]
    [InlineData("""{"gather":"0"}""", "$.gather")]
    [InlineData("""{"from":"Shop"}""", "$.from")]
    [InlineData("""{"from":"Shop <a@example.com>\r\nBcc: b@example.com"}""", "$.from")]
    [InlineData("""{"from":"Shop <hello@[127.0.0.1]>"}""", "$.from")]
    [InlineData("""{"replyTo":"a@example.com, b@example.com"}""", "$.replyTo")]
    [InlineData("""{"rate":0}""", "$.rate")]
    [InlineData("""{"warmUp":{"from":"soon","start":50,"max":1000}}""", "$.warmUp.from")]
    [InlineData("""{"providers":["email"]}""", "$.providers")]
    [InlineData("""{"providers":{"sms":{"rate":0}}}""", "$.providers.sms.rate")]
    [InlineData("""{"providers":{"sms":{"speed":1}}}""", "$.providers.sms.speed")]
    [InlineData("""{"providers":{"sms":{"warmUp":{"start":1,"max":2}}}}""", "$.providers.sms.warmUp.from")]
    [InlineData("""{"providers":{"":{"rate":1}}}""", "$.providers['']")]
    [InlineData("""{"unknown":"perhaps"}""", "$.unknown")]
    public void What_is_wrong_is_named(string setting, string path) => Assert.Contains(path, MessagingDocument.Parse(Encoding.UTF8.GetBytes(setting)).Errors.Select(error => error.Path));

    [Fact]
    public void All_of_it_is_read()
    {
        var (rules, errors) = MessagingDocument.Parse(Encoding.UTF8.GetBytes("""
            {"consent":"notRefused","softOptIn":true,"caps":[{"channel":"email","max":3,"per":"7d","over":"wait"},{"max":1,"per":"1d"}],"quietHours":{"from":"21:00","to":"08:00"},
             "window":{"from":"09:00","to":"17:00","days":["mon"]},"late":"3d","gather":"0s","unknown":"sendAgain","from":"Shop <hello@example.com>","replyTo":"sales@example.com","rate":14,
             "warmUp":{"from":"2026-06-01","start":50,"growth":2,"max":300}}
            """));

        Assert.Empty(errors);
        Assert.False(rules!.NeedsConsent);
        Assert.Equal([("email", 3, true), (null, 1, false)], rules.Caps.Select(cap => (cap.Channel, cap.Max, cap.Waits)));
        Assert.Equal((WhenUnknown.SendAgain, TimeSpan.Zero, 14), (rules.Unknown, rules.Gather, rules.Rate));
        Assert.Equal([50, 100, 200, null, 50], new[] { 1, 2, 3, 4, -5 }.Select(day => rules.WarmUp!.CeilingOn(new LocalDate(2026, 6, 1).PlusDays(day - 1))));
    }

    /// <summary>What was saved before goes on; each mail says what is amiss.</summary>
    [Fact]
    public void A_sender_is_read_as_mail_is_written_and_a_stored_one_stops_nothing()
    {
        Assert.Empty(MessagingDocument.Parse("""{"from":"Acme, Inc. <news@acme.example>","replyTo":"sales@acme.example"}"""u8.ToArray()).Errors);

        var (rules, errors) = MessagingDocument.Parse("""{"from":"Shop <hello@[127.0.0.1]>"}"""u8.ToArray());
        Assert.Equal(("$.from", "Shop <hello@[127.0.0.1]>"), (Assert.Single(errors).Path, rules?.From));
    }

    [Fact]
    public void Nothing_said_means_that_people_must_have_agreed() => Assert.True(MessagingDocument.Parse("{}"u8.ToArray()).Rules!.NeedsConsent);
}
