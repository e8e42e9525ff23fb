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

    // The product's own, of which messages somebody unsubscribed from: what it means for consent is told beside it.
    private const string OfTheProduct = "Message Unsubscribed";

    private const int LongestName = 60;

    // What banners, preference centres and mail providers call it when somebody has answered; letters only.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = FrozenSet.ToFrozenSet(
    [
        "consentchanged", "consentchange", "consentupdated", "consentupdate", "consentsaved", "consentset", "consentsubmitted", Preferences, "consentpreferenceupdated", "consentpreferencesupdated",
        "consentpreferencechanged", "consentpreferenceschanged", "cookieconsentchanged", "cookieconsentupdated", "marketingconsentchanged", "marketingconsentupdated", "segmentconsentpreference", "segmentconsentpreferenceupdated",
        "consentgiven", "consentgranted", "consentaccepted", "consentdenied", "consentdeclined", "consentrejected", "consentrefused", "consentrevoked", "consentwithdrawn",
        "unsubscribe", "unsubscribed", "emailunsubscribed", "emailunsubscribe", "marketingunsubscribed", "optout", "optedout", "emailoptout", "emailoptedout", "smsoptout", "smsoptedout", "marketingoptout", "marketingoptedout",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    // Whatever else stands in such a name: "Newsletter Unsubscribed", "GDPR Consent Withdrawn", "Email Preferences Updated".
    private static readonly string[] Refusals = ["unsubscribed", "unsubscribe", "unsubscribeall", "optout", "optedout", "consentwithdrawn", "consentrevoked", "consentdeclined", "consentdenied", "consentrejected", "consentrefused"];
    private static readonly string[] Answers = ["consentstatuschanged", "consentupdated", "consentchanged", "consentsaved", "preferencesupdated", "preferenceschanged", "preferencessaved", "preferenceupdated"];
    private static readonly string[] Askers = ["consent", "cookie", "email", "marketing", "communication", "newsletter", "privacy", "subscription", "gdpr"];

    public static bool Include(EventType type, string? name)
    {
        Span<char> letters = stackalloc char[LongestName];
        if (type != EventType.Track || name is not { Length: <= LongestName } or OfTheProduct)
        {
            return false;
        }

        var read = Letters(name, letters);
        return Names.Contains(read) || EndsOn(read, Refusals) || (EndsOn(read, Answers) && BeginsWith(read, Askers));
    }

    private static bool EndsOn(ReadOnlySpan<char> letters, string[] ends)
    {
        foreach (var end in ends)
        {
            if (letters.EndsWith(end, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool BeginsWith(ReadOnlySpan<char> letters, string[] begins)
    {
        foreach (var begin in begins)
        {
            if (letters.StartsWith(begin, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
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
