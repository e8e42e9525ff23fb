using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Push.Delivery;

/// <summary>All three or none; and keys that belong together, since push services would say so only once somebody is to be told something.</summary>
internal sealed class PushOptionsCheck : IValidateOptions<PushOptions>
{
    private const int Half = 32;

    public ValidateOptionsResult Validate(string? name, PushOptions options) =>
        options is { PublicKey: "", PrivateKey: "", Subject: "" } ? ValidateOptionsResult.Success
        : !(options.Subject.StartsWith("mailto:", StringComparison.Ordinal) || options.Subject.StartsWith("https://", StringComparison.Ordinal))
            ? ValidateOptionsResult.Fail("LeadFunctions__Push__Subject says whom a push service may write to: mailto:you@shop.example, or an address that begins with https.")
        : !AreOneKey(options) ? ValidateOptionsResult.Fail("LeadFunctions__Push__PublicKey and LeadFunctions__Push__PrivateKey are no pair of VAPID keys: base64url of 65 and 32 bytes of P-256, as `npx web-push generate-vapid-keys` makes them.")
        : ValidateOptionsResult.Success;

    private static bool AreOneKey(PushOptions options)
    {
        if (!Base64Url.IsValid(options.PublicKey, out var length) || length != (2 * Half) + 1 || !Base64Url.IsValid(options.PrivateKey, out length) || length != Half)
        {
            return false;
        }

        var point = Base64Url.DecodeFromChars(options.PublicKey);
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(options.PrivateKey), Q = new() { X = point[1..(Half + 1)], Y = point[(Half + 1)..] } });
            byte[] text = [1];
            using var reader = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point[1..(Half + 1)], Y = point[(Half + 1)..] } });
            return point[0] == 4 && reader.VerifyData(text, key.SignData(text, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
