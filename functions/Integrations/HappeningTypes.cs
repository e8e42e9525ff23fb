namespace LeadFunctions.Integrations;

/// <summary>The kinds of thing that the product tells the world, by the names that webhooks subscribe to. A name stays for ever; what it comes with only grows.</summary>
internal static class HappeningTypes
{
    public const string StageChanged = "StageChanged";
    public const string ScoreThresholdCrossed = "ScoreThresholdCrossed";
    public const string SegmentEntered = "SegmentEntered";
    public const string SegmentLeft = "SegmentLeft";
    public const string JourneyCompleted = "JourneyCompleted";
    public const string MessageSent = "MessageSent";
    public const string MessageClicked = "MessageClicked";
    public const string MessageBounced = "MessageBounced";
    public const string LeadMerged = "LeadMerged";
    public const string LeadErased = "LeadErased";
    public const string SlaMissed = "SlaMissed";
    public const string LeadReopened = "LeadReopened";
    public const string Neglected = "Neglected";

    /// <summary>Before the name, in an event's <c>type</c>.</summary>
    public const string Prefix = "LeadFunctions.";

    public static readonly IReadOnlyList<string> All =
    [
        StageChanged, ScoreThresholdCrossed, SegmentEntered, SegmentLeft, JourneyCompleted, MessageSent, MessageClicked, MessageBounced, LeadMerged, LeadErased, SlaMissed, LeadReopened,
        Neglected,
    ];
}
