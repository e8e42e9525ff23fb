using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>A lead as conditions of segments and journeys see it: its record, and what the product knows beside it (<see cref="ProfileFacts"/>).</summary>
/// <param name="scoring">What the score comes from: it says how that goes on.</param>
/// <param name="segments">Those that conditions decide; left out, all are kept by hand.</param>
internal sealed class LeadProfile(LeadRecord record, LeadScore score, ScoringModels scoring, SegmentView segments = default) : ILeadFacts
{
    private readonly ILeadFacts _record = record;
    private EngagementCourse? _course;

    /// <summary>As of a time, in segments that may be others than those it is in now.</summary>
    public static LeadProfile Of(LeadState lead, LeadSegments? segments, LeadRules rules, DateTimeOffset at) =>
        new(lead.Whole, Reducer.ScoreOf(lead, rules.Scoring, at), rules.Scoring, new(rules.Segments, segments, lead.Id));

    /// <summary>As of a time, in the segments that it is in.</summary>
    public static LeadProfile Of(LeadState lead, LeadRules rules, DateTimeOffset at) => Of(lead, lead.Segments, rules, at);

    public Value Trait(string path) => path switch
    {
        ProfileFacts.Engagement => Value.From(score.Engagement),
        ProfileFacts.Fit => Value.From(score.Fit),
        ProfileFacts.Grade => score.Grade is { } grade ? Value.From(grade) : Value.Missing,
        ProfileFacts.Stage => Value.From(record.Stage),
        ProfileFacts.Id => segments.LeadId is { } id ? Value.From(id) : Value.Missing,
        ProfileFacts.LastSeen => record.LastSeen > 0 ? Value.From(DateTimeOffset.FromUnixTimeMilliseconds(record.LastSeen).ToString("O")) : Value.Missing,
        "email" when record.Email is { } email => Value.From(email),
        "userId" when record.UserId is { } userId => Value.From(userId),
        _ when path.StartsWith(ProfileFacts.Segment, StringComparison.Ordinal) && segments.IsIn(path[ProfileFacts.Segment.Length..]) is { } isIn => Value.From(isIn),
        _ => _record.Trait(path),
    };

    public long? SetAt(string path) => record.Traits.SetAt(path);

    public IEnumerable<ConsentAnswer> Answers => _record.Answers;

    public int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => _record.Count(eventName, from, to);

    public bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) => _record.IsExact(eventName, from, to);

    public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from) => _record.Spans(eventName, from);

    public bool TryTimes(string eventName, out ReadOnlySpan<long> times) => _record.TryTimes(eventName, out times);

    public bool TryTally(string key, IReadOnlyList<string> names, out Tally tally) => _record.TryTally(key, names, out tally);

    public RfmBoundaries? Rfm => segments.Rules?.Rfm;

    public bool TryInterests(string dimension, DateTimeOffset at, out InterestView interests) => record.TryInterests(scoring.Interests, dimension, at, out interests);

    public bool MayChange(string path, IReadOnlyList<double> levels, DateTimeOffset after, DateTimeOffset before) => path switch
    {
        ProfileFacts.Engagement => score.Pace.MayChange(levels, after, before),
        ProfileFacts.Fit or ProfileFacts.Grade => scoring.Live is not null,
        _ => false,
    };

    public DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => path switch
    {
        ProfileFacts.Engagement when score.Pace.TryNextChange(levels, after, out var next) => next,
        ProfileFacts.Engagement => (_course ??= EngagementCourse.Of(record.Ledger, scoring, record)).NextChange(levels, after),
        ProfileFacts.Fit or ProfileFacts.Grade => scoring.Live?.NextFit(record, after),
        _ => null,
    };
}
