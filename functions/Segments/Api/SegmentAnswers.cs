using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Scoring;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Segments.Stored;

namespace LeadFunctions.Segments.Api;

/// <summary>One version of a segment with its document as it was sent, less the white space.</summary>
/// <param name="Live">The version that decides; absent when none is published.</param>
/// <param name="Fill">How far all leads have been looked at since it was last published; absent when it never was.</param>
/// <param name="Warnings">What is allowed, or was when it was saved, and does not work well; absent when there is nothing.</param>
internal sealed record ShownSegment(
    string Id, int Version, DefinitionState State, int? Live, int Latest, DateTimeOffset CreatedAt, JsonElement Document, FillProgress? Fill, IReadOnlyList<DocumentError>? Warnings);

/// <param name="Use">Only where it was asked for.</param>
internal sealed record ListedSegment(string Id, string Name, bool Persona, DefinitionState State, int? Live, int Latest, DateTimeOffset UpdatedAt, SegmentUse? Use = null);

/// <param name="Members">Known leads in it.</param>
/// <param name="Days">For so many days, today among them, moves are told.</param>
/// <param name="Moves">By day (UTC), of known and anonymous leads alike; days on which nobody moved are left out.</param>
/// <param name="By">What asks for it.</param>
internal sealed record SegmentUse(int Members, int Days, IReadOnlyList<SegmentDay> Moves, IReadOnlyList<SegmentAsker> By);

/// <param name="Kind">As its routes call it: <c>journeys</c>, <c>campaigns</c>, <c>content</c> ….</param>
/// <param name="Id">Of a campaign its name.</param>
internal sealed record SegmentAsker(string Kind, string Id);

/// <param name="Changed">False when this version was live already.</param>
internal sealed record PublishedSegment(string Id, int Version, bool Changed);

/// <summary>A lead among the members of a segment, or among those whom a draft would have.</summary>
/// <param name="Since">When it entered; absent in a preview.</param>
internal sealed record Member(
    string LeadId, string? Name, string? Email, string? UserId, string? Company, string Stage, double Engagement, double Fit, string? Grade, DateTimeOffset? LastSeen, DateTimeOffset? Since)
{
    public static Member Of(LeadState lead, LeadScore score, DateTimeOffset? since)
    {
        var whole = lead.Whole;
        return new(
            lead.Id, whole.Name, whole.Email, whole.UserId, whole.Company, whole.Stage,
            (double)ScoreExplanation.Hundredths(score.Engagement), (double)ScoreExplanation.Hundredths(score.Fit), score.Grade,
            whole.LastSeen > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(whole.LastSeen) : null, since);
    }
}

/// <summary>Whom a draft would have.</summary>
/// <param name="Matched">Leads of those looked at for whom it holds.</param>
/// <param name="Sample">The first of them.</param>
/// <param name="Partial">There are leads that were not looked at: time was up.</param>
/// <param name="NextCursor">Goes on with them; absent when all were.</param>
/// <param name="Warnings">Why fewer match than will; absent when there is nothing.</param>
internal sealed record SegmentPreview(int Looked, int Matched, IReadOnlyList<Member> Sample, bool Partial, string? NextCursor, IReadOnlyList<FieldError>? Warnings);

/// <summary>A segment as one lead stands to it.</summary>
/// <param name="By">Who decides: <c>conditions</c>, or people and journeys by <c>hand</c>.</param>
/// <param name="Why">The conditions, each with its answer; absent when it was not asked for, and for lists.</param>
internal sealed record LeadSegment(string Id, string? Name, bool Persona, string By, bool In, DateTimeOffset? Since, ConditionExplanation? Why);

internal sealed record LeadSegmentsAnswer(IReadOnlyList<LeadSegment> Items);
