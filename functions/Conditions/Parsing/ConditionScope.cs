namespace LeadFunctions.Conditions.Parsing;

/// <summary>What a condition may ask at the place where it stands.</summary>
/// <param name="Place">For messages: "a fit rule".</param>
/// <param name="Events">It may ask the event in hand; and then it must: it may not be able to hold without one of the events that it names.</param>
/// <param name="History">It may ask how often events happened.</param>
/// <param name="NeedsEvent">It may not be able to hold without one of the events that it names.</param>
/// <param name="Profile">It may ask what the product knows of the lead: engagement, fit, grade, stage, segment, list.</param>
internal sealed record ConditionScope(string Place, bool Events, bool History, bool NeedsEvent = false, bool Profile = false)
{
    public static readonly ConditionScope Fit = new("a fit rule", Events: false, History: false);

    public static readonly ConditionScope Engagement = new("an engagement rule", Events: true, History: true, NeedsEvent: true);

    /// <summary>Goals, exits and waits: an event, or something that becomes true of the lead.</summary>
    public static readonly ConditionScope Journey = new("a journey", Events: true, History: true, Profile: true);

    /// <summary>What lets a lead in.</summary>
    public static readonly ConditionScope JourneyTrigger = new("a trigger", Events: true, History: true, NeedsEvent: true, Profile: true);

    /// <summary>Asked when there is no event in hand: entry, branches, repeats.</summary>
    public static readonly ConditionScope JourneyEntry = new("this condition", Events: false, History: true, Profile: true);

    /// <summary>Who is in a segment: what is so of the lead at any moment. It may not ask for entering and leaving segments, which come of its answer.</summary>
    public static readonly ConditionScope Segment = new("a segment", Events: false, History: true, Profile: true) { Tallies = true, Forbidden = ["Segment Entered", "Segment Left"] };

    /// <summary>It may ask events of the past by their properties, how much they brought, and in which order they came.</summary>
    public bool Tallies { get; init; }

    /// <summary>Names of events that cannot be asked for here.</summary>
    public IReadOnlyList<string> Forbidden { get; init; } = [];

    /// <summary>What moves a lead from stage to stage.</summary>
    public static readonly ConditionScope Lifecycle = new("a lifecycle", Events: false, History: true, Profile: true);
}
