using LeadFunctions.Conditions;
using LeadFunctions.Interests;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>All definitions that decide what an event does to a lead, as of one moment.</summary>
internal readonly record struct LeadRules(ScoringModels Scoring, JourneyRules Journeys, SegmentRules Segments, LifecycleRules Lifecycle)
{
    /// <summary>Without segments that conditions decide, and stages that anything but people and journeys does.</summary>
    public LeadRules(ScoringModels scoring, JourneyRules journeys)
        : this(scoring, journeys, SegmentRules.None)
    {
    }

    /// <summary>Without stages that anything but people and journeys decides.</summary>
    public LeadRules(ScoringModels scoring, JourneyRules journeys, SegmentRules segments)
        : this(scoring, journeys, segments, LifecycleRules.None)
    {
    }

    private readonly MessagingRules? _messages;

    /// <summary>What the arbiter goes by.</summary>
    public MessagingRules Messages
    {
        get => _messages ?? MessagingRules.Open;
        init => _messages = value;
    }

    /// <summary>The <c>HappeningTypes</c> that somebody outside listens to; null: nobody does, and nothing is told.</summary>
    public IReadOnlySet<string>? Heard { get; init; }

    /// <summary>What leads keep of their events beyond their names.</summary>
    public AskedHistory History => new(Segments.Tallies, Scoring.Interests);

    /// <summary>What of it decides who is in which segment and stage: a walk over everybody reads no timelines for more.</summary>
    public AskedHistory Deciding => new(Segments.Tallies, Segments.AskInterests || Lifecycle.AskInterests ? Scoring.Interests : InterestRules.None);

    /// <summary>Whether a rule, in any version that a lead may be scored by or walk in, asks how often events of this name happened.</summary>
    public bool Count(string eventName) => Scoring.Counted.Contains(eventName) || Journeys.Counted.Contains(eventName) || Segments.Counted.Contains(eventName) || Lifecycle.Counted.Contains(eventName);

    /// <summary>Scoring alone.</summary>
    public static implicit operator LeadRules(ScoringModels scoring) => new(scoring, JourneyRules.None);
}

/// <summary>What is kept of a lead's events beyond their names, because somebody asks for it.</summary>
internal readonly record struct AskedHistory(IReadOnlyList<TallyDefinition> Tallies, InterestRules Interests)
{
    /// <summary>Of one condition.</summary>
    public static AskedHistory Of(Condition when, InterestRules interests) => new(when.Tallies, when.Interests.Count > 0 ? interests : InterestRules.None);
}
