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

    private const int LongestWord = 20;

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Yes = Words(
        "true", "t", "yes", "y", "on", "1", "ok", "okay", "grant", "granted", "give", "given", "allow", "allowed", "accept", "accepted", "agree", "agreed", "approve", "approved",
        "consent", "consented", "confirm", "confirmed", "enable", "enabled", "optin", "optedin", "subscribe", "subscribed", "checked", "ja", "oui", "si", "sí", "sim", "tak");

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> No = Words(
        "", "false", "f", "no", "n", "off", "0", "deny", "denied", "decline", "declined", "reject", "rejected", "refuse", "refused", "revoke", "revoked", "withdraw", "withdrawn", "object", "objected",
        "disable", "disabled", "disallow", "disallowed", "notgiven", "notgranted", "notallowed", "optout", "optedout", "unsubscribe", "unsubscribed", "unchecked", "none", "never", "null", "undefined",
        "nein", "non", "nie", "não", "nao");

    // Between a topic and the answer about it, these say where the answer is and not which.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Places = Words("status", "state", "value", "answer", "choice", "decision", "response");

    // Words for yes and no that mean something else as the name of a field: "on" a day, "object": "consent".
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NoNames = Words("on", "object", "null", "undefined");

    private static readonly string[] NamePrefixes = ["is", "has", "consent"];

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

    /// <param name="isRefusal">It stands under a word for no, which turns it round; nothing there ("revokedAt", "optedOut": null) says nothing.</param>
    public static Said Read(Value value, bool isRefusal) => !isRefusal ? Read(value)
        : value.Kind == ValueKind.Null || (value.Text is { } text && string.IsNullOrWhiteSpace(text)) ? Said.Nothing
        : Read(value) switch { Said.Yes => Said.No, Said.No => Said.Yes, var said => said };

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
        while (!Yes.Contains(word) && !Places.Contains(word) && !(isRefusal = No.Contains(word)))
        {
            var rest = word;
            foreach (var prefix in NamePrefixes)
            {
                rest = word.StartsWith(prefix, StringComparison.Ordinal) ? word[prefix.Length..] : rest;
            }

            if (rest.Length < 2 || rest.Length == word.Length)
            {
                return false;
            }

            word = rest;
        }

        return true;
    }

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
        return length < 0 ? Said.Unclear : Yes.Contains(word[..length]) ? Said.Yes : No.Contains(word[..length]) ? Said.No : Said.Unclear;
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
