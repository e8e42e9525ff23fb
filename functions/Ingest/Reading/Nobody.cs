using LeadFunctions.Access;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What broken clients send for "nobody": as identities they would make one lead of thousands of people. The words are the source's to say; a text without a letter or digit, and a template that was never filled in,
/// name nobody anywhere.
/// </summary>
internal static class Nobody
{
    private static readonly string[] Templates = ["{{", "{%", "${", "#{", "<%", "%%", "[[", "[%"];

    public static bool Is(string id, Source source)
    {
        if (!HasLetterOrDigit(id) || Array.Exists(Templates, template => id.StartsWith(template, StringComparison.Ordinal)))
        {
            return true;
        }

        // "(null)", "<null>", "[object Object]", "'undefined'"
        var bare = id.AsSpan().Trim("()<>[]{}\"'` ");
        foreach (var word in source.NobodyIds)
        {
            if (id.Equals(word, StringComparison.OrdinalIgnoreCase) || bare.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

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
