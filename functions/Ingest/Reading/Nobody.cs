using System.Runtime.CompilerServices;
using LeadFunctions.Access;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What broken clients send for "nobody": as identities they would make one lead of thousands of people. The words are the source's to say; a text without a letter or digit, and a template that was never filled in,
/// name nobody anywhere.
/// </summary>
internal static class Nobody
{
    private static readonly string[] Templates = ["{{", "{%", "${", "#{", "<%", "%%", "[[", "[%"];

    /// <summary>What somebody was to put something else in place of, letters only.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> AskedFor =
        new HashSet<string>(["YOURUSERID", "YOURID", "YOURANONYMOUSID", "YOURCUSTOMERID", "YOUREXTERNALID", "INSERTUSERID", "USERIDHERE", "YOURUSERIDHERE"], StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int LongestAskedFor = AskedFor.Set.Max(word => word.Length);

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
        var bare = id.AsSpan().Trim("()<>[]{}\"'`$#@: \u00a0\u200b\u200c\u200d\u2060\ufeff");
        var words = NobodyWords.Of(source.NobodyIds);
        return IsUnfilled(bare) || IsNothingButZeros(bare) || words.Have(id) || (bare.Length < id.Length && words.Have(bare)) || words.HaveAll(bare);
    }

    /// <summary>A program put it together of a part that it did not have: <c>usr_{{id}}</c>, <c>user-undefined</c>, <c>u:[object Object]</c>; or its only part is the name of one: <c>{customer.id}</c>. A GUID in braces has digits.</summary>
    private static bool IsSpoilt(string id) =>
        (id.IndexOf("{{", StringComparison.Ordinal) is >= 0 and var from && id.IndexOf("}}", from, StringComparison.Ordinal) > from)
        || id.Contains("[object ", StringComparison.OrdinalIgnoreCase)
        || (id.EndsWith("undefined", StringComparison.Ordinal) && id.Length > 10 && id[^10] is '-' or '_' or ':' or '/' or '.' or '|')
        || (id.Length > 2 && id[0] == '{' && id[^1] == '}' && id[1..^1] is var inside && inside.Any(char.IsAsciiLetter) && inside.All(c => char.IsAsciiLetter(c) || c is '.' or '_' or ' ' or '|'));

    // "%USER_ID%", "*|UNIQID|*", "__USERID__", "YOUR_USER_ID"
    private static bool IsUnfilled(ReadOnlySpan<char> id) =>
        (id.Length > 2 && id[0] == '%' && id[^1] == '%') || (id.StartsWith("*|") && id.EndsWith("|*")) || (id.Length > 4 && id.StartsWith("__") && id.EndsWith("__")) || IsAskedFor(id);

    private static bool IsAskedFor(ReadOnlySpan<char> id)
    {
        Span<char> letters = stackalloc char[LongestAskedFor];
        var count = 0;
        foreach (var c in id)
        {
            if (!char.IsLetter(c))
            {
                continue;
            }

            if (count == LongestAskedFor)
            {
                return false;
            }

            letters[count++] = c;
        }

        return AskedFor.Contains(letters[..count]);
    }

    // "0.0", "000000"; two digits may be somebody's.
    private static bool IsNothingButZeros(ReadOnlySpan<char> id) => id.Length > 2 && !id.ContainsAnyExcept("0.-:");

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

/// <summary>
/// A source's words for "nobody", looked up in whatever way their parts are joined: <c>not_authenticated</c>, <c>not-authenticated</c>, <c>notAuthenticated</c>. Each id of each event is looked up; the lists change when somebody
/// changes a source.
/// </summary>
internal sealed class NobodyWords
{
    private const int Short = 128;

    private static readonly System.Buffers.SearchValues<char> Between = System.Buffers.SearchValues.Create(" -_.");
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, NobodyWords> Known = [];

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _asWritten;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _joined;

    private NobodyWords(IReadOnlyList<string> words)
    {
        // A number is what it is: -1 is not 1.
        _asWritten = words.ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _joined = words.Where(word => word.Any(char.IsLetter)).Select(word => new string(Joined(word, new char[word.Length]))).ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static NobodyWords Of(IReadOnlyList<string> words) => Known.GetValue(words, static words => new(words));

    public bool Have(ReadOnlySpan<char> id) => _asWritten.Contains(id) || _joined.Contains(Joined(id, id.Length <= Short ? stackalloc char[id.Length] : new char[id.Length]));

    /// <summary>Of several words, each: "null null", of a first and a last name.</summary>
    public bool HaveAll(ReadOnlySpan<char> id)
    {
        var words = 0;
        foreach (var range in id.SplitAny(Between))
        {
            if (id[range] is { Length: > 0 } word)
            {
                words++;
                if (!Have(word))
                {
                    return false;
                }
            }
        }

        return words > 1;
    }

    private static ReadOnlySpan<char> Joined(ReadOnlySpan<char> id, Span<char> joined)
    {
        if (!id.ContainsAny(Between))
        {
            return id;
        }

        var length = 0;
        foreach (var c in id)
        {
            if (!Between.Contains(c))
            {
                joined[length++] = c;
            }
        }

        return joined[..length];
    }
}
