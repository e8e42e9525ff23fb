using LeadFunctions.Access;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Segments.Api;

/// <summary>What sets two segments apart.</summary>
public sealed class SegmentComparisonFunctions(MembersTable members, LeadReader leads, RulesInEffect rules, TimeProvider time)
{
    private const int ReadAhead = 32;
    private const int MostMembers = 2_000;
    private const int MostDifferences = 50;
    private const int LongestValue = 60;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(8);

    [Function(nameof(CompareSegments)), RequiresScope(Scope.Read)]
    public async Task<IResult> CompareSegments(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/compare")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "a", "b")];
        foreach (var name in (string[])["a", "b"])
        {
            if (!rules.Current.Segments.IsLive(request.Query[name].ToString()))
            {
                errors.Add(new(name, "There is no live segment of this name.", "the id of a live segment"));
            }
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var (comparison, began) = (new SegmentComparison(), time.GetTimestamp());
        var isWhole = await AddAsync(request.Query["a"].ToString(), true) & await AddAsync(request.Query["b"].ToString(), false);
        return WebJson.Ok(new ComparedSegments(comparison.InA, comparison.InB, comparison.Differences(MostDifferences), !isWhole));

        async Task<bool> AddAsync(string segment, bool isA)
        {
            var (known, now, count) = (rules.Current, time.GetUtcNow(), 0);
            await foreach (var some in members.ReadAsync(segment, null, cancellationToken).Chunk(ReadAhead).WithCancellation(cancellationToken))
            {
                var found = await Task.WhenAll(some.Select(row => leads.FindAsync(row.LeadId, cancellationToken)));
                foreach (var lead in some.Zip(found).Where(pair => pair.Second is { } lead && lead.Id == pair.First.LeadId && lead.IsIn(segment)).Select(pair => pair.Second!)) // as the condition says
                {
                    comparison.Add(isA, FeaturesOf(lead, Reducer.ScoreOf(lead, known.Scoring, now)));
                    count++;
                }

                if (count >= MostMembers || time.GetElapsedTime(began) > (isA ? MostTime / 2 : MostTime))
                {
                    return false;
                }
            }

            return true;
        }
    }

    internal static IEnumerable<LeadFeature> FeaturesOf(LeadState lead, LeadScore score)
    {
        var whole = lead.Whole;
        var sources = whole.Traits.All.Where(trait => trait.Key.StartsWith(Origins.Prefix, StringComparison.Ordinal))
            .Select(trait => new LeadFeature("source", trait.Key[Origins.Prefix.Length..], trait.Value.Value.ToString()));
        return sources.Concat(whole.Traits.All.Where(trait => trait.Key[0] != '$' && trait.Value.Value.Exists && trait.Value.Value.ToString() is { Length: <= LongestValue })
            .Select(trait => new LeadFeature("trait", trait.Key, trait.Value.Value.ToString())))
            .Concat(whole.Activity.Keys.Where(name => name != LeadRecord.OtherNames && !SegmentEvents.Names.Contains(name)).Select(name => new LeadFeature("event", name)))
            .Append(new("stage", whole.Stage)).Concat(score.Grade is { } grade ? [new LeadFeature("grade", grade)] : []);
    }
}

/// <param name="InA">Members of the first that were looked at.</param>
/// <param name="Differences">The largest ones that are hardly chance.</param>
/// <param name="Partial">There are members that were not looked at.</param>
internal sealed record ComparedSegments(int InA, int InB, IReadOnlyList<SegmentDifference> Differences, bool Partial);
