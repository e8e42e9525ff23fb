using System.Buffers;
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

    // The product's own, which tells that a message brought it about: the answer itself comes beside it.
    private const string Unsubscribed = "messageunsubscribed";

    private const int LongestName = 60;

    // What banners, preference centres and mail providers call it when somebody has answered; letters only.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = FrozenSet.ToFrozenSet(
    [
        "consentchanged", "consentchange", "consentupdated", "consentupdate", "consentsaved", "consentset", "consentsubmitted", Preferences, "consentpreferenceupdated", "consentpreferencesupdated",
        "consentpreferencechanged", "consentpreferenceschanged", "cookieconsentchanged", "cookieconsentupdated", "marketingconsentchanged", "marketingconsentupdated", "segmentconsentpreference", "segmentconsentpreferenceupdated",
        "consentgiven", "consentgranted", "consentaccepted", "consentdenied", "consentdeclined", "consentrejected", "consentrefused", "consentrevoked", "consentwithdrawn",
        "unsubscribe", "unsubscribed", "emailunsubscribed", "emailunsubscribe", "marketingunsubscribed", "optout", "optedout", "emailoptout", "emailoptedout", "smsoptout", "smsoptedout", "marketingoptout", "marketingoptedout",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    // None of the names that follow is without one of these.
    private static readonly SearchValues<string> Stems = SearchValues.Create(
        ["consent", "optout", "optedout", "unsubscri", "preference", "setting", "choice", "permission", "subscription", "cookie", "donot", "spam", "complain"], StringComparison.Ordinal);

    // Whatever else stands in such a name: "Newsletter Unsubscribed", "GDPR Consent Withdrawn", "Unsubscribed from List", "Email Preferences Updated".
    private static readonly string[] Refusals =
    [
        "unsubscribed", "unsubscribe", "unsubscribeall", "optout", "optedout", "consentwithdrawn", "consentrevoked", "consentdeclined", "consentdenied", "consentrejected", "consentrefused",
        "withdrawconsent", "withdrewconsent", "revokeconsent", "revokedconsent", "declinedconsent", "deniedconsent", "rejectedconsent", "refusedconsent",
        "donotcontact", "donotemail", "donotmail", "donotcall", "donotsend", "cookiesrejected", "cookiesdeclined", "cookiesdenied", "cookiesrefused", "cookiebannerrejected", "cookiebannerdeclined",
    ];

    private static readonly string[] AboutWhat = ["from", "of", "for", "to"];
    private static readonly string[] Answers = ["consentstatuschanged", "consentupdated", "consentchanged", "consentsaved", "preferencesupdated", "preferenceschanged", "preferencessaved", "preferenceupdated", "preferencecenterupdated"];
    private static readonly string[] Askers = ["consent", "cookie", "email", "marketing", "communication", "newsletter", "privacy", "subscription", "gdpr", "notification", "contact", "mailing", "sms", "push"];

    // These are about much else when nothing stands before them: a subscription is also something that one pays for.
    private static readonly string[] Asked =
    [
        "settingsupdated", "settingschanged", "settingssaved", "choicesupdated", "choiceschanged", "choicessaved", "permissionsupdated", "permissionschanged", "permissionssaved",
        "subscriptionupdated", "subscriptionchanged", "subscriptionsupdated", "subscriptionschanged", "subscriptionstatuschanged", "subscriptionstatusupdated",
    ];

    // A person's preferences may be about anything: only answers that name what they are about are some.
    private static readonly string[] Anything = ["preferencesupdated", "preferenceschanged", "preferencessaved", "preferenceupdated", "preferencechanged", "preferencecenterupdated", "preferencecentersaved", "preferencecenterchanged"];
    private static readonly string[] Complaints =
        ["markedasspam", "markasspam", "markedspam", "spamcomplaint", "spamcomplained", "spamreport", "spamreported", "reportedspam", "reportedasspam", "emailcomplained", "emailcomplaint", "emailcomplaintreceived", "mailcomplaint"];

    public static bool Include(EventType type, string? name)
    {
        Span<char> letters = stackalloc char[LongestName];
        if (type != EventType.Track || name is not { Length: <= LongestName } or OfTheProduct)
        {
            return false;
        }

        var read = Letters(name, letters);
        return read.ContainsAny(Stems) && read is not Unsubscribed
            && (Names.Contains(read) || EndsOn(read, Refusals, out _) || IsRefusalOf(read) || (EndsOn(read, Answers, out _) && BeginsWith(read, Askers)) || (EndsOn(read, Asked, out var before) && BeginsWith(before, Askers))
                || IsOneOf(read, Anything) || IsComplaint(read));
    }

    /// <summary>A mail was called spam: whoever sends it is to stop.</summary>
    public static bool IsComplaint(string name)
    {
        Span<char> letters = stackalloc char[LongestName];
        return name.Length <= LongestName && IsComplaint(Letters(name, letters));
    }

    /// <summary>Its name does not say that it is about consent: what names no topic in it is not.</summary>
    /// <param name="name">Of one of these events.</param>
    public static bool MayBeAboutAnything(string name)
    {
        Span<char> letters = stackalloc char[LongestName];
        return name.Length <= LongestName && IsOneOf(Letters(name, letters), Anything);
    }

    private static bool IsComplaint(ReadOnlySpan<char> letters) => letters is "complained" or "complaint" || EndsOn(letters, Complaints, out _);

    // "Unsubscribed from List", "Opted Out of Marketing", "Opt-Out Marketing"; a link that was clicked or a page that was seen is no answer yet.
    private static bool IsRefusalOf(ReadOnlySpan<char> letters)
    {
        foreach (var refusal in Refusals)
        {
            if (letters.IndexOf(refusal, StringComparison.Ordinal) is >= 0 and var at && (BeginsWith(letters[(at + refusal.Length)..], AboutWhat) || (at == 0 && letters[refusal.Length..] is "marketing" or "email" or "emails" or "sms" or "newsletter")))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<char> letters, string[] names)
    {
        foreach (var name in names)
        {
            if (letters.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsOn(ReadOnlySpan<char> letters, string[] ends, out ReadOnlySpan<char> before)
    {
        before = letters;
        foreach (var end in ends)
        {
            if (letters.EndsWith(end, StringComparison.Ordinal))
            {
                before = letters[..^end.Length];
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
