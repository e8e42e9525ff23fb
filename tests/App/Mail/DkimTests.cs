using System.Security.Cryptography;
using LeadFunctions.Mail;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace LeadFunctions.Tests.Mail;

/// <summary>Signatures, verified by mailauth against keys that DNS would have.</summary>
public sealed class DkimTests
{
    [Fact]
    public async Task An_independent_verifier_passes_both_kinds_and_sees_each_change()
    {
        using var rsa = RSA.Create(2048);
        var edwards = new Ed25519KeyPairGenerator();
        edwards.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var pair = edwards.GenerateKeyPair();
        var keys = new Dictionary<string, string>
        {
            ["r1._domainkey.acme.example"] = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}",
            ["e1._domainkey.acme.example"] = $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(((Ed25519PublicKeyParameters)pair.Public).GetEncoded())}",
        };
        var edwardsPem = PemEncoding.WriteString("PRIVATE KEY", PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetDerEncoded());
        var mail = Mails.Of() with { Subject = "Zażółć " + new string('x', 300), Text = "Line  with blanks   \n\n.\n", Html = "<p>\t a</p>\n\n" };
        var international = mail with { To = "użytkownik@example.com" };
        byte[] signedByRsa = Signed(mail, "r1", rsa.ExportPkcs8PrivateKeyPem()), signedByEdwards = Signed(mail, "e1", edwardsPem.Replace("\n", "\\n", StringComparison.Ordinal));

        var read = await IndependentReader.ReadAsync(
            [
                signedByRsa, signedByEdwards, Signed(mail, "r1", rsa.ExportRSAPrivateKeyPem()), Signed(international, "e1", edwardsPem), Signed(mail, "r1", Convert.ToBase64String(rsa.ExportPkcs8PrivateKey())),
                Changed(signedByRsa, "blanks", "planks"), Changed(signedByRsa, "news@acme.example", "news@acne.example"), Changed(signedByEdwards, "One-Click", "No-Click"), Changed(signedByEdwards, "/e/u/token", "/e/u/other"),
            ],
            keys);

        Assert.All(read.Take(5), mail => Assert.Equal(("pass", "acme.example"), (Assert.Single(mail.Dkim).Result, mail.Dkim[0].Domain)));
        Assert.Equal(["rsa-sha256", "ed25519-sha256"], read.Take(2).Select(mail => mail.Dkim[0].Algorithm));
        Assert.All(read.Skip(5), mail => Assert.NotEqual("pass", mail.Dkim.Single().Result));
    }

    [Theory]
    [InlineData("", "", "", null)]
    [InlineData("acme.example", "", "x", "all three")]
    [InlineData("acme.example", "s1", "x", "no private key")]
    [InlineData("acme.example", "s1", "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----", "no private key")]
    public void Settings_that_sign_nothing_are_named(string domain, string selector, string key, string? fault)
    {
        var found = DkimSignature.FaultOf(new() { Domain = domain, Selector = selector, Key = key });

        Assert.Equal(fault is null, found is null);
        Assert.Contains(fault ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_other_kinds_or_too_short_are_named()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var old = RSA.Create(512);

        Assert.Contains("should be RSA or Ed25519", DkimSignature.FaultOf(new() { Domain = "a.example", Selector = "s", Key = curve.ExportPkcs8PrivateKeyPem() }), StringComparison.Ordinal);
        Assert.Contains("shorter", DkimSignature.FaultOf(new() { Domain = "a.example", Selector = "s", Key = old.ExportPkcs8PrivateKeyPem() }), StringComparison.Ordinal);
    }

    private static byte[] Signed(OutgoingMail mail, string selector, string key)
    {
        var message = Mails.Compose(mail);
        DkimSignature.Of(new() { Domain = "Acme.example", Selector = selector, Key = key })!.Sign(Composition.Format(message), message); // the settings are whole
        return Mails.Raw(message);
    }

    private static byte[] Changed(byte[] raw, string from, string to)
    {
        var text = System.Text.Encoding.Latin1.GetString(raw);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return System.Text.Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }
}
