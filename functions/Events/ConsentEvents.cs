using System.Collections.Frozen;

namespace LeadFunctions.Events;

/// <summary>The events whose properties are a person's answers, by topic: <c>{ "tracking": true, "marketing": false }</c>.</summary>
internal static class ConsentEvents
{
    public const string Changed = "Consent Changed";

    /// <summary>The topic that decides whether events are stored at all.</summary>
    public const string Tracking = "tracking";

    // Snowplow's, which says by its eventType what was decided.
    private const string Preferences = "consentpreferences";

    private const int LongestName = 60;

    // What banners, preference centres and mail providers call it when somebody has answered; letters only.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = FrozenSet.ToFrozenSet(
    [
        "consentchanged", "consentchange", "consentupdated", "consentupdate", "consentsaved", "consentset", "consentsubmitted", Preferences, "consentpreferenceupdated", "consentpreferencesupdated",
        "consentpreferencechanged", "consentpreferenceschanged", "cookieconsentchanged", "cookieconsentupdated", "marketingconsentchanged", "marketingconsentupdated", "segmentconsentpreference", "segmentconsentpreferenceupdated",
        "consentgiven", "consentgranted", "consentaccepted", "consentdenied", "consentdeclined", "consentrejected", "consentrefused", "consentrevoked", "consentwithdrawn",
        "unsubscribe", "unsubscribed", "emailunsubscribed", "emailunsubscribe", "marketingunsubscribed", "optout", "optedout", "emailoptout", "emailoptedout", "smsoptout", "smsoptedout", "marketingoptout", "marketingoptedout",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Include(EventType type, string? name)
    {
        Span<char> letters = stackalloc char[LongestName];
        return type == EventType.Track && name is { Length: <= LongestName } && Names.Contains(Letters(name, letters));
    }

    /// <param name="name">Of one of these events.</param>
    public static bool ArePreferences(string name)
    {
        Span<char> letters = stackalloc char[LongestName];
        return name.Length <= LongestName && Letters(name, letters).SequenceEqual(Preferences);
    }

    // Asked of every event that is applied: it must cost nothing.
    private static ReadOnlySpan<char> Letters(string name, Span<char> letters)
    {
        var length = 0;
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                letters[length++] = char.ToLowerInvariant(c);
            }
        }

        return letters[..length];
    }
}
