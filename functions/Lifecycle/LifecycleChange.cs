using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Lifecycle;

/// <summary>What the reducer tells of a lead whose events were just applied.</summary>
/// <param name="Events">Those that were applied.</param>
/// <param name="MayConcern">Something is known of it, or was earned, that was not before: conditions may have another answer.</param>
/// <param name="Before">The lead before the events, as of a time, in the segments that it was in then; null when it was frozen then.</param>
/// <param name="SegmentMoments">When, before the events came, time alone made it enter or leave segments, in order: what follows from that happened then.</param>
/// <param name="After">The lead after them, in the stage that they left it in.</param>
/// <param name="Scoring">Those that its score comes from.</param>
/// <param name="Stay">The number of the stay that it was in before the events; null: nobody had looked.</param>
internal sealed record LifecycleChange(IReadOnlyList<LeadEvent> Events, bool MayConcern, Func<DateTimeOffset, ILeadFacts>? Before, ILeadFacts After, ScoringModels Scoring, int? Stay, IReadOnlyList<DateTimeOffset> SegmentMoments);
