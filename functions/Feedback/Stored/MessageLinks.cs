using LeadFunctions.Platform;

namespace LeadFunctions.Feedback.Stored;

/// <summary>Makes the links of messages: for whoever sends them.</summary>
public sealed class MessageLinks(FeedbackKeys keys, SiteOptions site)
{
    /// <summary>Reads storage once in 90 days, and when an instance begins.</summary>
    public async ValueTask<SendLinks> ForAsync(SendContext send, CancellationToken cancellationToken) => new(send, site.Base, await keys.SigningAsync(cancellationToken));
}
