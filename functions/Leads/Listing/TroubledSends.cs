namespace LeadFunctions.Leads.Listing;

/// <summary>Messages that somebody may have to look after. In queries and answers by these names.</summary>
internal enum TroubledSends
{
    /// <summary>They wait to go out, or are tried again.</summary>
    Held,

    /// <summary>They were given up in the last <see cref="TroubledSendsRule.Days"/> days.</summary>
    Failed,
}

/// <summary>Whom the counts and the lists behind them mean, alike.</summary>
internal static class TroubledSendsRule
{
    /// <summary>What failed longer ago somebody has seen, or nobody will.</summary>
    public const int Days = 7;

    public static bool Concerns(this TroubledSends sends, in ListingSlot slot, long asOf) =>
        sends == TroubledSends.Held ? slot.Held > 0 : slot.FailedAt > asOf - (Days * 24L * 60 * 60 * 1000);
}
