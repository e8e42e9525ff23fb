namespace LeadFunctions.Feedback;

internal enum ReportKind
{
    /// <summary>The receiving server took it.</summary>
    Delivered,

    /// <summary>Nobody can be reached there.</summary>
    HardBounce,

    /// <summary>Not now, or not this: it may work another time.</summary>
    SoftBounce,

    /// <summary>The reader called it spam.</summary>
    Complaint,

    /// <summary>The reader unsubscribed at the carrier's.</summary>
    Unsubscribe,

    /// <summary>The reader opened it, as the carrier counts.</summary>
    Open,

    /// <summary>Likewise clicked.</summary>
    Click,
}

/// <summary>What whoever carries mail tells of one message.</summary>
/// <param name="Id">Names the report: the same when it is told again.</param>
/// <param name="Address">Of the reader.</param>
/// <param name="References">By which the message may be known: our own reference, its Message-ID, the carrier's id. The first that leads somewhere counts.</param>
/// <param name="Code">Of the receiving server, as 550 or 5.1.1.</param>
/// <param name="Agent">Of an open or a click: the user agent.</param>
/// <param name="Url">Of a click.</param>
internal sealed record DeliveryReport(
    string Id, ReportKind Kind, string? Address, IReadOnlyList<string> References, DateTimeOffset At, string? Code = null, string? Reason = null, string? Agent = null, string? Url = null)
{
    /// <summary>What a carrier gives back with each report, where it was told: the send's reference (<see cref="SendLinks.HashOf"/>).</summary>
    public const string Argument = "lf-send";
}
