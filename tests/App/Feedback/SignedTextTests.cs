using LeadFunctions.Feedback;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What forms show and confirmations link to, signed by the keys of links.</summary>
public sealed class SignedTextTests
{
    private static readonly LinkKey Key = new(3, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), DateTimeOffset.UnixEpoch);
    private static readonly LinkKey Other = Key with { Number = 4, Secret = Enumerable.Range(1, 32).Select(i => (byte)i).ToArray() };

    [Fact]
    public void A_text_says_what_was_signed_for_its_purpose_by_its_key_and_nothing_else_is_one()
    {
        var text = SignedText.Write("confirm", "20260601.s1", Key);

        Assert.Equal((3, "20260601.s1"), (SignedText.KeyOf(text), SignedText.Read("confirm", text, Key)));
        Assert.Null(SignedText.Read("ticket", text, Key));
        Assert.Null(SignedText.Read("confirm", text, Other));
        Assert.Null(SignedText.Read("confirm", text, Other with { Number = 3 }));
        Assert.All(Enumerable.Range(0, text.Length), place => Assert.Null(SignedText.Read("confirm", text[..place] + (text[place] == 'x' ? 'y' : 'x') + text[(place + 1)..], Key)));
        Assert.All(new[] { "", ".", "a.b", "1.2.3.4.", text + "x", text.Replace('.', ' '), text.Replace(".3.", ".03.", StringComparison.Ordinal), $"x.{text}", new string('a', 300) + text }, other => Assert.Null(SignedText.Read("confirm", other, Key)));
    }

    [Fact]
    public void A_links_token_is_no_text_and_a_text_no_token()
    {
        var token = TokenCodec.Write(new LinkToken(LinkKind.Unsubscribe, "lead", "send", DateTimeOffset.UnixEpoch, "email"), Key);

        Assert.Null(SignedText.KeyOf(token));
        Assert.Equal(TokenFault.Forged, TokenCodec.Read(SignedText.Write("confirm", "20260601.s1", Key), new([Key]), DateTimeOffset.UnixEpoch).Fault);
    }
}
