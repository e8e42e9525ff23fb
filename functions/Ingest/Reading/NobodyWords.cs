using System.Runtime.CompilerServices;

namespace LeadFunctions.Ingest.Reading;

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
