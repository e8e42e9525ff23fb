using StandardWebhooks;

namespace LeadFunctions.Integrations;

/// <summary>What a delivery is signed with, after Standard Webhooks: <c>whsec_</c> and the Base64 of a key.</summary>
/// <param name="Before">The one that was rotated out, which signs too for a while, so that receivers can change over without losing anything.</param>
/// <param name="BeforeUntil">How long.</param>
/// <param name="Earlier">Those that were rotated out before that one, and have their while still: whoever rotates again, since the first answer was lost, cuts nobody off.</param>
internal sealed record WebhookSecret(string Current, string? Before = null, DateTimeOffset? BeforeUntil = null, IReadOnlyList<FormerSecret>? Earlier = null)
{
    /// <summary>A header has room for so many signatures; then the oldest goes.</summary>
    private const int MostEarlier = 8;

    public const string Prefix = "whsec_";

    /// <summary>Bytes of a key: as long as the hash that it is for.</summary>
    public const int KeyLength = 32;

    private static readonly TimeSpan ChangeOver = TimeSpan.FromHours(24);

    public WebhookSecret Rotated(string next, DateTimeOffset now) => new(
        next, Current, now + ChangeOver,
        Former.Where(former => now < former.Until).Take(MostEarlier).ToList() is [_, ..] earlier ? earlier : null);

    /// <summary>The header <c>webhook-signature</c>: a signature with each secret that counts, the newest first.</summary>
    /// <param name="sentAt">By a real clock: receivers refuse what is minutes old.</param>
    public string Sign(string id, DateTimeOffset sentAt, string body, DateTimeOffset now) => string.Join(
        ' ', Former.Where(former => now < former.Until).Select(former => former.Secret).Prepend(Current).Select(secret => new StandardWebhook(secret).Sign(id, sentAt, body)));

    // Newest first.
    private IEnumerable<FormerSecret> Former => (Before is { } before && BeforeUntil is { } until ? [new(before, until)] : Enumerable.Empty<FormerSecret>()).Concat(Earlier ?? []);
}

/// <param name="Until">How long it signs too.</param>
internal sealed record FormerSecret(string Secret, DateTimeOffset Until);
