namespace LeadFunctions.Push.Delivery;

/// <summary>Settings under <c>LeadFunctions:Push</c>: who tells browsers something, to their push services (VAPID, RFC 8292). Without the keys there is no channel <c>webpush</c>.</summary>
public sealed class PushOptions
{
    /// <summary>P-256, uncompressed, base64url: 65 bytes. Browsers that subscribed under another cannot be reached any more.</summary>
    public string PublicKey { get; set; } = "";

    /// <summary>Its private part, base64url: 32 bytes.</summary>
    public string PrivateKey { get; set; } = "";

    /// <summary>Whom a push service may write to: <c>mailto:you@shop.example</c> or an address that begins with https.</summary>
    public string Subject { get; set; } = "";

    internal bool AreSet => PublicKey.Length > 0;
}
