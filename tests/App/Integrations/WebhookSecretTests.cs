using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Integrations;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Signatures, against the specification written down once more and against the library that receivers use.</summary>
public sealed class WebhookSecretTests
{
    private const string Body = """{"data":{"name":"Zo\u00EB"},"id":"x"}""";

    private static readonly string Old = SecretOf(1);
    private static readonly string New = SecretOf(2);

    [Fact]
    public void A_signature_is_the_hmac_of_id_time_and_body_under_the_bytes_of_the_secret()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var key = Convert.FromBase64String(Old["whsec_".Length..]);
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"lead-1-ff.1700000000.{Body}")));

        Assert.Equal(expected, new WebhookSecret(Old).Sign("lead-1-ff", at, Body, at));
    }

    [Fact]
    public async Task Both_secrets_sign_for_a_day_after_a_rotation_and_then_the_new_one_alone()
    {
        var now = DateTimeOffset.UtcNow;
        var secret = new WebhookSecret(Old).Rotated(New, now);
        Received Signed(DateTimeOffset then) => new("/", "id-1", $"{now.ToUnixTimeSeconds()}", secret.Sign("id-1", now, Body, then), "", Body);
        var (within, after) = (Signed(now.AddHours(23)), Signed(now.AddHours(24)));

        Assert.Equal([true, false], await IndependentVerifier.VerdictsAsync(Old, within, after));
        Assert.Equal([true, true], await IndependentVerifier.VerdictsAsync(New, within, after));
        Assert.Equal([false, false], await IndependentVerifier.VerdictsAsync(SecretOf(3), within, after));
    }

    [Fact]
    public async Task Each_secret_signs_for_the_day_that_it_was_promised_however_often_they_are_rotated()
    {
        var now = DateTimeOffset.UtcNow;
        var secret = new WebhookSecret(Old).Rotated(SecretOf(3), now).Rotated(SecretOf(4), now.AddHours(1)).Rotated(New, now.AddHours(2));
        Received Signed(DateTimeOffset then) => new("/", "id-1", $"{now.ToUnixTimeSeconds()}", secret.Sign("id-1", now, Body, then), "", Body);
        var (within, after) = (Signed(now.AddHours(23.5)), Signed(now.AddHours(24.5)));

        Assert.Equal([true, false], await IndependentVerifier.VerdictsAsync(Old, within, after));
        Assert.Equal([true, true], await IndependentVerifier.VerdictsAsync(SecretOf(3), within, after));
        Assert.Equal([true, true], await IndependentVerifier.VerdictsAsync(New, within, after));
        Assert.All(Enumerable.Range(0, 50), _ => secret = secret.Rotated(Old, now));
        Assert.InRange(secret.Sign("id-1", now, Body, now).Split(' ').Length, 2, 10);
    }

    private static string SecretOf(byte filling) => WebhookSecret.Prefix + Convert.ToBase64String(Enumerable.Repeat(filling, WebhookSecret.KeyLength).ToArray());
}
