namespace LeadFunctions.Conditions;

/// <summary>What the product knows of a lead beside its traits, under paths that no client can write.</summary>
internal static class ProfileFacts
{
    public const string Engagement = "$engagement";
    public const string Fit = "$fit";
    public const string Grade = "$grade";
    public const string Stage = "$stage";

    /// <summary>The lead's own id.</summary>
    public const string Id = "$id";

    /// <summary>Event time of the last thing that the person did.</summary>
    public const string LastSeen = "$lastSeen";

    public static readonly IReadOnlyList<string> AreNumbers = [Engagement, Fit];

    /// <summary>Those that time alone can change.</summary>
    public static readonly IReadOnlyList<string> Move = [Engagement, Fit, Grade];

    /// <summary>What it looks at, by dimension: <c>$interest.category</c>.</summary>
    public const string Interest = "$interest.";

    /// <summary>The scoring model says how it comes about: another one may change it.</summary>
    public static bool ComesOfModel(string path) => Move.Contains(path) || path.StartsWith(Interest, StringComparison.Ordinal);

    /// <summary>Stands for every answer about consent at once: what one says about a topic, another may undo.</summary>
    public const string Consent = "$consent";

    /// <summary>True for members: <c>$segment.vip</c>. A list is a segment that is kept by hand.</summary>
    public const string Segment = "$segment.";
}
