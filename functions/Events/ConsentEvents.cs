namespace LeadFunctions.Events;

/// <summary>The events whose properties are a person's answers, by topic: <c>{ "tracking": true, "marketing": false }</c>.</summary>
internal static class ConsentEvents
{
    public const string Changed = "Consent Changed";

    /// <summary>The topic that decides whether events are stored at all.</summary>
    public const string Tracking = "tracking";

    // What Segment's consent wrappers send when somebody has used the banner.
    private static readonly string[] Names = [Changed, "Segment Consent Preference Updated", "Segment Consent Preference"];

    public static bool Include(EventType type, string? name) => type == EventType.Track && Array.Exists(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
