using LeadFunctions.Events;

namespace LeadFunctions.Ingest;

/// <summary>What a path of the tracking API stands for.</summary>
/// <param name="Type">The type of the one event in the body; null when each event says it.</param>
/// <param name="MayBeBatch">The body may hold many events.</param>
/// <param name="FromBrowser">Only pages use it.</param>
internal sealed record Call(EventType? Type, bool MayBeBatch, bool FromBrowser = false)
{
    public static readonly Call Beacon = new(null, MayBeBatch: true, FromBrowser: true);

    public static readonly Call Batch = new(null, MayBeBatch: true);

    private static readonly Dictionary<string, Call> ByPath = new(StringComparer.OrdinalIgnoreCase)
    {
        ["batch"] = Batch,
        ["b"] = Batch,
        ["import"] = Batch,
        ["identify"] = new(EventType.Identify, MayBeBatch: false),
        ["i"] = new(EventType.Identify, MayBeBatch: false),
        ["track"] = new(EventType.Track, MayBeBatch: false),
        ["t"] = new(EventType.Track, MayBeBatch: false),
        ["page"] = new(EventType.Page, MayBeBatch: false),
        ["p"] = new(EventType.Page, MayBeBatch: false),
        ["screen"] = new(EventType.Screen, MayBeBatch: false),
        ["s"] = new(EventType.Screen, MayBeBatch: false),
        ["group"] = new(EventType.Group, MayBeBatch: false),
        ["g"] = new(EventType.Group, MayBeBatch: false),
        ["alias"] = new(EventType.Alias, MayBeBatch: false),
        ["a"] = new(EventType.Alias, MayBeBatch: false),
    };

    /// <param name="path">What follows <c>/v1/</c>, such as <c>track</c> or its short form <c>t</c>.</param>
    public static Call? Find(string path) => ByPath.GetValueOrDefault(path);
}
