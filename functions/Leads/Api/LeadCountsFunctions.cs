using LeadFunctions.Access;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>How many leads there are of each kind that <c>GET /api/leads</c> lists, from memory: so that a number and the list behind it are one.</summary>
public sealed class LeadCountsFunctions(LeadReader leads, RulesInEffect rules, TimeProvider time)
{
    [Function(nameof(CountLeads)), RequiresScope(Scope.Read)]
    public async Task<IResult> CountLeads([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/counts")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        var (near, now) = (NearStage.Of(Stages.Mql, rules.Current.Lifecycle), time.GetUtcNow());
        var counting = leads.CountAsync(near, now, cancellationToken);
        var (anonymous, isAll) = await leads.CountAnonymousAsync(cancellationToken);
        var counts = await counting;
        return WebJson.Ok(new LeadCounts(
            now, counts.All, new(anonymous, !isAll), counts.ByStage, counts.BySegment, counts.Held, new(counts.Failed, TroubledSendsRule.Days),
            near is null ? null : new(near.Stage, near.Level, NearStage.Points, counts.Near)));
    }
}

/// <param name="Known">Leads that listings show: somebody can write to them, or call.</param>
/// <param name="Segments">Known leads in each; in those that are not named there is none.</param>
/// <param name="Held">Known leads with messages that wait to go out, or are tried again.</param>
/// <param name="Near">Null where the lifecycle gives the stage mql for no number of points.</param>
internal sealed record LeadCounts(
    DateTimeOffset AsOf, int Known, AnonymousCount Anonymous, IReadOnlyDictionary<string, int> Stages, IReadOnlyDictionary<string, int> Segments, int Held, FailedCount Failed, NearCount? Near);

/// <summary>Visitors of whom nobody knows a name or an address.</summary>
/// <param name="IsLeast">There are more: so many are not counted one by one.</param>
internal sealed record AnonymousCount(int Count, bool IsLeast);

/// <param name="Count">Known leads to whom a message was given up.</param>
/// <param name="Days">In the last of them.</param>
internal sealed record FailedCount(int Count, int Days);

/// <param name="Level">The engagement that the stage asks for.</param>
/// <param name="Points">What they lack at most.</param>
internal sealed record NearCount(string Stage, double Level, double Points, int Count);
