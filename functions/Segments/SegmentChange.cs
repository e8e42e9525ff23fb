using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Segments;

/// <summary>What the reducer tells of a lead whose events were just applied.</summary>
/// <param name="Events">Those that were applied.</param>
/// <param name="IsWhole">It was merged with another, or parted from it: anything may differ.</param>
/// <param name="TraitsMayDiffer">Something was said of it, or it is known by another name.</param>
/// <param name="HasEarned">Something gave it points, or took some.</param>
/// <param name="HasAnswered">Something was answered about consent.</param>
/// <param name="HasLooked">Something told what it is interested in.</param>
/// <param name="Known">What was known of it, and what is: for comparing traits.</param>
/// <param name="Before">The lead before the events, in these segments and as of a time; null when it was frozen then.</param>
/// <param name="After">The lead after them, in these segments and as of now.</param>
/// <param name="IsNew">Nothing was known of it before: no publication concerns who comes after it.</param>
/// <param name="Staged">When time alone brought the lead into another stage, or had the lifecycle tell something of it, before now, and the lead from then on; null when it did not.</param>
internal sealed record SegmentChange(
    IReadOnlyList<LeadEvent> Events, bool IsWhole, bool TraitsMayDiffer, bool HasEarned, bool HasAnswered, bool HasLooked, Func<(ILeadFacts Before, ILeadFacts After)> Known,
    Func<LeadSegments, DateTimeOffset, ILeadFacts>? Before, Func<LeadSegments, ILeadFacts> After, ScoringModels Scoring, (DateTimeOffset At, Func<LeadSegments, DateTimeOffset, ILeadFacts> Lead)? Staged = null,
    bool IsNew = false);
