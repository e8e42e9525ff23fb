namespace LeadFunctions.Events;

/// <summary>64 bits of a text, the same for ever: what a long memory keeps of ids and keys. Whoever forges a collision only hides an event of their own.</summary>
internal static class TextHash
{
    /// <summary>FNV-1a over the UTF-16 code units, then mixed: cheap, since every event pays for it.</summary>
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }

        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93UL;
        return hash ^ (hash >> 32);
    }
}
