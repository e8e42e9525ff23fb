namespace LeadFunctions.Events;

/// <summary>The events whose properties are a person's answers, by topic: <c>{ "tracking": true, "marketing": false }</c>.</summary>
internal static class ConsentEvents
{
    public const string Changed = "Consent Changed";

    /// <summary>The topic that decides whether events are stored at all.</summary>
    public const string Tracking = "tracking";

    /// <summary>Snowplow's, which says by its <c>eventType</c> what was decided.</summary>
    public const string Preferences = "consent_preferences";

    // What banners, preference centres and mail providers call it when somebody has answered; letters only.
    private static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "consentchanged", "consentchange", "consentupdated", "consentupdate", "consentsaved", "consentset", "consentsubmitted", "consentpreferences", "consentpreferenceupdated", "consentpreferencesupdated",
        "consentpreferencechanged", "consentpreferenceschanged", "cookieconsentchanged", "cookieconsentupdated", "marketingconsentchanged", "marketingconsentupdated", "segmentconsentpreference", "segmentconsentpreferenceupdated",
        "consentgiven", "consentgranted", "consentaccepted", "consentdenied", "consentdeclined", "consentrejected", "consentrefused", "consentrevoked", "consentwithdrawn",
        "unsubscribe", "unsubscribed", "emailunsubscribed", "emailunsubscribe", "marketingunsubscribed", "optout", "optedout", "emailoptout", "emailoptedout", "smsoptout", "smsoptedout", "marketingoptout", "marketingoptedout",
    };

    public static bool Include(EventType type, string? name) => type == EventType.Track && name is { Length: <= 60 } && Names.Contains(Letters(name));

    public static bool ArePreferences(string name) => Letters(name) == Letters(Preferences);

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
