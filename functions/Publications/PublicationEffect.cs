using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Publications;

/// <summary>What a publication would do to the leads as they are: the one answer to <c>?dryRun=true</c>, whatever is published.</summary>
/// <param name="Looked">Leads looked at.</param>
/// <param name="Partial">There are leads that were not looked at: time was up.</param>
/// <param name="Stages">Those that somebody would enter or leave.</param>
/// <param name="Moves">From which stage to which.</param>
/// <param name="Segments">Those that somebody would enter or leave: the published one, and what asks for it.</param>
/// <param name="Scores">Absent where scores stay as they are.</param>
/// <param name="Journeys">Those that somebody would enter, or in which somebody would go on; the published one in any case.</param>
internal sealed record PublicationEffect(
    int Looked, bool Partial, IReadOnlyList<Shift> Stages, IReadOnlyList<StageMove> Moves, IReadOnlyList<Shift> Segments, ScoreShift? Scores, IReadOnlyList<JourneyShift> Journeys)
{
    /// <summary>Of what no rule asks for: forms and templates. Nobody needs to be looked at.</summary>
    public static readonly PublicationEffect None = new(0, false, [], [], [], null, []);
}

/// <summary>Who would enter and leave a stage or a segment.</summary>
/// <param name="Before">How many are in it now.</param>
/// <param name="Entering">The first of those who would enter.</param>
/// <param name="Rules">Of a stage, where a scoring model is published: the rules that do most of it, for how many of those who enter or leave; the most frequent first.</param>
internal sealed record Shift(string Id, int Before, int After, int Enter, int Leave, IReadOnlyList<NamedLead> Entering, IReadOnlyList<NamedLead> Leaving, IReadOnlyList<RuleCount>? Rules = null);

internal sealed record RuleCount(string Rule, int Leads);

internal sealed record StageMove(string From, string To, int Leads);

/// <summary>How scores would differ.</summary>
/// <param name="Rise">How many leads would have more engagement than now.</param>
/// <param name="Engagement">By band; those in which nobody is are left out.</param>
/// <param name="Grades">Likewise; nobody has one where a model says nothing of fit.</param>
/// <param name="Most">Whose engagement would change most, the greatest change first.</param>
internal sealed record ScoreShift(int Rise, int Fall, IReadOnlyList<Band> Engagement, IReadOnlyList<GradeShift> Grades, IReadOnlyList<NamedLead> Most);

/// <param name="From">From so many points on.</param>
/// <param name="To">Up to so many, which are not in it; absent: without end.</param>
internal sealed record Band(double From, double? To, int Before, int After);

internal sealed record GradeShift(string Grade, int Before, int After);

/// <param name="Enter">How many leads would enter at once.</param>
/// <param name="GoOn">How many that are inside would at once have what they wait for, or the goal, or a reason to leave.</param>
/// <param name="Inside">Of the published one, who is inside now, by version: they stay in theirs until they are migrated.</param>
/// <param name="Sends">Of the published one, what those who enter it within the next 24 hours get in that time.</param>
/// <param name="Soon">Of the published one, how many leads time alone brings to it in the next days, by the workspace's day; whoever may not enter then does not.</param>
internal sealed record JourneyShift(string Id, int Enter, IReadOnlyList<NamedLead> Entering, int GoOn, IReadOnlyList<InsideVersion>? Inside, IReadOnlyList<ComingDay>? Soon, ComingSends? Sends = null);

/// <param name="ByTemplate">Sales is told by a message too.</param>
/// <param name="Partial">There would be more: not everybody could be rehearsed.</param>
internal sealed record ComingSends(int Messages, IReadOnlyDictionary<string, int> ByTemplate, bool Partial);

internal sealed record InsideVersion(int Version, int Runs);

internal sealed record ComingDay(DateOnly Day, int Leads);

/// <summary>One whom it concerns, as it stands and as it would.</summary>
/// <param name="Rule">Of whoever comes into another stage because a scoring model is published: the rule whose points differ most; absent when none does.</param>
internal sealed record NamedLead(string LeadId, string? Name, string? Email, string? Company, Standing Before, Standing After, string? Rule = null)
{
    public static NamedLead Of(LeadState before, LeadScore scoreBefore, LeadState after, LeadScore scoreAfter, string? rule) =>
        new(before.Id, before.Whole.Name, before.Whole.Email, before.Whole.Company, Standing.Of(before, scoreBefore), Standing.Of(after, scoreAfter), rule);
}

internal sealed record Standing(string Stage, double Engagement, double Fit, string? Grade)
{
    public static Standing Of(LeadState lead, LeadScore score) =>
        new(lead.Whole.Stage, (double)ScoreExplanation.Hundredths(score.Engagement), (double)ScoreExplanation.Hundredths(score.Fit), score.Grade);
}
