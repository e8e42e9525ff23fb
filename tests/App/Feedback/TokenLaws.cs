using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Feedback;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What a link's token says is what was signed, and nothing else is ever read from one.</summary>
public sealed class TokenLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(2026, 29).WithMaxTest(200);

    internal static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    internal static readonly LinkKey Key = new(7, Enumerable.Range(0, LinkKey.SecretBytes).Select(i => (byte)(i * 7)).ToArray(), Now.AddDays(-30));

    private static readonly Keyring Ring = new([new(6, new byte[LinkKey.SecretBytes], Now.AddDays(-120)), Key]);

    private static readonly Gen<string> Text = Gen.Elements("welcome~", "/", "step 1", "ünï", "\u0001", "~", "0", "https://shop.example/a?b=c&utm_source=mail", "\n", "x").ArrayOf().Select(string.Concat);

    private static readonly Gen<LinkToken> Tokens =
        from kind in Gen.Elements(Enum.GetValues<LinkKind>())
        from lead in Gen.Elements(Identity.User("ann").Hash(), Identity.Email("bob@example.com").Hash(), "another", "zzzzzzzzzzzzzzzzzzzzzzzzzz")
        from before in Text
        from after in Text
        from isNamed in Gen.Elements(true, false)
        from topic in Gen.Elements(null, "news", "news.weekly")
        from channel in Gen.Elements("email", "sms", "webpush")
        from seconds in Gen.Choose(0, 100_000_000)
        from link in Gen.Choose(0, 400)
        from url in Gen.Elements(null, "https://shop.example/", "https://shop.example/offers/spring?" + string.Concat(Enumerable.Repeat("utm_campaign=spring-sale&", 12)))
        select new LinkToken(kind, lead, $"{before}{(isNamed ? lead : "")}{after}/{seconds}", DateTimeOffset.UnixEpoch.AddSeconds(seconds), channel, topic, link, link + 3, url);

    [Fact]
    public void A_token_says_what_was_signed() => Prop.ForAll(Tokens.ToArbitrary(), token =>
    {
        var text = TokenCodec.Write(token, Key);

        Assert.Equal(new TokenReading(token, TokenFault.None), TokenCodec.Read(text, Ring, Now));
        Assert.Matches("^[A-Za-z0-9_-]+$", text);
    }).Check(Fixed);

    [Fact]
    public void Any_character_that_is_changed_taken_away_or_added_makes_it_none() => Prop.ForAll(Tokens.ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (token, place) =>
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var text = TokenCodec.Write(token, Key);
        var at = place % text.Length;

        foreach (var other in alphabet.Where(c => c != text[at]))
        {
            Assert.Null(TokenCodec.Read(string.Concat(text.AsSpan(0, at), $"{other}", text.AsSpan(at + 1)), Ring, Now).Token);
        }

        Assert.Null(TokenCodec.Read(text.Remove(at, 1), Ring, Now).Token);
        Assert.Null(TokenCodec.Read(text.Insert(at, "A"), Ring, Now).Token);
        Assert.Null(TokenCodec.Read(text + "A", Ring, Now).Token);
        Assert.Null(TokenCodec.Read(text + "=", Ring, Now).Token);
    }).Check(Fixed.WithMaxTest(60));

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not a token")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AQcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_none_is_refused(string text) => Assert.Equal(TokenFault.Forged, TokenCodec.Read(text, Ring, Now).Fault);

    /// <summary>Mails lie in mailboxes for years: whoever changes the format must go on reading this one.</summary>
    [Fact]
    public void A_link_that_went_out_with_the_first_format_is_read_for_ever()
    {
        var lead = Identity.Email("ann@example.com").Hash();
        var token = new LinkToken(LinkKind.Click, lead, $"welcome~{lead}~1/offer/1", Now, "email", "news", 2, 5, "https://shop.example/offers?from=mail");

        Assert.Equal(GoldenToken, TokenCodec.Write(token, Key));
        Assert.Equal(token, TokenCodec.Read(GoldenToken, Ring, Now).Token);
        Assert.InRange(GoldenToken.Length, 1, 180);
    }

    private const string GoldenToken = "AQdCzGjZHIEfRhXMKFkffhTfVsDUkM0GAgUTd2VsY29tZX4BfjEvb2ZmZXIvMQAEbmV3cyVodHRwczovL3Nob3AuZXhhbXBsZS9vZmZlcnM_ZnJvbT1tYWlsQy9wvU_xLc_ogCloeUYGkw";

    [Fact]
    public void It_holds_neither_the_leads_address_nor_its_id_in_letters()
    {
        var token = TokenCodec.Write(new(LinkKind.Open, Identity.Email("ann@example.com").Hash(), $"welcome~{Identity.Email("ann@example.com").Hash()}/1", Now, "email"), Key);

        var bytes = System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token));
        Assert.DoesNotContain("ann", bytes, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Identity.Email("ann@example.com").Hash(), bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_signs_for_ninety_days_and_verifies_for_two_years_more()
    {
        var token = TokenCodec.Write(new(LinkKind.Unsubscribe, Identity.User("ann").Hash(), "s", Now, "email"), Key);

        Assert.False(new Keyring([Key]).IsDue(Key.MadeAt.AddDays(89)));
        Assert.True(new Keyring([Key]).IsDue(Key.MadeAt.AddDays(90)));
        Assert.True(new Keyring([]).IsDue(Now));
        Assert.NotNull(TokenCodec.Read(token, Ring, Key.MadeAt.AddDays(90 + 729)).Token);
        Assert.Equal(TokenFault.Expired, TokenCodec.Read(token, Ring, Key.MadeAt.AddDays(90 + 730)).Fault);
        Assert.Equal(TokenFault.UnknownKey, TokenCodec.Read(token, new([Ring.Keys[0]]), Now).Fault);
        Assert.Equal(TokenFault.Forged, TokenCodec.Read(token, new([Key with { Secret = new byte[LinkKey.SecretBytes] }]), Now).Fault);
    }
}
