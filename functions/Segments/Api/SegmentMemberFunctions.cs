using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Segments.Api;

/// <summary>Who is in a segment, who would be, and why.</summary>
public sealed class SegmentMemberFunctions(MembersTable members, LeadReader leads, LeadScan everybody, RulesInEffect rules, TimeProvider time)
{
    private const int ReadAhead = 32;
    private const int MostSampled = 200;

    private static readonly FieldError NoFifths = new("$.when", "Nobody has an RFM score yet: the fifths of all buyers were never computed.", "POST /api/rfm first; publishing the segment does the same");

    [Function(nameof(ListSegmentMembers)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListSegmentMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/{id}/members")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "cursor", "limit")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        MembersPosition? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        if (!rules.Current.Segments.IsLive(id))
        {
            return Problems.NotFound("The live segment", $"A draft has no members before it is published; who is on a list, GET /api/leads?segment={id} shows.");
        }

        var (page, known, now) = (new List<Member>(), rules.Current, time.GetUtcNow());
        await foreach (var some in members.ReadAsync(id, from?.LeadId, cancellationToken).Chunk(ReadAhead).WithCancellation(cancellationToken))
        {
            var found = await Task.WhenAll(some.Select(row => leads.FindAsync(row.LeadId, cancellationToken)));
            foreach (var (row, lead) in some.Zip(found))
            {
                // Who was merged into another may be let go again, and nobody tells of an entering then.
                if (lead is not null && lead.Id != row.LeadId)
                {
                    continue;
                }

                // A row comes after the change that it tells of: what the profile does not say any more is over.
                if (lead is null || lead.Segments?.In.TryGetValue(id, out var stay) != true || stay.Number != row.Stay)
                {
                    await members.RemoveAsync(row.Partition, row.Row, cancellationToken);
                    continue;
                }

                if (page.Count == limit)
                {
                    return WebJson.Ok(new Page<Member>(page, Cursor.Encode(new MembersPosition(page[^1].LeadId))));
                }

                page.Add(Member.Of(lead, Reducer.ScoreOf(lead, known.Scoring, now), DateTimeOffset.FromUnixTimeMilliseconds(stay.Since)));
            }
        }

        return WebJson.Ok(new Page<Member>(page));
    }

    [Function(nameof(PreviewSegment)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> PreviewSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/segments/preview")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (KnownQuery.Check(request.Query, "cursor", "sample").ToList() is { Count: > 0 } unknown)
        {
            return Problems.Invalid(unknown);
        }

        MembersPosition? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        var sampled = 20;
        if (request.Query.TryGetValue("sample", out var asked) && (!int.TryParse(asked, out sampled) || sampled is < 0 or > MostSampled))
        {
            return Problems.Invalid("sample", "This many cannot be shown.", $"0 to {MostSampled}");
        }

        var (document, errors) = SegmentDocument.Parse(body, isSaved: false);
        return document is null || errors.Count > 0
            ? Problems.InvalidDocument(errors)
            : WebJson.Ok(await PreviewAsync(document.When, from?.LeadId, sampled, cancellationToken));
    }

    [Function(nameof(GetLeadSegments)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLeadSegments(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/segments")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "explain").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var isAsked = false;
        if (request.Query.TryGetValue("explain", out var explain) && !bool.TryParse(explain, out isAsked))
        {
            return Problems.Invalid("explain", "This is neither yes nor no.", "true or false");
        }

        return await leads.FindAsync(id, rules.Current.History, cancellationToken) is { } lead
            ? WebJson.Ok(new LeadSegmentsAnswer([.. SegmentsOf(lead, rules.Current, isAsked, time.GetUtcNow())]))
            : Problems.NotFound("The lead");
    }

    /// <summary>Those that the lead is in; with reasons, also those that it is not in.</summary>
    internal static IEnumerable<LeadSegment> SegmentsOf(LeadState lead, LeadRules rules, bool explained, DateTimeOffset now)
    {
        var forecast = explained ? new LeadForecast(lead, rules, now) : null;
        var decided = rules.Segments.All.OrderBy(segment => segment.Id, StringComparer.Ordinal).Select(segment =>
        {
            Membership? stay = lead.Segments?.In.TryGetValue(segment.Id, out var found) == true ? found : null;
            return new LeadSegment(
                segment.Id, segment.Document.Name, segment.Document.IsPersona, "conditions", stay is not null, stay is { Since: var since } ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null,
                forecast is null ? null : ConditionExplanation.Of(segment.Document.Json, ConditionScope.Segment, forecast.Now, now, forecast.ChangesAt));
        });
        var lists = SegmentMembership.Lists(lead.Whole.Traits).Where(list => !rules.Segments.IsLive(list.Name)).OrderBy(list => list.Name, StringComparer.Ordinal)
            .Select(list => new LeadSegment(list.Name, null, false, "hand", true, DateTimeOffset.FromUnixTimeMilliseconds(list.Since), null));
        return decided.Where(segment => explained || segment.In).Concat(lists);
    }

    private async Task<SegmentPreview> PreviewAsync(Condition when, string? after, int sampled, CancellationToken cancellationToken)
    {
        var (known, now, scan) = (rules.Current, time.GetUtcNow(), new BriefScan(everybody, time));
        var (matched, sample) = (0, new List<Member>());
        await foreach (var lead in scan.ReadAsync(after, AskedHistory.Of(when, known.Scoring.Interests), cancellationToken))
        {
            var score = Reducer.ScoreOf(lead, known.Scoring, now);
            if (when.Holds(null, new LeadProfile(lead.Whole, score, known.Scoring, new(known.Segments, lead.Segments, lead.Id)), now))
            {
                matched++;
                if (sample.Count < sampled)
                {
                    sample.Add(Member.Of(lead, score, null));
                }
            }
        }

        return new(scan.Looked, matched, sample, scan.StoppedAt is not null, scan.StoppedAt is { } last ? Cursor.Encode(new MembersPosition(last)) : null,
            when.Tallies.Contains(RfmAtom.Orders) && known.Segments.Rfm is null ? [NoFifths] : null);
    }
}

/// <summary>After which lead a page goes on.</summary>
internal sealed record MembersPosition(string LeadId);
