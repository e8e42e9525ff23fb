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

    public static Said Read(in Scalar scalar) => scalar.Kind switch
    {
        ValueKind.Missing => Said.Nothing,
        ValueKind.True => Said.Yes,
        ValueKind.False or ValueKind.Null => Said.No,
        ValueKind.Number => scalar.Number == 1 ? Said.Yes : scalar.Number == 0 ? Said.No : Said.Unclear,
        ValueKind.Text => Read(scalar.Text),
        _ => Said.Unclear,
    };

    public static Said Read(Value value) => Read(Scalar.Of(value, stackalloc char[Scalar.NumberLength]));

    public static Said Read(JsonElement element) => Read(Scalar.Of(element, stackalloc char[Scalar.NumberLength]));

    private static Said Read(ReadOnlySpan<char> text)
    {
        // "Opt-in", "opt_in" and "opted in" are one word.
        Span<char> word = stackalloc char[LongestWord];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || c is '-' or '_' or '"' or '\'')
            {
                continue;
            }
            if (length == LongestWord)
            {
                return Said.Unclear;
            }
            word[length++] = char.ToLowerInvariant(c);
        }
        return Yes.Contains(word[..length]) ? Said.Yes : No.Contains(word[..length]) ? Said.No : Said.Unclear;
    }

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(params string[] words) =>
        new HashSet<string>(words, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
