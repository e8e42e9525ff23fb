using LeadFunctions.Access;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What broken clients send for "nobody": as identities they would make one lead of thousands of people. The words are the source's to say; a text without a letter or digit, and a template that was never filled in,
/// name nobody anywhere.
/// </summary>
internal static class Nobody
{
    private static readonly char[] Between = [' ', '-', '_', '.'];

    private static readonly string[] Templates = ["{{", "{%", "${", "#{", "<%", "%%", "[[", "[%"];

    public static bool Is(string id, Source source)
    {
        if (!HasLetterOrDigit(id) || Array.Exists(Templates, template => id.StartsWith(template, StringComparison.Ordinal)) || IsSpoilt(id))
        {
            return true;
        }

        // As a link or a tag wrote it.
        if (id.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(id).Trim() is var plain && plain != id && Is(plain, source))
        {
            return true;
        }

        // "(null)", "<null>", "[object Object]", "'undefined'"; the last of these cannot be seen
        var bare = id.AsSpan().Trim("()<>[]{}\"'`$#@: \u00a0\u200b\u200c\u200d\u2060\ufeff").ToString();
        return IsUnfilled(bare) || IsNothingButZeros(bare) || IsWord(id, source) || IsWord(bare, source)
            || (bare.Split(Between, StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } words && Array.TrueForAll(words, word => IsWord(word, source))); // first and last name: "null null"
    }

    /// <summary>A program put it together of a part that it did not have: <c>usr_{{id}}</c>, <c>user-undefined</c>, <c>u:[object Object]</c>; or its only part is the name of one: <c>{customer.id}</c>. A GUID in braces has digits.</summary>
    private static bool IsSpoilt(string id) =>
        (id.IndexOf("{{", StringComparison.Ordinal) is >= 0 and var from && id.IndexOf("}}", from, StringComparison.Ordinal) > from)
        || id.Contains("[object ", StringComparison.OrdinalIgnoreCase)
        || (id.EndsWith("undefined", StringComparison.Ordinal) && id.Length > 10 && id[^10] is '-' or '_' or ':' or '/' or '.' or '|')
        || (id.Length > 2 && id[0] == '{' && id[^1] == '}' && id[1..^1] is var inside && inside.Any(char.IsAsciiLetter) && inside.All(c => char.IsAsciiLetter(c) || c is '.' or '_' or ' ' or '|'));

    /// <summary>In whatever way its parts are joined: <c>not_authenticated</c>, <c>not-authenticated</c>, <c>notAuthenticated</c>. A number is what it is: -1 is not 1.</summary>
    private static bool IsWord(string id, Source source) =>
        source.NobodyIds.Any(word => id.Equals(word, StringComparison.OrdinalIgnoreCase) || (word.Any(char.IsLetter) && Joined(word).Equals(Joined(id), StringComparison.OrdinalIgnoreCase)));

    private static string Joined(string id) => id.IndexOfAny(Between) < 0 ? id : string.Concat(id.Where(c => Array.IndexOf(Between, c) < 0));

    // "%USER_ID%", "*|UNIQID|*", "__USERID__", "YOUR_USER_ID"
    private static bool IsUnfilled(string id) =>
        (id.Length > 2 && id[0] == '%' && id[^1] == '%') || (id.StartsWith("*|", StringComparison.Ordinal) && id.EndsWith("|*", StringComparison.Ordinal))
        || (id.Length > 4 && id.StartsWith("__", StringComparison.Ordinal) && id.EndsWith("__", StringComparison.Ordinal))
        || string.Concat(id.Where(char.IsLetter)).ToUpperInvariant() is "YOURUSERID" or "YOURID" or "YOURANONYMOUSID" or "YOURCUSTOMERID" or "YOUREXTERNALID" or "INSERTUSERID" or "USERIDHERE" or "YOURUSERIDHERE";

    // "0.0", "000000"; two digits may be somebody's.
    private static bool IsNothingButZeros(string id) => id.Length > 2 && id.All(c => c is '0' or '.' or '-' or ':');

    private static bool HasLetterOrDigit(string id)
    {
        for (var i = 0; i < id.Length; i++)
        {
            // Half of a pair is part of something: a name in emoji is unusual, but a name.
            if (char.IsLetterOrDigit(id[i]) || char.IsSurrogate(id[i]))
            {
                return true;
            }
        }

        return false;
    }
}
