using LeadFunctions.Access;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.OnSite.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Scoring.Stored;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Segments.Api;

/// <summary>All segments, and on request how large each is, how it moves, and what asks for it.</summary>
public sealed class SegmentListFunctions(DefinitionsTable table, MembersTable members, CampaignsTable campaigns, LeadReader leads, TimeProvider time)
{
    private const string Use = "use";
    private const int AtOnce = 8;
    private const int MostCampaigns = 200;

    /// <summary>Of what a segment may be asked for in, by the name of its routes.</summary>
    private static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        [JourneyStore.Kind] = "journeys",
        [SegmentStore.Kind] = "segments",
        [ContentStore.Kind] = "content",
        [TemplateStore.Kind] = "templates",
        [ScoringModelStore.Kind] = "scoring-models",
        [LifecycleStore.Kind] = "lifecycle",
    };

    [Function(nameof(ListSegments)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListSegments([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "with")];
        if (request.Query.TryGetValue("with", out var with) && with != Use)
        {
            errors.Add(new FieldError("with", "This cannot be told of segments.", Use));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        List<ListedSegment> listed = [.. (await table.ReadShownAsync(SegmentStore.Kind, cancellationToken)).Select(one => Listed(one.Pointer, one.Version))];
        return WebJson.Ok(new Page<ListedSegment>(with.Count == 0 ? listed : await WithUseAsync(listed, cancellationToken)));
    }

    private static ListedSegment Listed(DefinitionPointer pointer, DefinitionVersion shown)
    {
        var document = SegmentStore.Read(shown).Document;
        return new(pointer.Id, document.Name, document.IsPersona, pointer.StateOf(pointer.Live ?? pointer.Latest), pointer.Live, pointer.Latest, pointer.UpdatedAt);
    }

    private async Task<IReadOnlyList<ListedSegment>> WithUseAsync(List<ListedSegment> listed, CancellationToken cancellationToken)
    {
        var (now, askers) = (time.GetUtcNow(), await AskersAsync(cancellationToken));
        var (today, sizes) = (DateOnly.FromDateTime(now.UtcDateTime), (await leads.CountAsync(null, now, cancellationToken)).BySegment);
        var shown = new ListedSegment[listed.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, listed.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (place, cancel) =>
        {
            var segment = listed[place];
            var moves = segment.Live is null ? [] : await members.MovesAsync(segment.Id, today.AddDays(1 - MemberMoves.Kept), cancel);
            shown[place] = segment with
            {
                Use = new(sizes.GetValueOrDefault(segment.Id), MemberMoves.Kept, moves, [.. askers.Where(asker => asker.Segments.Contains(segment.Id) && asker.Of != new SegmentAsker("segments", segment.Id)).Select(asker => asker.Of)]),
            };
        });
        return shown;
    }

    /// <summary>What is live, or yet to be sent, with the segments that it asks for.</summary>
    private async Task<IReadOnlyList<(SegmentAsker Of, IReadOnlySet<string> Segments)>> AskersAsync(CancellationToken cancellationToken)
    {
        var live = await Task.WhenAll(Kinds.Select(async kind => (await table.ReadLiveAsync(kind.Key, cancellationToken)).Select(version => (Of: new SegmentAsker(kind.Value, version.Id), Segments: (IReadOnlySet<string>)DocumentUses.In(version.ToElement(), "segments").Select(named => named.Id).ToHashSet(StringComparer.Ordinal)))));
        var sends = await campaigns.LatestAsync(MostCampaigns, cancellationToken);
        return
        [
            .. live.SelectMany(some => some).Where(asker => asker.Segments.Count > 0),
            .. from send in sends
               where send is { IsOver: false, Document.Segment: not null }
               select (new SegmentAsker("campaigns", send.Document.Name), (IReadOnlySet<string>)new HashSet<string> { send.Document.Segment! }), // as asked
        ];
    }
}
