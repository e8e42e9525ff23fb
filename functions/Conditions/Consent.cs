using System.Text.Json;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>What somebody answered who was asked for consent.</summary>
internal enum Said
{
    /// <summary>Nobody asked, or nobody answered.</summary>
    Nothing,
    Yes,
    No,

    /// <summary>Neither a usual yes nor a usual no. Counts as no, and should be told to whoever sent it.</summary>
    Unclear,
}

/// <summary>
/// The one reading of yes and no: tag managers and forms can only send text, and each writes consent in its own words. Only a known yes is a yes; null is an answer that was not given, and so a no.
/// </summary>
internal static class Consent
{
    /// <summary>Where a lead's profile keeps it: <c>$consent.marketing</c>.</summary>
    public const string Prefix = "$consent.";

    private const int LongestWord = 32;

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Yes = Words(
        "true", "t", "yes", "y", "on", "1", "ok", "okay", "grant", "granted", "give", "given", "allow", "allowed", "accept", "accepted", "agree", "agreed", "approve", "approved",
        "consent", "consented", "confirm", "confirmed", "enable", "enabled", "optin", "optedin", "subscribe", "subscribed", "checked", "ja", "oui", "si", "sí", "sim", "tak");

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> No = Words(
        "", "false", "f", "no", "n", "off", "0", "deny", "denied", "decline", "declined", "reject", "rejected", "refuse", "refused", "revoke", "revoked", "withdraw", "withdrew", "withdrawn", "object", "objected",
        "disable", "disabled", "disallow", "disallowed", "not", "donot", "dont", "donotcontact", "nope", "nah", "stop", "stopped", "cancelled", "canceled", "blocked", "forbidden", "prohibited", "inactive", "expired",
        "removed", "deleted", "suppress", "suppressed", "donotsend", "notgiven", "notgranted", "notallowed", "optout", "optedout", "unsubscribe", "unsubscribed", "unchecked", "none", "never", "null", "undefined",
        "block", "blacklisted", "blocklisted", "denylisted", "dnc", "donottrack", "donotcall", "dontcontact", "nocontact", "lapsed", "complained", "nein", "non", "nie", "não", "nao");

    // Between a topic and the answer about it, these say where the answer is and not which.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Places = Words("status", "state", "value", "answer", "choice", "decision", "response");

    // Words for yes and no that mean something else as the name of a field: "on" a day, "object": "consent".
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NoNames =
        Words("on", "object", "null", "undefined", "stop", "stopped", "cancelled", "canceled", "blocked", "inactive", "expired", "removed", "deleted", "ended");

    // Words for yes in the names of fields alone: "acceptsMarketing".
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> YesNames =
        Words("accepts", "agrees", "allows", "receive", "receives", "want", "wants", "can", "may", "send", "sends", "contact", "contactme", "contactable", "emailable", "mailable", "reachable");

    // What names everything that one may be asked about.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Everythings =
        Words("*", "all", "everything", "any", "anything", "global", "alltopics", "allpurposes", "allcategories", "allchannels", "alllists", "allmessages");

    // Where something else may stand as well ("action": "saved"), only these are answers.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Decisions = Words(
        "grant", "granted", "accept", "accepted", "optin", "optedin", "subscribe", "subscribed", "deny", "denied", "decline", "declined", "reject", "rejected", "refuse", "refused", "revoke", "revoked",
        "withdraw", "withdrawn", "optout", "optedout", "unsubscribe", "unsubscribed", "donotcontact", "suppress", "suppressed");

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> DecisionPlaces = Words("action", "operation", "outcome", "result", "event", "eventtype", "type", "change", "changetype");

    // An answer that is none any more.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lost = Words("expired", "lapsed", "inactive", "invalid", "isexpired", "isinvalid", "isinactive");
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> InForce = Words("active", "valid", "current", "isactive", "isvalid", "iscurrent", "inforce");

    private static readonly string[] NamePrefixes = ["is", "has", "consent", "can", "may"];

    // "withdrawConsent", "revoked_consent"
    private static readonly string[] ConsentSuffix = ["consent"];

    // "accept all", "optedOutOfAll"
    private static readonly string[] AllSuffixes = ["fromall", "ofall", "toall", "all"];

    // When somebody refused says that they did; when they agreed says nothing of whether they still do.
    private static readonly string[] TimeSuffixes = ["at", "on", "date", "time", "timestamp"];

    public static Said Read(in Scalar scalar) => scalar.Kind switch
    {
        ValueKind.Missing => Said.Nothing,
        ValueKind.True => Said.Yes,
        ValueKind.False or ValueKind.Null => Said.No,
        ValueKind.Number => scalar.Number == 1 ? Said.Yes : scalar.Number == 0 ? Said.No : Said.Unclear,
        ValueKind.Text => Read(scalar.Text),
        _ => Said.Unclear,
    };

    /// <summary>Of an object, the strictest of the answers that stand in it under a name that <see cref="IsAnswer"/>; one without any is no answer, and so unclear.</summary>
    public static Said Read(Value value) => value.Kind == ValueKind.Object ? ReadInside(value) : Read(Scalar.Of(value, stackalloc char[Scalar.NumberLength]));

    /// <inheritdoc cref="Read(Value)"/>
    public static Said Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? ReadInside(Value.From(element)) : Read(Scalar.Of(element, stackalloc char[Scalar.NumberLength]));

    /// <param name="isRefusal">It stands under a word for no, which turns it round; nothing there ("revokedAt", "optedOut": null) says nothing, and a time that it was refused.</param>
    public static Said Read(Value value, bool isRefusal) => !isRefusal ? Read(value)
        : value.Kind == ValueKind.Null || (value.Text is { } text && string.IsNullOrWhiteSpace(text)) ? Said.Nothing
        : IsTime(value) ? Said.No
        : Read(value) switch { Said.Yes => Said.No, Said.No => Said.Yes, var said => said };

    /// <summary>Whether it says where an answer is and not which: <c>status</c>, <c>value</c>.</summary>
    public static bool IsPlace(ReadOnlySpan<char> name)
    {
        Span<char> letters = stackalloc char[LongestWord];
        var length = Normalise(name, letters);
        return length > 0 && Places.Contains(letters[..length]);
    }

    /// <summary>Whether this names not one topic but every one: <c>*</c>, <c>all</c>.</summary>
    public static bool IsEverything(ReadOnlySpan<char> name)
    {
        Span<char> letters = stackalloc char[LongestWord];
        var length = Normalise(name, letters);
        return length > 0 && Everythings.Contains(letters[..length]);
    }

    /// <summary>Whether this says what was decided, where only some texts do: <c>"action": "opt-out"</c>.</summary>
    public static bool IsDecision(ReadOnlySpan<char> name, ReadOnlySpan<char> text)
    {
        Span<char> letters = stackalloc char[LongestWord];
        var (place, word) = (Normalise(name, letters), -1);
        if (place > 0 && DecisionPlaces.Contains(letters[..place]))
        {
            word = Normalise(text, letters);
        }

        return word > 0 && Decisions.Contains(letters[..word]);
    }

    /// <summary>Whether this says that the answer beside it does not hold any more: <c>"expired": true</c>, <c>"active": false</c>.</summary>
    public static bool IsOver(ReadOnlySpan<char> name, JsonElement value)
    {
        Span<char> letters = stackalloc char[LongestWord];
        var length = Normalise(name, letters);
        return length > 0 && Read(value) switch { Said.Yes => Lost.Contains(letters[..length]), Said.No => value.ValueKind != JsonValueKind.Null && InForce.Contains(letters[..length]), _ => false };
    }

    /// <summary>Whether what stands under this name is an answer about what is above it: <c>granted</c>, <c>optIn</c>, <c>status</c>.</summary>
    /// <param name="isRefusal">A yes under it is a no, and the reverse: <c>optedOut</c>.</param>
    public static bool IsAnswer(ReadOnlySpan<char> name, out bool isRefusal)
    {
        isRefusal = false;
        Span<char> letters = stackalloc char[LongestWord];
        var length = Normalise(name, letters);
        if (length < 2 || NoNames.Contains(letters[..length]))
        {
            return false; // a letter or a digit is an index rather than a word
        }

        ReadOnlySpan<char> word = letters[..length];
        while (!IsWord(word, out isRefusal))
        {
            var rest = word;
            foreach (var prefix in NamePrefixes)
            {
                rest = word.StartsWith(prefix, StringComparison.Ordinal) ? word[prefix.Length..] : rest;
            }

            if (rest.Length < 2 || rest.Length == word.Length || NoNames.Contains(rest))
            {
                return false;
            }

            word = rest;
        }

        return true;
    }

    private static bool IsWord(ReadOnlySpan<char> letters, out bool isRefusal)
    {
        isRefusal = No.Contains(letters);
        if (isRefusal || Yes.Contains(letters) || YesNames.Contains(letters) || Places.Contains(letters))
        {
            return true;
        }

        isRefusal = EndsOn(TimeSuffixes, letters, out var refused) && refused.Length > 3 && No.Contains(refused);
        return isRefusal || ((EndsOn(AllSuffixes, letters, out var word) || (EndsOn(ConsentSuffix, letters, out word) && word.Length > 2)) && ((isRefusal = No.Contains(word)) || Yes.Contains(word)));
    }

    private static bool EndsOn(string[] suffixes, ReadOnlySpan<char> letters, out ReadOnlySpan<char> rest)
    {
        rest = letters;
        foreach (var suffix in suffixes)
        {
            if (letters.Length > suffix.Length + 1 && letters.EndsWith(suffix, StringComparison.Ordinal))
            {
                rest = letters[..^suffix.Length];
                return true;
            }
        }

        return false;
    }

    private static bool IsTime(Value value) => value.Text is { Length: < 8 } || (value.Kind == ValueKind.Number && value.Number < 100_000_000)
        ? false
        : Dates.TryRead(Scalar.Of(value, stackalloc char[Scalar.NumberLength]), out _);

    private static Said ReadInside(Value answers)
    {
        var heard = Said.Nothing;
        foreach (var (name, value) in answers.Members)
        {
            if (IsAnswer(name, out var isRefusal) && Read(value, isRefusal) is var said && said > heard)
            {
                heard = said;
            }
        }

        return heard == Said.Nothing ? Said.Unclear : heard;
    }

    private static Said Read(ReadOnlySpan<char> text)
    {
        Span<char> word = stackalloc char[LongestWord];
        var length = Normalise(text, word);
        if (length < 0)
        {
            return Said.Unclear;
        }

        var letters = word[..length];
        return Yes.Contains(letters) ? Said.Yes : No.Contains(letters) ? Said.No
            : !EndsOn(AllSuffixes, letters, out var rest) ? Said.Unclear : Yes.Contains(rest) ? Said.Yes : No.Contains(rest) ? Said.No : Said.Unclear;
    }

    // "Opt-in", "opt_in" and "opted in" are one word. -1: it can be none.
    private static int Normalise(ReadOnlySpan<char> text, Span<char> word)
    {
        if (text.TrimStart() is ['-', >= '0' and <= '9', ..])
        {
            return -1; // a number below 0 is no 1
        }

        var length = 0;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || c is '-' or '_' or '"' or '\'')
            {
                continue;
            }
            if (length == LongestWord)
            {
                return -1;
            }
            word[length++] = char.ToLowerInvariant(c);
        }
        return length;
    }

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(params string[] words) =>
        new HashSet<string>(words, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
