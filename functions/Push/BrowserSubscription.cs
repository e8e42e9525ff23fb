using System.Buffers.Text;

namespace LeadFunctions.Push;

/// <summary>Where one browser of a lead is reached, as its push service made it up. Whoever knows it can send to it: people who work here are not shown it.</summary>
/// <param name="Endpoint">The push service's address for it.</param>
/// <param name="Key">The browser's public key (P-256, base64url).</param>
/// <param name="Secret">What authenticates messages to it (16 bytes, base64url).</param>
internal sealed record BrowserSubscription(Uri Endpoint, string Key, string Secret)
{
    private const int LongestEndpoint = 1_000;
    private const int KeyBytes = 65;
    private const int SecretBytes = 16;

    // The push services of the browsers that there are. A page says where to send to: it must not be able to name anybody else.
    private static readonly string[] Services = ["fcm.googleapis.com", "jmt17.google.com", ".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com"];

    /// <summary>Null for what is none, or not one of a known push service.</summary>
    public static BrowserSubscription? Of(string? endpoint, string? key, string? secret) =>
        endpoint is { Length: <= LongestEndpoint } && Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && IsService(address)
        && IsOf(key, KeyBytes) && IsOf(secret, SecretBytes) ? new(address, key!, secret!) : null; // just seen

    private static bool IsService(Uri address) => address is { Scheme: "https", IsDefaultPort: true, UserInfo.Length: 0, HostNameType: UriHostNameType.Dns }
        && Services.Any(service => service[0] == '.' ? address.IdnHost.EndsWith(service, StringComparison.OrdinalIgnoreCase) : address.IdnHost.Equals(service, StringComparison.OrdinalIgnoreCase));

    private static bool IsOf(string? text, int bytes) => text is { Length: > 0 and < 200 } && Base64Url.IsValid(text, out var length) && length == bytes;
}
